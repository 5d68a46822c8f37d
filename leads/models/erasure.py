from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leads.enums import ErasedKind, ErasureReason


@pghistory.track(
    pghistory.InsertEvent(), fields=["lead", "reason", "reference", "by", "emptied"], model_name="ErasureEvent"
)
class Erasure(models.Model):
    """That somebody's personal data was emptied: by whom, when and why. Nothing in it says whose it was."""

    lead = models.ForeignKey("leads.Lead", null=True, on_delete=models.SET_NULL, related_name="erasures")
    reason = models.CharField(_("reason"), max_length=10, choices=ErasureReason.choices)
    reference = models.CharField(_("reference number"), max_length=40, blank=True)
    emptied = models.JSONField(_("records emptied"), default=dict, help_text="how many rows of each kind")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "leads_erasure"
        verbose_name = _("erasure of personal data")
        verbose_name_plural = _("erasures of personal data")
        ordering = ["-pk"]


class ErasedAddress(models.Model):
    """What is kept of an erased address: a keyed digest, by which it is known again when a door brings it back.

    The key is made of SECRET_KEY, so that a copy of the database alone does not tell whose address it was.
    """

    erasure = models.ForeignKey(Erasure, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=8, choices=ErasedKind.choices)
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "leads_erasedaddress"
        constraints = [models.UniqueConstraint(fields=["digest", "kind", "erasure"], name="erased_address_once")]
