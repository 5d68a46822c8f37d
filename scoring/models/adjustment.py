from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from web.constraints import bounded_instant

_MARK = "INSERT INTO leads_dirtymark (lead_id, marked_at) VALUES (NEW.lead_id, clock_timestamp()); RETURN NEW;"


@pghistory.track()
class Adjustment(models.Model):
    """Points a person gives by hand, with a reason and an end: a visible line, never a hidden counter."""

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="adjustments")
    model = models.ForeignKey("scoring.ScoringModel", on_delete=models.CASCADE, related_name="+")
    points = models.IntegerField(_("points"), help_text="hundredths")
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    starts_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(_("valid until"), null=True, blank=True)

    class Meta:
        db_table = "scoring_adjustment"
        verbose_name = _("manual adjustment")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("starts_at")),
                name="adjustment_ends_after_it_starts",
            ),
            bounded_instant("until", name="adjustment_ends_in_bounds"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="adjustment_marks_lead_dirty",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_MARK,
            )
        ]
