from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db import models

from handoff.enums import HeldEnd, HeldFor


class HeldBack(models.Model):
    """An episode that is not handed over yet, and why. Once it is, or no longer needs to be, `ended_at` says when.

    Derived: whoever opens hand-offs decides about it again and again (`handoff/actions/holding_back.py`).
    """

    episode = models.OneToOneField("scoring.Episode", on_delete=models.CASCADE, related_name="held_back")
    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+", db_index=False)
    model = models.ForeignKey("scoring.ScoringModel", on_delete=models.CASCADE, related_name="+")
    held_for = models.CharField(max_length=7, choices=HeldFor.choices)
    gates: ArrayField[Sequence[str], list[str]] = ArrayField(
        models.CharField(max_length=80), default=list, help_text="names of the blocking gates, as of checked_at"
    )
    cell = models.CharField(max_length=13, blank=True, help_text="of the decision matrix: engagement, qualification")
    todo = models.ForeignKey("handoff.Todo", null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(help_text="of the section that held it back")
    since = models.DateTimeField()
    checked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=11, choices=HeldEnd.choices, blank=True)

    class Meta:
        db_table = "handoff_heldback"
        indexes = [
            models.Index(fields=["lead"], condition=models.Q(ended_at=None), name="held_back_open"),
            models.Index(fields=["-since", "-id"], condition=models.Q(ended_at=None), name="held_back_newest"),
        ]
