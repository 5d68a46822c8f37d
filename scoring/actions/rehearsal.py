"""What new facts do to scores, for whoever wants to know before they are stored."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from intake.actions.repairing import ScoreEffect
from scoring.actions.score import score_leads
from scoring.models import LeadScore


def effect_on_scores(leads: Collection[int], now: datetime) -> ScoreEffect:
    """Score these leads under every model, in a transaction that the caller takes back, and say what changed."""
    before = _scores(leads)
    score_leads(ids=sorted(leads), now=now, refresh=True)
    after = _scores(leads)
    changed = {lead for (lead, model), one in after.items() if before.get((lead, model), (0, False))[0] != one[0]}
    hot = {lead for (lead, model), one in after.items() if one[1] and not before.get((lead, model), (0, False))[1]}
    return ScoreEffect(changed=len(changed), hot=sorted(hot))


def _scores(leads: Collection[int]) -> dict[tuple[int, int], tuple[int, bool]]:
    """Total and whether hot, by lead and model."""
    rows = LeadScore.objects.filter(lead__in=leads).values_list("lead_id", "model_id", "total", "is_hot")
    return {(lead, model): (total, is_hot) for lead, model, total, is_hot in rows}
