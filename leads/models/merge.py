from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leads.enums import MergeOrigin


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(condition=pghistory.AnyChange("undone_at", "moved", "activities")),
    fields=["kept", "merged", "origin", "by", "filled", "moved", "activities", "shared", "undone_at", "undone_by"],
    model_name="MergeEvent",
)
class Merge(models.Model):
    """Two leads that are one person: what moved from `merged` to `kept`, so that undo restores both exactly."""

    kept = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="merges", db_index=False)
    merged = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="merged_by", db_index=False)
    origin = models.CharField(max_length=14, choices=MergeOrigin.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # The activities that moved, and between which instants they lie: undo finds them by the index of the kept lead.
    activities = ArrayField(models.BigIntegerField(), default=list)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    shared = models.PositiveIntegerField(default=0, help_text="activities that the kept lead had as well")
    moved = models.JSONField(default=dict, help_text="other rows that moved, by kind; higher apps add theirs")
    filled = models.JSONField(
        default=dict, encoder=DjangoJSONEncoder, help_text="the kept lead's columns that changed: before, after"
    )
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        db_table = "leads_merge"
        verbose_name = _("merge of leads")
        verbose_name_plural = _("merges of leads")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=models.Q(undone_at=None), name="one_standing_merge_per_lead"
            ),
            models.CheckConstraint(condition=~models.Q(kept=models.F("merged")), name="merge_joins_two_leads"),
        ]
        indexes = [
            models.Index(fields=["kept", "-id"], name="merge_by_kept_lead"),
            models.Index(fields=["merged", "-id"], name="merge_by_merged_lead"),
        ]

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None
