from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(condition=pghistory.AnyChange("undone_at")),
    fields=["kept", "merged", "by", "leads", "filled", "undone_at", "undone_by"],
    model_name="CompanyMergeEvent",
)
class CompanyMerge(models.Model):
    """Two companies that are one: what moved from `merged` to `kept`, so that undo restores both."""

    kept = models.ForeignKey("leads.Company", on_delete=models.CASCADE, related_name="merges")
    merged = models.ForeignKey("leads.Company", on_delete=models.CASCADE, related_name="merged_by")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    leads = ArrayField(models.BigIntegerField(), default=list)
    companies = ArrayField(
        models.BigIntegerField(), default=list, help_text="companies that had been merged into `merged` before"
    )
    filled = models.JSONField(
        default=dict, encoder=DjangoJSONEncoder, help_text="the kept company's columns that changed: before, after"
    )
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        db_table = "leads_companymerge"
        verbose_name = _("merge of companies")
        verbose_name_plural = _("merges of companies")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=models.Q(undone_at=None), name="one_standing_merge_per_company"
            ),
            models.CheckConstraint(
                condition=~models.Q(kept=models.F("merged")), name="company_merge_joins_two_companies"
            ),
        ]
