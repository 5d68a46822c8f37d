from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scoring.enums import ProposalState, Side


class VersionNumbers(models.Model):
    """What a version made of the leads on the day it came into force; written once, at the end of its re-score."""

    version = models.OneToOneField("scoring.Version", on_delete=models.CASCADE, related_name="numbers")
    at = models.DateTimeField(help_text="when the last lead was scored")
    scored = models.PositiveBigIntegerField()
    hot = models.PositiveBigIntegerField(help_text="leads with an open episode")
    became_hot = models.PositiveBigIntegerField(help_text="leads that it made hot, to compare with what was predicted")
    stopped_hot = models.PositiveBigIntegerField(help_text="leads that were hot before and are so no more")
    differing = models.PositiveBigIntegerField(
        null=True, help_text="leads that did something else than predicted; null where nothing was predicted"
    )
    band_hot = models.PositiveBigIntegerField()
    band_warm = models.PositiveBigIntegerField()
    band_cold = models.PositiveBigIntegerField()

    class Meta:
        db_table = "studio_versionnumbers"

    @property
    def bands(self) -> list[tuple[str, int]]:
        """Leads by band, the hottest first."""
        return [("hot", self.band_hot), ("warm", self.band_warm), ("cold", self.band_cold)]


class VersionReading(models.Model):
    """Somebody said that they read and understood a version."""

    version = models.ForeignKey("scoring.Version", on_delete=models.CASCADE, related_name="readings", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "studio_versionreading"
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "user"], name="version_read_once_by_a_person")]


@pghistory.track()
class SignOff(models.Model):
    """A department agrees to a version as the definition that it works by."""

    version = models.ForeignKey("scoring.Version", on_delete=models.CASCADE, related_name="sign_offs", db_index=False)
    side = models.CharField(_("signs off for"), max_length=9, choices=Side.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        db_table = "studio_signoff"
        ordering = ["side"]
        verbose_name = _("sign-off")
        constraints = [models.UniqueConstraint(fields=["version", "side"], name="version_signed_once_by_a_side")]


@pghistory.track()
class Proposal(models.Model):
    """A draft that waits for the approval of sales. It is about one state of the draft: another one is asked anew."""

    model = models.ForeignKey("scoring.ScoringModel", on_delete=models.CASCADE, related_name="proposals")
    revision = models.PositiveIntegerField(help_text="of the draft")
    note = models.TextField(_("what changed and why"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(_("state"), max_length=9, choices=ProposalState.choices, default=ProposalState.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), blank=True)
    version = models.OneToOneField(
        "scoring.Version", null=True, on_delete=models.CASCADE, related_name="proposal", help_text="what it became"
    )

    class Meta:
        db_table = "studio_proposal"
        ordering = ["-pk"]
        verbose_name = _("request for approval")
        constraints = [
            models.UniqueConstraint(
                fields=["model"], condition=models.Q(state="waiting"), name="one_waiting_proposal_per_model"
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("studio:proposal", args=[self.model_id, self.pk])


class FirstRunDismissal(models.Model):
    """A person who wants no list of first steps."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "studio_firstrundismissal"
