from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from handoff.enums import SURVEY_ANSWERS, FeedbackState, Verdict


@pghistory.track()
class Feedback(models.Model):
    """What sales said of a lead that the rules called hot: the answer to the survey, a rejection, or a loss (S82, S83).

    Marketing answers with a state. What came too late speaks of the SLA and not of the rules.
    """

    handoff = models.ForeignKey("handoff.Handoff", on_delete=models.CASCADE, related_name="feedback")
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices)
    reject_reason = models.ForeignKey("handoff.RejectReason", null=True, on_delete=models.PROTECT, related_name="+")
    lost_reason = models.ForeignKey("handoff.LostReason", null=True, on_delete=models.PROTECT, related_name="+")
    is_late = models.BooleanField(_("too late"), default=False, help_text="counts against the SLA, not the rules")
    comment = models.TextField(_("comment"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    model = models.ForeignKey("scoring.ScoringModel", on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey("scoring.Version", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=FeedbackState.choices, default=FeedbackState.OPEN)
    changed_in = models.ForeignKey("scoring.Version", null=True, on_delete=models.SET_NULL, related_name="+")
    declined_because = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "handoff_feedback"
        verbose_name = _("feedback")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["handoff", "verdict"], name="feedback_once_per_verdict"),
            models.UniqueConstraint(
                fields=["handoff"], condition=models.Q(verdict__in=SURVEY_ANSWERS), name="one_survey_per_handoff"
            ),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="feedback_newest")]

    def get_absolute_url(self) -> str:
        return reverse("insights:feedback_detail", args=[self.pk])

    @property
    def reason(self) -> str:
        """The coded reason in the reader's language; "" where there is none."""
        return str(self.reject_reason or self.lost_reason or "")


class FeedbackRule(models.Model):
    """A rule that spoke for the lead when it became hot, by the names it has in its version.

    A hot definition has no group.
    """

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="rules")
    group = models.CharField(max_length=120, blank=True, db_column="rule_group")
    rule = models.CharField(max_length=120)
    points = models.IntegerField(default=0, help_text="hundredths")
    is_doubted = models.BooleanField(default=False, help_text="sales says that this one was wrong")

    class Meta:
        db_table = "handoff_feedbackrule"
        ordering = ["-points", "pk"]
        constraints = [models.UniqueConstraint(fields=["feedback", "group", "rule"], name="rule_once_per_feedback")]
        indexes = [models.Index(fields=["rule", "group"], name="feedback_by_rule")]


class FeedbackReply(models.Model):
    """One message of the talk between marketing and sales about a verdict."""

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="replies")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(_("reply"))

    class Meta:
        db_table = "handoff_feedbackreply"
        ordering = ["at", "pk"]
