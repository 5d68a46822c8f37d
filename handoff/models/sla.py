from __future__ import annotations

from datetime import timedelta

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from handoff.enums import DueMode, Promise


@pghistory.track()
class SlaPolicy(models.Model):
    """One promise: "first contact within 3 business days". The rule is printed beside every due date."""

    promise = models.CharField(_("SLA"), max_length=13, choices=Promise.choices, unique=True)
    amount = models.PositiveSmallIntegerField(_("within"), validators=[MinValueValidator(1), MaxValueValidator(1000)])
    mode = models.CharField(_("counted in"), max_length=14, choices=DueMode.choices)
    warn_percent = models.PositiveSmallIntegerField(
        _("warn at (% of the time)"),
        default=80,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        db_table = "handoff_slapolicy"
        ordering = ["pk"]
        verbose_name = _("SLA")
        verbose_name_plural = _("SLAs")


@pghistory.track()
class CallRules(models.Model):
    """How leads are called again; the one row of its table."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    rest_minutes = models.PositiveSmallIntegerField(
        _("pause after a failed call (minutes)"),
        default=60,
        validators=[MaxValueValidator(1440)],
        help_text=_("“Open next lead” skips a lead for this long after a call that reached no one, unless the lead is "
                    "overdue or active again. 0 for no pause."),
    )  # fmt: skip

    class Meta:
        db_table = "handoff_callrules"
        verbose_name = _("call rules")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="call_rules_are_one_row")]

    @property
    def rest(self) -> timedelta:
        return timedelta(minutes=self.rest_minutes)


class Deadline(models.Model):
    """A running or ended clock of one hand-off. `due_at` is stored, never counted down."""

    handoff = models.ForeignKey("handoff.Handoff", on_delete=models.CASCADE, related_name="deadlines")
    promise = models.CharField(max_length=13, choices=Promise.choices)
    amount = models.PositiveSmallIntegerField(help_text="the policy as it was when the clock started")
    mode = models.CharField(max_length=14, choices=DueMode.choices)
    calendar = models.ForeignKey("handoff.Calendar", null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True, help_text="when a breach was written; it happened at due_at")
    met_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "handoff_deadline"
        ordering = ["due_at"]
        constraints = [models.UniqueConstraint(fields=["handoff", "promise"], name="one_deadline_per_promise")]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(met_at=None, breached_at=None, cancelled_at=None),
                name="deadline_open_by_due",
            ),
            models.Index(
                fields=["warn_at"],
                condition=models.Q(met_at=None, warned_at=None, breached_at=None, cancelled_at=None),
                name="deadline_open_by_warn",
            ),
        ]
