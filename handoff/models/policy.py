from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handoff.enums import PolicySection


@pghistory.track()
class Policy(models.Model):
    """One section of the hand-off policy: the version in force, and the draft that people work on."""

    section = models.CharField(_("section"), max_length=10, choices=PolicySection.choices, unique=True)
    current = models.ForeignKey("handoff.PolicyVersion", null=True, on_delete=models.PROTECT, related_name="+")
    draft = models.JSONField(_("draft"), null=True)
    draft_revision = models.PositiveIntegerField(default=0)
    draft_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    draft_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "handoff_policy"
        verbose_name = _("hand-off policy")
        verbose_name_plural = _("hand-off policies")

    def __str__(self) -> str:
        return str(self.get_section_display())

    @property
    def token(self) -> str:
        """The state of the draft and the version under it, for a page to send back with a change."""
        return f"{self.draft_revision}.{self.current_id or 0}"


@pghistory.track()
class PolicyVersion(models.Model):
    """A section as it was published. It never changes."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    note = models.TextField(_("what changed and why"), blank=True)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        db_table = "handoff_policyversion"
        ordering = ["-number"]
        verbose_name = _("version of the hand-off policy")
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once")]


class PoolTurn(models.Model):
    """Whose turn it is: the credit of a member of a pool, in billionths of a lead (`handoff/turns.py`)."""

    pool = models.CharField(max_length=80)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    credit = models.BigIntegerField(default=0)

    class Meta:
        db_table = "handoff_poolturn"
        constraints = [models.UniqueConstraint(fields=["pool", "person"], name="one_turn_per_pool_member")]
