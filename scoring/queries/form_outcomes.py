"""What somebody's score did since they sent a form, and whether they became hot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from scoring.models import Episode, LeadScore, ScoreChange
from web.formats import points


def score_outcomes(leads: Mapping[int, datetime]) -> dict[int, list[str]]:
    """ "score 12 → 58" of the model that hands over, and "hot" for who became hot since."""
    found: dict[int, list[str]] = {lead: [] for lead in leads}
    now = dict(LeadScore.objects.filter(lead__in=leads, model__is_primary=True).values_list("lead_id", "total"))
    before: dict[int, int] = {}
    changes = ScoreChange.objects.filter(lead__in=leads, model__is_primary=True).order_by("at", "pk")
    for lead, at, total, old in changes.values_list("lead_id", "at", "total", "total_before"):
        if at < leads[lead]:
            before[lead] = total
        else:
            before.setdefault(lead, old or 0)
    for lead, total in now.items():
        words = {"before": points(before.get(lead, 0)), "now": points(total)}
        found[lead].append(_("score %(before)s → %(now)s") % words)
    for lead, at in Episode.objects.filter(lead__in=leads).values_list("lead_id", "started_at"):
        if at >= leads[lead] and _("became hot") not in found[lead]:
            found[lead].append(_("became hot"))
    return found
