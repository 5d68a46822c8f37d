from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from scoring.enums import Fate


class Effect(models.Model):
    """What publishing a draft would change, worked out over all leads; beside a version it is what was predicted.

    One a model and state of its draft: the next one replaces it. It is derived, and can be thrown away at any time,
    until a version keeps it.
    """

    model = models.ForeignKey("scoring.ScoringModel", on_delete=models.CASCADE, related_name="effects")
    revision = models.PositiveIntegerField(help_text="of the draft")
    document = models.JSONField()
    base = models.ForeignKey("scoring.Version", null=True, on_delete=models.CASCADE, related_name="+")
    version = models.OneToOneField(
        "scoring.Version", null=True, on_delete=models.CASCADE, related_name="prediction", help_text="what it became"
    )
    job = models.ForeignKey("background.JobRun", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(help_text="the instant t of the function")
    cells = models.JSONField(default=list, help_text="how many leads went from where to where: scoring.queries.effect")
    is_complete = models.BooleanField(default=False, help_text="all leads are in it")
    edits = models.JSONField(null=True, help_text="[entering, leaving] of each edit alone; null until worked out")

    class Meta:
        db_table = "studio_effect"
        constraints = [
            models.UniqueConstraint(
                fields=["model"], condition=models.Q(version=None), name="one_effect_per_draft_of_a_model"
            )
        ]


class Move(models.Model):
    """A lead that would become hot, or stop being so."""

    effect = models.ForeignKey(Effect, on_delete=models.CASCADE, related_name="moves", db_index=False)
    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+")
    fate = models.CharField(_("change"), max_length=8, choices=Fate.choices)
    before = models.IntegerField(null=True, help_text="total in hundredths; null where the lead had no score")
    after = models.IntegerField(help_text="total in hundredths")

    class Meta:
        db_table = "studio_move"
        constraints = [models.UniqueConstraint(fields=["effect", "lead"], name="one_move_per_effect_and_lead")]
        indexes = [models.Index(fields=["effect", "fate", "-after", "-id"], name="move_by_total")]
