from __future__ import annotations

import secrets

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from intake.enums import FilterReason

KEY_PREFIX = "lqw_"


def new_write_key() -> str:
    """A key that may be read by everybody: it only lets a website send."""
    return KEY_PREFIX + secrets.token_hex(12)


def all_filters() -> list[str]:
    return [reason.value for reason in FilterReason]


@pghistory.track()
class Site(models.Model):
    """A website that tells what its visitors do."""

    name = models.CharField(pgettext_lazy("thing", "name"), max_length=80, unique=True)
    write_key = models.CharField(_("write key"), max_length=40, unique=True, default=new_write_key, editable=False)
    allowed_origins = ArrayField(
        models.CharField(max_length=200), verbose_name=_("allowed origins"), help_text="https://*.example.com: any host"
    )
    needs_consent = models.BooleanField(_("ask for consent first"), default=True)
    uses_cookie = models.BooleanField(_("recognize visitors by a cookie"), default=True)
    zone = models.CharField(_("time zone of the website"), max_length=40, default="Asia/Tokyo")
    internal_networks = ArrayField(
        models.CharField(max_length=50), verbose_name=_("own networks"), default=list, blank=True
    )
    filters = ArrayField(
        models.CharField(max_length=10, choices=FilterReason.choices),
        verbose_name=_("what is set aside"), default=all_filters, blank=True,
    )  # fmt: skip
    page_types = models.JSONField(
        _("pages with a type of their own"), default=list, blank=True, help_text="[path with *, code of a type], ..."
    )
    operator = models.CharField(_("operator of the website"), max_length=120, blank=True, default="")
    contact = models.CharField(_("contact for questions about privacy"), max_length=200, blank=True, default="")
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "intake_site"
        ordering = ["name"]
        verbose_name = _("website")
        verbose_name_plural = _("websites")

    def __str__(self) -> str:
        return self.name

    @property
    def source(self) -> str:
        """Who told us, in activities."""
        return f"site:{self.pk}"


class SiteSighting(models.Model):
    """When a host of a site last sent something; written every few seconds at most."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="sightings")
    host = models.CharField(max_length=200)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "intake_sitesighting"
        constraints = [models.UniqueConstraint(fields=["site", "host"], name="host_once_per_site")]


class DailySalt(models.Model):
    """What makes the visitors of one day, without a cookie, into nobody on the next: it is deleted after its day."""

    day = models.DateField(unique=True)
    salt = models.CharField(max_length=64)

    class Meta:
        db_table = "intake_dailysalt"


class FilteredEvent(models.Model):
    """What a site sent and a filter set aside, as it would have been taken in. Released, it is taken in after all."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    reason = models.CharField(max_length=10, choices=FilterReason.choices)
    mark = models.CharField(max_length=200, help_text="what gave it away: a name in the user agent, a network")
    row = models.JSONField(help_text="as the API takes an activity")
    received_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "intake_filteredevent"
        ordering = ["-received_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["site", "key"], name="filtered_event_once_per_key")]
        indexes = [
            models.Index(
                fields=["site", "reason", "mark", "-received_at"],
                condition=Q(released_at=None),
                name="filtered_event_of_site",
            ),
            models.Index(fields=["received_at"], name="filtered_event_age"),
        ]
