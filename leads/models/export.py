from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class LeadExport(models.Model):
    """Who took which leads out of the house. Written before the file leaves; its history is the audit trail's."""

    query = models.CharField(max_length=2000, blank=True, help_text="the list's filters, as its query string")
    columns = models.JSONField(default=list)
    rows = models.PositiveIntegerField()
    is_cut = models.BooleanField(default=False, help_text="more leads matched than one file may hold")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "leads_leadexport"
        verbose_name = _("export of leads")
        ordering = ["-pk"]
