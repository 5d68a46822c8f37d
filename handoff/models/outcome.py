from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handoff.enums import OutcomeResult
from web.constraints import bounded_instant


@pghistory.track()
class Outcome(models.Model):
    """How it ended: won, lost or withdrawn, with revenue in minor units of its currency (S9)."""

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="outcomes")
    handoff = models.OneToOneField("handoff.Handoff", null=True, on_delete=models.SET_NULL, related_name="outcome")
    result = models.CharField(max_length=9, choices=OutcomeResult.choices)
    decided_at = models.DateTimeField()
    revenue = models.BigIntegerField(null=True, help_text="minor units (yen, cents)")
    currency = models.CharField(max_length=3, default="JPY")
    source = models.CharField(max_length=60, help_text="person, or import:ID")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "handoff_outcome"
        verbose_name = _("result")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["lead", "decided_at", "result"], name="outcome_once"),
            bounded_instant("decided_at", name="outcome_decided_in_bounds"),
        ]
        indexes = [models.Index(fields=["result", "-decided_at"], name="outcome_by_result")]
