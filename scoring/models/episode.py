from __future__ import annotations

from django.db import models


class Episode(models.Model):
    """One continuous period during which a lead is hot under a model. Promises and notices belong to it."""

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="episodes", db_index=False)
    model = models.ForeignKey("scoring.ScoringModel", on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.ForeignKey("scoring.Version", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(help_text="1 is the lead's first episode under this model")
    definition = models.CharField(max_length=120, help_text="name of the hot definition that opened it")
    score = models.IntegerField(help_text="total in hundredths when it began")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
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
        ]
        indexes = [models.Index(fields=["-started_at", "-id"], name="episode_newest")]
