from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db import models

from leads.models.feed import FeedRow, feed_indexes
from scoring.enums import Band, Temperature


class ScoreFacts(models.Model):
    """What the engine says of one lead at one instant. All points are integers of hundredths."""

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+", db_index=False)
    # Read by the scorer in the transaction that writes the row; to look each up again would be a tenth of a re-score.
    model = models.ForeignKey(
        "scoring.ScoringModel", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    version = models.ForeignKey(
        "scoring.Version", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    fit = models.IntegerField()
    engagement = models.IntegerField()
    qualification = models.IntegerField()
    adjustments = models.IntegerField(default=0)
    total = models.IntegerField()
    band = models.CharField(max_length=4, choices=Band.choices)
    grade = models.CharField(max_length=2)
    contributions: ArrayField[Sequence[int], list[int]] = ArrayField(
        models.IntegerField(), default=list, help_text="one a rule, in the version's order, after the rule's cap"
    )
    hot: ArrayField[Sequence[bool], list[bool]] = ArrayField(
        models.BooleanField(), default=list, help_text="one verdict a hot definition, in the version's order"
    )
    stage = models.CharField(
        max_length=3, blank=True, default="", db_default="",
        help_text="the furthest stage whose rule is met: mql, sql or none",
    )  # fmt: skip

    class Meta:
        abstract = True


class LeadScore(ScoreFacts):
    """The current score of a lead under a model. Derived: only the scorer writes it."""

    is_hot = models.BooleanField(default=False, help_text="an episode is open")
    scored_at = models.DateTimeField(help_text="the instant t of the function")
    next_change_at = models.DateTimeField(null=True, help_text="the earliest instant at which anything visible changes")

    class Meta:
        db_table = "scoring_leadscore"
        constraints = [
            models.UniqueConstraint(fields=["lead", "model"], name="one_score_per_lead_and_model"),
            models.CheckConstraint(
                condition=models.Q(total__gte=0, total__lte=10_000), name="total_is_between_0_and_100"
            ),
        ]
        indexes = [
            models.Index(fields=["model", "-total", "-lead"], name="score_ranking"),
            models.Index(
                fields=["next_change_at"], condition=~models.Q(next_change_at=None), name="score_due_for_change"
            ),
        ]

    @property
    def temperature(self) -> str:
        """The one word for the lead: hot while an episode is open, else warm or cold by the total."""
        if self.is_hot:
            return Temperature.HOT.value
        return Temperature.COLD.value if self.band == Band.COLD else Temperature.WARM.value


class ScoreChange(FeedRow, ScoreFacts):
    """Written whenever band, grade, stage or a hot verdict changes, with the breakdown of that instant."""

    at = models.DateTimeField()
    band_before = models.CharField(max_length=4, choices=Band.choices, blank=True)
    grade_before = models.CharField(max_length=2, blank=True)
    total_before = models.IntegerField(null=True)
    hot_before: ArrayField[Sequence[bool] | None, list[bool] | None] = ArrayField(
        models.BooleanField(), default=list, null=True
    )
    stage_before = models.CharField(max_length=3, blank=True, default="", db_default="")

    class Meta:
        db_table = "scoring_scorechange"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["lead", "-at"], name="score_change_by_lead"), *feed_indexes("score_change")]
