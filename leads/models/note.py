from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leads.enums import NoteTopic


@pghistory.track()
class Note(models.Model):
    """What a colleague wrote down about a lead. Not an activity: the lead did nothing, so no score moves."""

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="notes", db_index=False)
    text = models.TextField(_("note"), max_length=5000)
    topic = models.CharField(_("topic"), max_length=8, choices=NoteTopic.choices, default=NoteTopic.GENERAL)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        db_table = "leads_note"
        verbose_name = _("note")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["lead", "-at"], name="note_by_lead")]
