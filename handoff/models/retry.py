from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _


def usual_steps() -> list[list[Any]]:
    """In two business hours, when the office opens next, and on the second business day."""
    return [["business_hours", 2], ["business_days", 1], ["business_days", 2]]


@pghistory.track()
class RetryPlan(models.Model):
    """When a team calls again whom it did not reach; teams without one have the usual steps."""

    team = models.OneToOneField("accounts.Team", on_delete=models.CASCADE, related_name="retry_plan")
    steps = models.JSONField(_("retries"), default=usual_steps, help_text="[[unit, amount], …] of RetryUnit")

    class Meta:
        db_table = "handoff_retryplan"
        verbose_name = _("retry plan")
