"""Who is close to hot and in nobody's hands in sales: few points short by the score of now, one condition of a list
short, or hot by time alone before long.

The first are found by the stored score, whose index is walked; the others among the highest of them, by `about_to_be`
every few minutes. What is missing is asked of the engine for the rows that are shown, one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from engine import Condition, Document
from engine.explanation import HotVerdict
from engine.nodes import AllOf, AnyOf, ScoreLeaf
from handoff.enums import OPEN_STATES
from handoff.models import ComingLead, Handoff
from handoff.queries.tries import call_rules
from handoff.queries.unattended import FORBIDDEN_LEADS
from leads.access import visible_leads
from leads.enums import Stage
from leads.models import Lead
from scoring.models import LeadScore, ScoringModel
from scoring.queries.ahead import threshold_of
from scoring.queries.causes import Turn
from scoring.queries.conditions import conditions_met
from scoring.queries.documents import document_of
from scoring.queries.explain import explanation_of
from scoring.queries.validation import language
from web.paging import COUNTED, Count, Order, count_of

CANDIDATES = 2_000
"""How many of each model's highest scores are looked at for what the points do not say."""
HORIZON = tuple(timedelta(days=days) for days in (1, 2, 4, 7, 10, 14))
"""When it is looked at whether time alone has made a lead hot."""
LEAST_MET = 2
"""Who meets fewer conditions of a list is not close to it, though one more would do."""
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
    short = call_rules().near_points
    near = [
        Q(model=model, total__gte=int((threshold_of(document) or USUAL) - short) * 100)
        for model, document in handing_over()
    ]
    others = Q(pk__in=list(ComingLead.objects.values_list("pk", flat=True)))  # by key: both are walked by their index
    scores = not_hot(visible_leads(user)).filter(reduce(or_, near, others))
    return scores.order_by(*BY_TOTAL.expressions())


def handing_over() -> list[tuple[ScoringModel, Document]]:
    """The models by which leads become hot for sales, as published."""
    models = ScoringModel.objects.filter(hands_over=True, current_version__isnull=False)
    return [(model, document_of(model.current_version_id)) for model in models if model.current_version_id]


def not_hot(leads: QuerySet[Lead]) -> QuerySet[LeadScore]:
    """The scores of those of these leads that are not hot, in nobody's hands in sales and may be called."""
    busy = Exists(Handoff.objects.filter(lead=OuterRef("lead"), state__in=OPEN_STATES))
    known = leads.filter(is_anonymous=False, erased_at=None).exclude(stage__in=IN_OTHER_HANDS).exclude(FORBIDDEN_LEADS)
    scores = LeadScore.objects.filter(~busy, is_hot=False, lead__in=known.values("pk"), model__hands_over=True)
    return scores.exclude(hot__contains=[True])


def about_to_be(model: ScoringModel, document: Document, now: datetime) -> set[int]:
    """The keys of scores of this model whose leads lack one condition of a list, or become hot by time alone."""
    highest = not_hot(Lead.objects.present()).filter(model=model).order_by("-total", "-lead_id")
    scores = dict(highest.values_list("lead_id", "pk")[:CANDIDATES])
    leads, lists = list(scores), lists_of(document)
    parts = [part for conditions in lists for part in conditions]
    found: set[int] = set()
    for lead, verdicts in conditions_met(parts, leads=leads, model=model, t=now).items():
        met = iter(verdicts)
        if any(lacks_one(conditions, [next(met) for _part in conditions]) for conditions in lists):
            found.add(lead)
    definitions = [definition.when for definition in document.hot]
    for later in HORIZON:
        turned = conditions_met(definitions, leads=leads, model=model, t=now + later)
        found |= {lead for lead, verdicts in turned.items() if any(verdicts)}
    return {scores[lead] for lead in found}


def lists_of(document: Document) -> list[tuple[Condition, ...]]:
    """The lists of conditions that make a lead hot when all are met."""
    wholes = [
        part
        for definition in document.hot
        for part in (definition.when.parts if isinstance(definition.when, AnyOf) else (definition.when,))
    ]
    return [whole.parts for whole in wholes if isinstance(whole, AllOf)]


def lacks_one(conditions: Sequence[Condition], met: Sequence[bool]) -> bool:
    """Whether all but one are met, and that one is no total: how many points are missing is looked at by itself."""
    known = [is_met for part, is_met in zip(conditions, met, strict=True) if not isinstance(part, ScoreLeaf)]
    return len(met) - sum(met) == 1 and len(known) - sum(known) == 1 and sum(known) >= LEAST_MET


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
