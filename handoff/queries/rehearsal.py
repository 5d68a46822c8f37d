"""Routing rules, tried on the leads of the last days: who would have got what, and whether history repeats itself."""

from __future__ import annotations

from collections import Counter
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet

from handoff.models import Handoff, HandoffStep
from handoff.policy.routing import Routing
from handoff.queries.desk import RoutePlan
from handoff.queries.past_desk import PastDesk, decided_at
from handoff.queries.routes import ROUTED
from handoff.routing import Route
from leads.models import Lead
from scoring.models import ScoringModel
from scoring.queries.conditions import conditions_met
from scoring.queries.explain import version_in_force

DECISION = ("route", "rule", "to", "passed", "rules", "pool", "turns")  # what a step keeps of a route
DAYS, MOST_DAYS = 30, 365
MOST_LEADS = 300  # of the newest: each asks the engine what was known then


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """One decision: whom the lead went to then, and whom the rules would have given it to. "" is a team's queue."""

    handoff: Handoff
    at: datetime
    before: str
    after: str
    team: str
    reason: str
    version: int
    """Of the policy, under which it was made."""
    is_repeated: bool
    """The same route by the same rule for the same reasons, with the same people passed over and the same turns."""

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    leads: list[Rehearsed] = field(default_factory=list)
    is_cut: bool = False
    """There were more leads than were looked at."""

    @property
    def differing(self) -> list[Rehearsed]:
        return [lead for lead in self.leads if lead.differs]

    def loads(self) -> list[tuple[str, int, int]]:
        """How many each person got then, and would have got; whoever got none is left out."""
        before, after = (Counter(getattr(lead, side) for lead in self.leads) for side in ("before", "after"))
        names = sorted({name for name in (*before, *after) if name})
        return [(name, before[name], after[name]) for name in names]


def rehearse_routing(routing: Routing, handoffs: QuerySet[Handoff], *, days: int, now: datetime) -> Rehearsal:
    """Decide anew about those of these hand-offs that the rules decided about in the last `days`, in their order.

    Conditions, people, absences and turns are those of each moment, as they were known then. Under the rules in force
    the decisions that were made under them come out again; under others, who has how many open leads is counted from
    what those would have given.
    """
    steps = HandoffStep.objects.filter(
        kind__in=ROUTED, at__gt=now - timedelta(days=days), params__has_key="policy", handoff__in=handoffs
    ).select_related("handoff__lead__company", "handoff__model", "handoff__team")
    newest = list(steps.order_by("-pk")[: MOST_LEADS + 1])
    chosen = newest[MOST_LEADS - 1 :: -1] if len(newest) > MOST_LEADS else newest[::-1]
    if not chosen:
        return Rehearsal()
    past = PastDesk(chosen, routing)
    rehearsed: list[Rehearsed] = []
    for step in chosen:
        found = _decided(step, past)
        if found is not None:
            past.remember(step, found)
            rehearsed.append(_rehearsed(step, found))
    return Rehearsal(leads=rehearsed, is_cut=len(newest) > MOST_LEADS)


def _decided(step: HandoffStep, past: PastDesk) -> Route | None:
    """What the rules say of the lead, with what was known then; None where no team was active."""
    lead = past.lead(step)
    plan = RoutePlan(
        routing=past.routing, version=0, desk=past.before(step, lead), met=_met(past.routing, lead, step),
        declined={lead.pk: past.declined(step)},
    )  # fmt: skip
    return plan.next(lead)


def _met(routing: Routing, lead: Lead, step: HandoffStep) -> dict[int, tuple[bool, ...]]:
    """Which conditions the lead met then, under the version of the model that was in force."""
    conditions = [rule.when for rule in routing.rules if rule.when is not None]
    if not conditions:
        return {}
    at = decided_at(step)
    model = _model_then(step.handoff.model, at)
    return conditions_met(conditions, leads=[lead.pk], model=model, t=at, known_at=at)


def _model_then(model: ScoringModel, at: datetime) -> ScoringModel:
    then, version = copy(model), version_in_force(model, at)
    if version is not None:
        then.current_version_id = version.pk
    return then


def _rehearsed(step: HandoffStep, found: Route) -> Rehearsed:
    return Rehearsed(
        handoff=step.handoff,
        at=decided_at(step),
        before=str(step.params.get("to") or ""),
        after=str(found.owner or ""),
        team=str(found.team),
        reason=found.reason,
        version=int(step.params["policy"]),
        is_repeated=found.params() == {name: step.params[name] for name in DECISION if name in step.params},
    )
