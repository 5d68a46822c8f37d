from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class ScoringModel(models.Model):
    """A named set of rules: at most one draft, and immutable published versions, one of them current."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    is_primary = models.BooleanField(_("primary"), default=False)
    current_version = models.ForeignKey("scoring.Version", null=True, on_delete=models.PROTECT, related_name="+")
    draft = models.JSONField(null=True, help_text="the document being edited, in the rule language")
    # Every save of the draft raises it; an editor that holds an older number is shown the conflict.
    draft_revision = models.PositiveIntegerField(default=0)
    draft_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    draft_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    hands_over = models.BooleanField(
        _("hands off leads to sales"), default=False, db_default=False,
        help_text=_("Hot leads of other models are shown but not handed off to sales."),
    )  # fmt: skip
    hands_over_from = models.DateTimeField(null=True, help_text="whose time of being hot was over then needs nobody")
    needs_approval = models.BooleanField(_("publishing needs the approval of sales"), default=False, db_default=False)

    class Meta:
        db_table = "scoring_scoringmodel"
        ordering = ["-is_primary", "name"]
        verbose_name = _("scoring model")
        verbose_name_plural = _("scoring models")
        constraints = [
            models.UniqueConstraint(
                fields=["is_primary"], condition=models.Q(is_primary=True), name="one_primary_model"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("studio:model", args=[self.pk])


class Version(models.Model):
    """A published document. It never changes: every stored score and decision names the version that made it."""

    model = models.ForeignKey(ScoringModel, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    note = models.TextField(_("what changed and why"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    job = models.ForeignKey("background.JobRun", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        db_table = "scoring_version"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["model", "number"], name="version_number_once")]
        triggers = [
            pgtrigger.Trigger(
                name="version_is_immutable",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("document", "number", "model", "note", "published_at"),
                func="RAISE EXCEPTION 'a published version is immutable';",
            )
        ]

    def __str__(self) -> str:
        return f"{self.model.name} v{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("studio:version", args=[self.model_id, self.number])
