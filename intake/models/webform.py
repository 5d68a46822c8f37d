"""Forms: what a marketer builds, the versions that visitors see, what they send, and how far they come."""

from __future__ import annotations

import secrets
import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from intake.enums import CaughtReason, SubmissionState

DRAFT = ["draft", "revision", "draft_saved_at", "draft_saved_by"]


def new_form_key() -> str:
    """The name of a form in its address; known to everybody who sees the form."""
    return secrets.token_hex(8)


def new_token() -> str:
    return secrets.token_urlsafe(24)


@pghistory.track(exclude=DRAFT)
class WebForm(models.Model):
    """A form for visitors: the draft that is edited, and the version that is published."""

    name = models.CharField(pgettext_lazy("thing", "name"), max_length=80, unique=True)
    key = models.CharField(_("key in the address"), max_length=20, unique=True, default=new_form_key, editable=False)
    site = models.ForeignKey(
        "intake.Site", verbose_name=_("website"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    draft = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0, help_text="of the draft: counts what was saved")
    draft_saved_at = models.DateTimeField(default=timezone.now)
    draft_saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    published = models.ForeignKey(
        "intake.WebFormVersion", verbose_name=_("published version"), null=True, on_delete=models.PROTECT,
        related_name="+", editable=False,
    )  # fmt: skip
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "intake_webform"
        ordering = ["name"]
        verbose_name = _("form")
        verbose_name_plural = _("forms")

    def __str__(self) -> str:
        return self.name

    @property
    def source(self) -> str:
        """Who told us, in activities."""
        return f"form:{self.pk}"


class WebFormVersion(models.Model):
    """A form as visitors saw it from then on. Never changed: submissions and consent name it."""

    form = models.ForeignKey(WebForm, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        db_table = "intake_webformversion"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="form_version_once")]


class Submission(models.Model):
    """What somebody sent by a form, and what became of it."""

    form = models.ForeignKey(WebForm, on_delete=models.PROTECT, related_name="submissions", db_index=False)
    version = models.ForeignKey(
        WebFormVersion, null=True, on_delete=models.PROTECT, related_name="+", help_text="none for a test of the draft"
    )
    key = models.UUIDField(unique=True, default=uuid.uuid4, help_text="of the page that was filled in")
    language = models.CharField(max_length=2)
    received_at = models.DateTimeField()
    values = models.JSONField(help_text="the code of each field with what was typed, cleaned")
    visitor = models.CharField(max_length=80, blank=True, default="")
    page = models.CharField(max_length=500, blank=True, default="", help_text="host and path it was shown on")
    touch = models.JSONField(default=dict)
    consent = models.JSONField(default=dict, help_text="the text that was shown, the answer, and when")
    is_test = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=SubmissionState.choices)
    caught = models.CharField(max_length=10, choices=CaughtReason.choices, blank=True, default="")
    problem = models.CharField(max_length=300, blank=True, default="", help_text="why it was kept back")
    lead_id = models.BigIntegerField(null=True)
    activity_id = models.BigIntegerField(null=True)
    token = models.CharField(max_length=40, unique=True, default=new_token, help_text="of the confirmation mail")
    mail_next_at = models.DateTimeField(null=True, help_text="when the confirmation mail is to be sent")
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_sent_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "intake_submission"
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["form", "-received_at", "-id"], name="submission_of_form"),
            models.Index(fields=["lead_id"], condition=Q(lead_id__isnull=False), name="submission_of_lead"),
            models.Index(fields=["mail_next_at"], condition=Q(mail_next_at__isnull=False), name="submission_mail_due"),
        ]


class FormCount(models.Model):
    """How far visitors came on one day, counted without telling them apart. `field` is "" for the form itself."""

    form = models.ForeignKey(WebForm, on_delete=models.CASCADE, related_name="counts", db_index=False)
    day = models.DateField()
    field = models.CharField(max_length=60, blank=True, default="")
    reached = models.PositiveIntegerField(default=0, help_text="of the form: who began")
    left = models.PositiveIntegerField(default=0, help_text="who went away from here without sending")
    returned = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    views = models.PositiveIntegerField(default=0, help_text="of the form")

    class Meta:
        db_table = "intake_formcount"
        constraints = [models.UniqueConstraint(fields=["form", "day", "field"], name="form_count_once")]


class FormSighting(models.Model):
    """When a form was last shown on a host; written every few seconds at most."""

    form = models.ForeignKey(WebForm, on_delete=models.CASCADE, related_name="sightings", db_index=False)
    host = models.CharField(max_length=200)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "intake_formsighting"
        constraints = [models.UniqueConstraint(fields=["form", "host"], name="form_host_once")]
