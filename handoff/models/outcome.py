from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from handoff.enums import OutcomeResult
from web.constraints import bounded_day, bounded_instant


@pghistory.track()
class LostReason(models.Model):
    """A coded reason for a deal that was lost, so that marketing can learn from losses as from rejections (S83)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    label_en = models.CharField(_("name in English"), max_length=80)
    label_ja = models.CharField(_("name in Japanese"), max_length=80)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        db_table = "handoff_lostreason"
        ordering = ["code"]
        verbose_name = _("reason for a lost deal")
        verbose_name_plural = _("reasons for lost deals")

    def __str__(self) -> str:
        return self.label_ja if get_language() == "ja" else self.label_en


@pghistory.track()
class Outcome(models.Model):
    """A result of sales: an opportunity and how it ended, each once, with amounts in minor units (S9).

    Of an opportunity the revenue is the amount that is expected, and it changes until the deal is decided.
    """

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="outcomes")
    handoff = models.ForeignKey("handoff.Handoff", null=True, on_delete=models.SET_NULL, related_name="outcomes")
    result = models.CharField(max_length=11, choices=OutcomeResult.choices)
    decided_at = models.DateTimeField()
    revenue = models.BigIntegerField(null=True, help_text="minor units (yen, cents)")
    currency = models.CharField(max_length=3, default="JPY")
    closes_on = models.DateField(null=True, help_text="when an opportunity is expected to be decided")
    lost_reason = models.ForeignKey(LostReason, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=60, help_text="person, or import:ID")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "handoff_outcome"
        verbose_name = _("result")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["lead", "decided_at", "result"], name="outcome_once"),
            models.UniqueConstraint(fields=["handoff", "result"], name="outcome_once_per_handoff"),
            bounded_instant("decided_at", name="outcome_decided_in_bounds"),
            bounded_day("closes_on", name="outcome_closes_in_bounds"),
        ]
        indexes = [models.Index(fields=["result", "-decided_at"], name="outcome_by_result")]
