from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from scoring.enums import EndCause, OpenedBy
from web.constraints import bounded_instant


class Episode(models.Model):
    """One continuous period during which a lead is hot under a model. Promises and notices belong to it.

    It ends with its hand-off, while the score may still be high: then the lead rests (`rests_from`), and something has
    to happen before it is hot again.
    """

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="episodes", db_index=False)
    model = models.ForeignKey("scoring.ScoringModel", on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.ForeignKey("scoring.Version", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(help_text="1 is the lead's first episode under this model")
    definition = models.CharField(
        max_length=120, blank=True, help_text="name of the hot definition that opened it; empty where a person did"
    )
    score = models.IntegerField(help_text="total in hundredths when it began")
    started_at = models.DateTimeField()
    opened_by = models.CharField(
        max_length=8, choices=OpenedBy.choices, default=OpenedBy.CROSSING, db_default=OpenedBy.CROSSING.value
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField(blank=True, default="", db_default="", help_text="why a person gave the lead to sales")
    ended_at = models.DateTimeField(null=True)
    end_cause = models.CharField(max_length=9, choices=EndCause.choices, blank=True, default="", db_default="")
    # The latest end of the hand-off: an opportunity can still be won or lost after its episode has ended.
    rests_from = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(
        null=True, help_text="from then on a definition that is met makes the lead hot again"
    )
    wake_total = models.IntegerField(
        null=True, help_text="hundredths; from this total on a definition that is met makes the lead hot again"
    )
    wake_types: ArrayField[Sequence[int] | None, list[int] | None] = ArrayField(
        models.SmallIntegerField(), null=True,
        help_text="ids of activity types; when one arrives, a definition that is met makes the lead hot again",
    )  # fmt: skip
    wake_when = models.JSONField(
        null=True, help_text="a condition; once it holds, a definition that is met makes the lead hot again"
    )
    # When the condition became false and only the grace time keeps the episode open.
    cooling_since = models.DateTimeField(null=True)

    class Meta:
        db_table = "scoring_episode"
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["lead", "model", "number"], name="episode_number_once"),
            models.UniqueConstraint(
                fields=["lead", "model"], condition=models.Q(ended_at=None), name="one_open_episode_per_lead_and_model"
            ),
            bounded_instant("wake_at", name="episode_wakes_in_bounds"),
        ]
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="episode_newest"),
            models.Index(fields=["model", "lead"], condition=models.Q(wake_when__isnull=False), name="episode_waiting"),
            models.Index(
                fields=["model", "lead"], condition=models.Q(end_cause=EndCause.HANDOFF), name="episode_resting"
            ),
        ]
