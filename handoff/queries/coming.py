"""Who is close to hot: few points short by the score of now, and in nobody's hands in sales.

The list is bounded by the stored score, whose index it walks; what is missing is asked of the engine for the rows that
are shown, one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from engine.explanation import HotVerdict
from handoff.enums import OPEN_STATES
from handoff.models import Handoff
from handoff.queries.unattended import FORBIDDEN_LEADS
from leads.access import visible_leads
from leads.enums import Stage
from leads.models import Lead
from scoring.models import LeadScore, ScoringModel
from scoring.queries.ahead import threshold_of
from scoring.queries.causes import Turn
from scoring.queries.documents import document_of
from scoring.queries.explain import explanation_of
from scoring.queries.validation import language
from web.paging import COUNTED, Count, Order, count_of

NEAR = 10
"""Points below the total from which a lead is hot."""
USUAL = 70.0
"""Where no definition names a total."""
BY_TOTAL = Order(name="coming", keys=("-total", "-lead_id"))
COMING = "coming"  # in the address of a lead page that was opened from this list
IN_OTHER_HANDS = (Stage.OPPORTUNITY, Stage.CUSTOMER, Stage.DISQUALIFIED)


@dataclass(frozen=True, kw_only=True)
class Approach:
    """How far a lead is from hot: the definition that lacks least, and the turn that time alone brings, if any."""

    nearest: HotVerdict | None
    turn: Turn | None


def coming(user: User) -> QuerySet[LeadScore]:
    """The scores of the leads that `user` sees and that are close to hot, the closest first."""
    near = [
        Q(model=model, total__gte=int((threshold_of(document_of(model.current_version)) or USUAL) - NEAR) * 100)
        for model in ScoringModel.objects.filter(hands_over=True, current_version__isnull=False)
        if model.current_version is not None
    ]
    busy = Exists(Handoff.objects.filter(lead=OuterRef("lead"), state__in=OPEN_STATES))
    seen = visible_leads(user).filter(is_anonymous=False, erased_at=None).exclude(stage__in=IN_OTHER_HANDS)
    leads = seen.exclude(FORBIDDEN_LEADS).values("pk")
    scores = LeadScore.objects.filter(reduce(or_, near, Q(pk__in=[])), ~busy, is_hot=False, lead__in=leads)
    return scores.exclude(hot__contains=[True]).order_by(*BY_TOTAL.expressions())


def count_coming(user: User, limit: int = COUNTED) -> Count:
    return count_of(coming(user), limit)


def approach_of(lead: Lead, model: ScoringModel, now: datetime) -> Approach:
    """Raises UnexplainedError in words."""
    explained = explanation_of(lead=lead, model=model, at=now, language=language(), with_ahead=True)
    open_ones = [verdict for verdict in explained.explanation.hot if verdict.missing]
    return Approach(
        nearest=min(open_ones, key=lambda verdict: len(verdict.missing), default=None),
        turn=explained.ahead.first("heats") if explained.ahead else None,
    )
