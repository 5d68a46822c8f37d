from __future__ import annotations

from datetime import timedelta

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handoff.enums import DueMode, Promise, RungAct
from web.constraints import bounded_instant

MOST_RUNGS = 5


@pghistory.track()
class CallRules(models.Model):
    """How leads are called again, and who is close to hot; the one row of its table."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    rest_minutes = models.PositiveSmallIntegerField(
        _("pause after a failed call (minutes)"),
        default=60,
        validators=[MaxValueValidator(1440)],
        help_text=_("“Open next lead” skips a lead for this long after a call that reached no one, unless the lead is "
                    "overdue or active again. 0 for no pause."),
    )  # fmt: skip
    near_points = models.PositiveSmallIntegerField(
        _("close to hot (points short)"), default=10, validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("“Coming soon” lists leads that are at most so many points short of hot."),
    )  # fmt: skip

    class Meta:
        db_table = "handoff_callrules"
        verbose_name = _("call rules")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="call_rules_are_one_row")]

    @property
    def rest(self) -> timedelta:
        return timedelta(minutes=self.rest_minutes)


class Deadline(models.Model):
    """A running or ended clock of one hand-off. `due_at` is stored, never counted down.

    It names all that it came from: the version of the SLA and the place of its policy there, the version of the
    calendar, and the start; the pauses are the hand-off's (`Pause`).
    """

    handoff = models.ForeignKey("handoff.Handoff", on_delete=models.CASCADE, related_name="deadlines")
    promise = models.CharField(max_length=13, choices=Promise.choices)
    version = models.ForeignKey("handoff.PolicyVersion", null=True, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="of the policy in the version")
    amount = models.PositiveSmallIntegerField(help_text="as the version says")
    mode = models.CharField(max_length=14, choices=DueMode.choices)
    calendar = models.ForeignKey("handoff.Calendar", null=True, on_delete=models.PROTECT, related_name="+")
    calendar_version = models.ForeignKey(
        "handoff.CalendarVersion", null=True, on_delete=models.PROTECT, related_name="deadlines"
    )
    started_at = models.DateTimeField()
    warn_at = models.DateTimeField(help_text="from here on it is due soon")
    due_at = models.DateTimeField(help_text="with the pauses that have ended")
    next_rung_at = models.DateTimeField(null=True, help_text="when the next rung of the ladder is climbed")
    breached_at = models.DateTimeField(null=True, help_text="when a breach was written; it happened at due_at")
    met_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    is_by_hand = models.BooleanField(default=False, db_default=False, help_text="a manager set the due time; it stays")
    is_paused = models.BooleanField(default=False, db_default=False, help_text="waiting for the customer")

    class Meta:
        db_table = "handoff_deadline"
        ordering = ["due_at"]
        constraints = [models.UniqueConstraint(fields=["handoff", "promise"], name="one_deadline_per_promise")]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(met_at=None, breached_at=None, cancelled_at=None, is_paused=False),
                name="deadline_open_by_due",
            ),
            models.Index(
                fields=["next_rung_at"],
                condition=models.Q(met_at=None, cancelled_at=None, is_paused=False, next_rung_at__isnull=False),
                name="deadline_open_by_rung",
            ),
        ]


class Escalation(models.Model):
    """A rung of a ladder that was climbed. Once: the database sees to that."""

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="escalations")
    rung = models.PositiveSmallIntegerField(help_text="its place on the ladder, from 0")
    act = models.CharField(max_length=8, choices=RungAct.choices)
    planned_at = models.DateTimeField()
    done_at = models.DateTimeField()

    class Meta:
        db_table = "handoff_escalation"
        ordering = ["planned_at", "rung"]
        constraints = [
            models.UniqueConstraint(fields=["deadline", "rung"], name="each_rung_once"),
            models.CheckConstraint(condition=models.Q(rung__lt=MOST_RUNGS), name="at_most_five_rungs"),
        ]


@pghistory.track()
class Pause(models.Model):
    """A stretch of time in which sales waits for the customer: no promise but that of the first contact runs."""

    handoff = models.ForeignKey("handoff.Handoff", on_delete=models.CASCADE, related_name="pauses")
    started_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(_("until"), help_text=_("The deadlines run on from then."))
    ended_at = models.DateTimeField(null=True)
    note = models.TextField(_("waiting for"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        db_table = "handoff_pause"
        verbose_name = _("pause")
        ordering = ["started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["handoff"], condition=models.Q(ended_at=None), name="one_open_pause_per_handoff"
            ),
            bounded_instant("until", name="pause_in_bounds"),
        ]
        indexes = [models.Index(fields=["until"], condition=models.Q(ended_at=None), name="pause_open_by_until")]
