"""The doors, what became of each batch that came through one, and what was kept back.

Nothing that a door was given is lost in silence: each batch leaves a receipt whose numbers add up, and what could not
be taken in is kept as it was sent, with its reasons, until somebody repairs it or its time is over.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from intake.enums import DoorKind, GroupDecision, KeptState
from web.constraints import bounded_instant


class Door(models.Model):
    """A way in: an API key, a site, a form, a kind of file, a mail tool. Made when something first comes through."""

    kind = models.CharField(max_length=12, choices=DoorKind.choices)
    source = models.CharField(max_length=60, unique=True, help_text="as its activities have it: api:KEY, site:ID")
    name = models.CharField(max_length=120)
    first_seen_at = models.DateTimeField()
    silence_told_at = models.DateTimeField(null=True, help_text="when people were last told that nothing comes")

    class Meta:
        db_table = "intake_door"
        ordering = ["kind", "name", "pk"]
        verbose_name = _("door")
        verbose_name_plural = _("doors")

    def __str__(self) -> str:
        return self.name


class BatchReceipt(models.Model):
    """What became of what came through a door at one time. A repair moves numbers from `kept_back`; the sum stays."""

    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="receipts", db_index=False)
    at = models.DateTimeField()
    received = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    twice = models.PositiveIntegerField(default=0)
    filtered = models.PositiveIntegerField(default=0)
    kept_back = models.PositiveIntegerField(default=0)
    repaired = models.PositiveIntegerField(default=0, help_text="how many of `taken` were kept back before")

    class Meta:
        db_table = "intake_batchreceipt"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    received=models.F("taken") + models.F("twice") + models.F("filtered") + models.F("kept_back")
                ),
                name="receipt_adds_up",
            ),
            models.CheckConstraint(
                condition=models.Q(repaired__lte=models.F("taken")), name="receipt_repaired_are_taken"
            ),
        ]
        indexes = [
            models.Index(fields=["door", "at"], name="receipt_by_door"),
            models.Index(fields=["at"], name="receipt_by_time"),
        ]


class KeptGroup(models.Model):
    """All that one door cannot take for one reason: its kind (`unknown_type`) and where it is (`demo_booked`)."""

    door = models.ForeignKey(Door, on_delete=models.CASCADE, related_name="groups")
    kind = models.CharField(max_length=40, help_text="the code of the problem")
    field = models.CharField(max_length=160, blank=True, help_text="a path in the event, a type, or type.property")
    decision = models.CharField(max_length=8, choices=GroupDecision.choices, blank=True, default="")
    ignored_above = models.PositiveIntegerField(null=True, help_text="ignored until more than so many come on a day")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    repair = models.JSONField(null=True, help_text="what its door does with such a fault since: see intake.repairs")
    alarmed_at = models.DateTimeField(null=True, help_text="when people were last told that it is getting worse")

    class Meta:
        db_table = "intake_keptgroup"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["door", "kind", "field"], name="kept_group_once")]


class TypeSetting(models.Model):
    """How the doors take activities of one type; without a row as the defaults say."""

    type = models.OneToOneField("leads.ActivityType", on_delete=models.CASCADE, related_name="+", primary_key=True)
    takes_parts = models.BooleanField(
        _("take in without faulty properties"),
        default=True,
        help_text=_(
            "A property with a value of the wrong type is kept back, and the activity is taken in without it. "
            "Clear this to keep the whole activity back."
        ),
    )

    class Meta:
        db_table = "intake_typesetting"


class KeptEvent(models.Model):
    """Something that a door was given and did not take in, or not in whole.

    Where `is_part`, the event itself was taken in without its faulty properties, and waits here for those.
    """

    door = models.ForeignKey(Door, on_delete=models.CASCADE, related_name="kept", db_index=False)
    receipt = models.ForeignKey(BatchReceipt, on_delete=models.PROTECT, related_name="kept")
    key = models.CharField(max_length=200, help_text="its own, else a digest of what it says")
    received_at = models.DateTimeField()
    occurred_at = models.DateTimeField(null=True, help_text="where it could be read")
    raw = models.JSONField(help_text="the event as it was sent")
    is_whole = models.BooleanField(default=True, help_text="false where `raw` is only the beginning of its text")
    is_part = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=KeptState.choices, default=KeptState.OPEN)
    settled_at = models.DateTimeField(null=True)
    lead_id = models.BigIntegerField(null=True)
    activity_id = models.BigIntegerField(null=True, help_text="the activity that it became, or whose part it is")

    class Meta:
        db_table = "intake_keptevent"
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["door", "key"], condition=models.Q(state="open"), name="kept_once_per_key"),
            bounded_instant("occurred_at", name="kept_in_bounds"),
        ]
        indexes = [
            models.Index(fields=["received_at"], name="kept_by_age"),
            models.Index(fields=["lead_id"], condition=models.Q(lead_id__isnull=False), name="kept_of_lead"),
        ]


class KeptFault(models.Model):
    """One reason why an event is kept back. An event with two is in two groups."""

    event = models.ForeignKey(KeptEvent, on_delete=models.CASCADE, related_name="faults")
    group = models.ForeignKey(KeptGroup, on_delete=models.CASCADE, related_name="faults", db_index=False)
    where = models.CharField(max_length=160, help_text="the path of the fault in the event")
    received_at = models.DateTimeField(help_text="as the event's")
    is_open = models.BooleanField(default=True, help_text="whether the event still waits")

    class Meta:
        db_table = "intake_keptfault"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["event", "group"], name="kept_fault_once")]
        indexes = [
            models.Index(fields=["group", "received_at"], condition=models.Q(is_open=True), name="kept_open_faults")
        ]
