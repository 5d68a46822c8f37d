"""A draft of the routing rules, tried on the leads of the last days: who would have got what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from django.apps import apps

from accounts.models import User
from handoff.access import visible_handoffs
from handoff.models import Handoff, HandoffStep
from handoff.policy.routing import Routing
from handoff.queries.availability import absent_until
from handoff.queries.desk import RoutePlan, desk_of
from handoff.routing import Availability, Desk, Route
from leads.models import Lead
from scoring.queries.conditions import conditions_met

MOST_LEADS = 300  # of the newest: each asks the engine what was known then


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """One lead: whom it went to then, and whom the rules would have given it to. "" is a team's queue."""

    handoff: Handoff
    before: str
    after: str
    team: str
    reason: str

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


def rehearse_routing(routing: Routing, user: User, *, days: int, now: datetime) -> Rehearsal:
    """Route the leads of the last `days` that this person sees anew, in the order in which they came.

    Conditions, owners and absences are those of each moment, as they were known then; who has how many open leads is
    counted from what the rules would have given.
    """
    steps = HandoffStep.objects.filter(
        kind="queued", at__gt=now - timedelta(days=days), params__has_key="policy", handoff__in=visible_handoffs(user)
    ).select_related("handoff__lead__company", "handoff__model", "handoff__owner")
    newest = list(steps.order_by("-at", "-pk")[: MOST_LEADS + 1])
    chosen = sorted(newest[:MOST_LEADS], key=lambda step: (step.at, step.pk))
    leads = _as_they_were(chosen)
    desk = replace(desk_of(leads.values(), routing, now), here=Availability(), company_owners={}, standings={})
    rehearsed: list[Rehearsed] = []
    today: date | None = None
    for at, together in groupby(chosen, key=lambda step: step.at):
        if at.date() != today:
            desk.here.new_today.clear()
            today = at.date()
        rehearsed += _moment(list(together), at, routing, leads, desk)
    return Rehearsal(leads=rehearsed, is_cut=len(newest) > MOST_LEADS)


def _as_they_were(steps: Sequence[HandoffStep]) -> dict[int, Lead]:
    """The leads with owner and team as they were when each was routed, by step."""
    events = apps.get_model("leads", "LeadEvent").objects
    leads: dict[int, Lead] = {}
    for step in steps:
        then = events.filter(pgh_obj_id=step.handoff.lead_id, pgh_created_at__lte=step.at).order_by("-pgh_id").first()
        lead = Lead(pk=step.handoff.lead_id, company=step.handoff.lead.company, language=step.handoff.lead.language)
        if then is not None:
            lead.owner_id, lead.team_id, lead.company_id = then.owner_id, then.team_id, then.company_id
        leads[step.pk] = lead
    owners = User.objects.in_bulk({lead.owner_id for lead in leads.values() if lead.owner_id})
    for lead in leads.values():
        lead.owner = owners.get(lead.owner_id or 0)
    return leads


def _moment(
    steps: Sequence[HandoffStep], at: datetime, routing: Routing, leads: dict[int, Lead], desk: Desk
) -> Iterable[Rehearsed]:
    """The leads of one instant, one after the other; the desk remembers who got what."""
    conditions = [rule.when for rule in routing.rules if rule.when is not None]
    away = Availability(
        workers=desk.here.workers, absent_until=absent_until(desk.people, at), open_leads=desk.here.open_leads,
        new_today=desk.here.new_today,
    )  # fmt: skip
    for model, of_model in groupby(steps, key=lambda step: step.handoff.model):
        asked = list(of_model)
        ids = [step.handoff.lead_id for step in asked]
        met = conditions_met(conditions, leads=ids, model=model, t=at, known_at=at) if conditions else {}
        plan = RoutePlan(routing=routing, version=0, desk=replace(desk, here=away), met=met, declined={})
        for step in asked:
            found = plan.next(leads[step.pk])
            if found is not None:
                yield _rehearsed(step, found)


def _rehearsed(step: HandoffStep, found: Route) -> Rehearsed:
    return Rehearsed(
        handoff=step.handoff,
        before=str(step.params.get("to") or ""),
        after=str(found.owner or ""),
        team=str(found.team),
        reason=found.reason,
    )
