from __future__ import annotations

from datetime import datetime

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from notices.enums import DestinationKind

SEALED = ("address_sealed", "secret_sealed", "old_secret_sealed")
STATE = ("failures", "rests_until", "busy_until", "last_ok_at")
BREAK_AFTER = 5  # failures in a row, after which messages wait for one that is tried


@pghistory.track(exclude=[*SEALED, *STATE])
class Destination(models.Model):
    """Another system that notifications are sent to. What would let somebody else write there is kept sealed."""

    kind = models.CharField(_("type"), max_length=10, choices=DestinationKind.choices, editable=False)
    name = models.CharField(_("name"), max_length=80, unique=True)
    host = models.CharField(_("server"), max_length=255, editable=False)
    address_sealed = models.TextField(editable=False)
    secret_sealed = models.TextField(blank=True, editable=False)
    old_secret_sealed = models.TextField(blank=True, editable=False)
    old_secret_until = models.DateTimeField(_("old secret valid until"), null=True, editable=False)
    secrets_changed_at = models.DateTimeField(_("address or secret changed at"), null=True, editable=False)
    template = models.TextField(_("template"), blank=True)
    topics = ArrayField(models.CharField(max_length=40), verbose_name=_("notifications"), default=list)
    team = models.ForeignKey(
        "accounts.Team", verbose_name=_("team"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    language = models.CharField(_("language"), max_length=2, choices=[("ja", "日本語"), ("en", "English")])
    timezone = models.CharField(_("time zone"), max_length=64, default=settings.TIME_ZONE)
    shows_contact_data = models.BooleanField(_("shows contact details"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    off_reason = models.CharField(_("reason for being turned off"), max_length=20, blank=True, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False, help_text="in a row")
    rests_until = models.DateTimeField(null=True, editable=False, help_text="nothing is sent before")
    busy_until = models.DateTimeField(null=True, editable=False, help_text="a worker is sending, until then at most")
    last_ok_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        db_table = "notices_destination"
        ordering = ["name"]
        verbose_name = _("destination")
        verbose_name_plural = _("destinations")

    def __str__(self) -> str:
        return self.name

    @property
    def is_broken(self) -> bool:
        """Whether it failed so often that only one message at a time is tried."""
        return self.failures >= BREAK_AFTER

    def rests_at(self, at: datetime) -> bool:
        return self.rests_until is not None and self.rests_until > at
