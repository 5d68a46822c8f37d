from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.enums import ExclusionReason


@pghistory.track()
class Exclusion(models.Model):
    """Why an activity is not counted, since when, and who took that back. Open while `reverted_at` is empty.

    A plain number names the activity: its table is partitioned, so nothing can point at its id alone.
    """

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+", db_index=False)
    activity_id = models.BigIntegerField()
    occurred_at = models.DateTimeField(help_text="of the activity")
    reason = models.CharField(max_length=8, choices=ExclusionReason.choices)
    note = models.CharField(max_length=500, blank=True, default="", db_default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    reverted_at = models.DateTimeField(null=True)
    reverted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        db_table = "leads_exclusion"
        verbose_name = _("exclusion from scoring")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["lead", "occurred_at"], name="exclusion_of_lead")]
        constraints = [
            models.UniqueConstraint(
                fields=["activity_id"], condition=Q(reverted_at=None), name="activity_excluded_once"
            ),
            models.CheckConstraint(
                condition=Q(reverted_by=None) | Q(reverted_at__isnull=False), name="exclusion_reverted_at_an_instant"
            ),
        ]
