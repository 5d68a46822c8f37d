from __future__ import annotations

import pghistory
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from web.constraints import bounded_instant


@pghistory.track()
class ActivityType(models.Model):
    id = models.SmallAutoField(primary_key=True)
    code = models.CharField(
        _("code"),
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z][a-z0-9_]*$", _("Lowercase letters, digits and _ only, starting with a letter."))
        ],
    )
    label_en = models.CharField(_("name in English"), max_length=80)
    label_ja = models.CharField(_("name in Japanese"), max_length=80)
    icon = models.CharField(_("icon"), max_length=30, default="activity")
    property_types = models.JSONField(
        _("properties"), default=dict, blank=True, help_text="name -> text, number, boolean or date"
    )
    is_built_in = models.BooleanField(default=False, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_interest = models.BooleanField(
        _("sign of interest"), default=True, db_default=True,
        help_text=_(
            "Clear this for unsubscribes, bounces, complaints and what your own company did. Those don’t "
"keep a lead hot."
        ),
    )  # fmt: skip

    class Meta:
        db_table = "leads_activitytype"
        ordering = ["code"]
        verbose_name = _("activity type")
        verbose_name_plural = _("activity types")

    def __str__(self) -> str:
        return self.label_ja if get_language() == "ja" else self.label_en


class Activity(models.Model):
    """A fact about a lead; only whether it counts can change. The table is partitioned by month of `occurred_at`."""

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="activities", db_index=False)
    type = models.ForeignKey(ActivityType, on_delete=models.PROTECT, related_name="+", db_index=False)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    object = models.CharField(max_length=500, blank=True, default="", help_text="page, document, mail, event")
    properties = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=60, help_text="who told us: api:KEY, import:ID, form, person")
    is_excluded = models.BooleanField(default=False, db_default=False, help_text="not counted; an Exclusion says why")

    class Meta:
        db_table = "leads_activity"
        ordering = ["-occurred_at", "-pk"]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [bounded_instant("occurred_at", name="activity_in_bounds")]


class ActivityKey(models.Model):
    """What makes an activity the same activity: stored once per (source, key), whatever the month."""

    source = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    activity_id = models.BigIntegerField()
    occurred_at = models.DateTimeField()

    class Meta:
        db_table = "leads_activitykey"
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="activity_once_per_key")]


class DirtyMark(models.Model):
    """A lead whose score may no longer be true. Append-only: marking never waits for a scorer."""

    lead_id = models.BigIntegerField()
    marked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "leads_dirtymark"
