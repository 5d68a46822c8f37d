from __future__ import annotations

from collections.abc import Sequence

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from handoff.enums import GIVING_STEPS, OPEN_STATES, CallOutcome, ContactChannel, HandoffState, RejectEffect, Result
from web.constraints import bounded_day, bounded_instant


@pghistory.track()
class RejectReason(models.Model):
    """A coded reason, so that marketing can learn which rule brought the wrong lead (S74, S83)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    label_en = models.CharField(_("name in English"), max_length=80)
    label_ja = models.CharField(_("name in Japanese"), max_length=80)
    effect = models.CharField(
        _("what happens to the lead"), max_length=12, choices=RejectEffect.choices, default=RejectEffect.NURTURE
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        db_table = "handoff_rejectreason"
        ordering = ["code"]
        verbose_name = _("rejection reason")
        verbose_name_plural = _("rejection reasons")

    def __str__(self) -> str:
        return self.label_ja if get_language() == "ja" else self.label_en


@pghistory.track(exclude=["current_total"])
class Handoff(models.Model):
    """An episode given to sales. Its state changes by compare-and-swap only."""

    episode = models.OneToOneField("scoring.Episode", on_delete=models.CASCADE, related_name="handoff")
    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="handoffs")
    model = models.ForeignKey("scoring.ScoringModel", on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="handoffs")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="handoffs", db_index=False
    )
    state = models.CharField(max_length=9, choices=HandoffState.choices, default=HandoffState.QUEUED)
    routed_by = models.CharField(max_length=40, help_text="a code, shown in words: lead_team, default_team, by_hand")
    score = models.IntegerField(help_text="total in hundredths when the lead became hot")
    # Copied by triggers in the transaction that writes the score: to look up the scores of ten thousand open hand-offs
    # would take longer than the whole page may.
    current_total = models.IntegerField(
        default=0, db_default=0, help_text="total of now in hundredths, while the hand-off is open; orders the queue"
    )
    # The open promise that is due next; copied from its deadline so that the queue sorts on one index.
    due_at = models.DateTimeField(null=True)
    raised_at = models.DateTimeField(null=True, help_text="when a rung of the ladder put it on top of the queue")
    # The policy that it was given over under: its promises are those of this version, also the ones that begin later.
    sla_version = models.ForeignKey("handoff.PolicyVersion", null=True, on_delete=models.PROTECT, related_name="+")
    sla_place = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="its place in the version")
    queued_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    cooled_at = models.DateTimeField(null=True, help_text="the lead cooled before anybody contacted it; promises stay")
    snoozed_until = models.DateTimeField(null=True)
    # What ends the snooze earlier, of what comes after `snoozed_at`; once it has ended, what ended it.
    snoozed_at = models.DateTimeField(null=True)
    snooze_total = models.IntegerField(null=True, help_text="hundredths")
    snooze_types: ArrayField[Sequence[int] | None, list[int] | None] = ArrayField(
        models.SmallIntegerField(), null=True, help_text="ids of activity types, any of which has to arrive"
    )
    snooze_when = models.JSONField(null=True, help_text="a condition, as the rule language writes it")
    paused_until = models.DateTimeField(null=True, help_text="sales waits for the customer until then (`Pause`)")
    retry_at = models.DateTimeField(null=True, help_text="when a lead that was not reached is called again")
    reject_reason = models.ForeignKey(RejectReason, null=True, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=11, choices=Result.choices, blank=True)
    wake_on = models.DateField(null=True, help_text="when a recycled lead is worth another look")
    comment = models.TextField(blank=True)
    warnings: ArrayField[Sequence[str], list[str]] = ArrayField(
        models.CharField(max_length=80), default=list, db_default=[],
        help_text="names of the gates that the lead did not meet when it was handed over",
    )  # fmt: skip

    class Meta:
        db_table = "handoff_handoff"
        verbose_name = _("hand-off")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "model"],
                condition=models.Q(state__in=OPEN_STATES),
                name="one_open_handoff_per_lead_and_model",
            ),
            models.CheckConstraint(
                condition=models.Q(state=HandoffState.QUEUED)
                | models.Q(owner__isnull=False)
                | models.Q(closed_at__isnull=False),
                name="worked_handoff_has_an_owner",
            ),
            bounded_instant("contacted_at", name="handoff_contacted_in_bounds"),
            bounded_instant("snoozed_until", name="handoff_snoozed_in_bounds"),
            bounded_day("wake_on", name="handoff_wakes_in_bounds"),
        ]
        indexes = [
            models.Index(
                fields=["team", "due_at", "id"],
                condition=models.Q(state__in=OPEN_STATES),
                name="queue_by_urgency",
            ),
            models.Index(
                fields=["owner", "due_at", "id"],
                condition=models.Q(state__in=OPEN_STATES),
                name="own_queue_by_urgency",
            ),
            models.Index(fields=["team", "-closed_at", "-id"], name="handoff_closed"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("leads:detail", args=[self.lead_id])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


@pghistory.track()
class Contact(models.Model):
    """A recorded contact with the lead. `at` may lie before `recorded_at`: the result clock runs from `at`."""

    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="contacts")
    at = models.DateTimeField(_("when"))
    channel = models.CharField(
        _("contact channel"), max_length=6, choices=ContactChannel.choices, default=ContactChannel.PHONE
    )
    reached = models.BooleanField(_("spoke with the lead"), default=True)
    outcome = models.CharField(
        _("outcome"),
        max_length=11,
        choices=CallOutcome.choices,
        default=CallOutcome.SPOKE,
        db_default=CallOutcome.SPOKE,
    )
    note = models.TextField(_("note"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "handoff_contact"
        verbose_name = _("contact")
        ordering = ["-at", "-pk"]
        constraints = [bounded_instant("at", name="contact_in_bounds")]


class HandoffStep(models.Model):
    """One step of a hand-off, for its history and for measuring response times."""

    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=20, help_text="queued, claimed, released, contacted, accepted ...")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    params = models.JSONField(default=dict)

    class Meta:
        db_table = "handoff_handoffstep"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["at"], condition=models.Q(kind="skipped"), name="step_skipped"),
            models.Index(fields=["at"], condition=models.Q(kind__in=GIVING_STEPS), name="step_giving"),
            models.Index(fields=["by", "at"], name="step_by_person"),
        ]
