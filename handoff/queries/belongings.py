"""What a person has: open hand-offs, to-dos, leads. And who would get the hand-offs if they were routed again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Exists, OuterRef

from accounts.models import User
from handoff.enums import OPEN_STATES
from handoff.models import Handoff, Todo
from handoff.queries.desk import RoutePlan, route_plan
from leads.models import Lead


@dataclass(frozen=True, kw_only=True)
class Belongings:
    """`leads` are those without an open hand-off; the hand-offs carry the others."""

    handoffs: Sequence[Handoff]
    todos: Sequence[Todo]
    leads: Sequence[Lead]

    def __bool__(self) -> bool:
        return bool(self.handoffs or self.todos or self.leads)


def belongings_of(person: User) -> Belongings:
    """All that somebody else would have to do if this person left, each in the order in which everybody locks it."""
    handoffs = Handoff.objects.filter(owner=person, state__in=OPEN_STATES)
    todos = Todo.objects.filter(owner=person, done_at=None, lead__erased_at=None)
    of_lead = Handoff.objects.filter(lead=OuterRef("pk"), owner=person, state__in=OPEN_STATES)
    leads = Lead.objects.present().filter(~Exists(of_lead), owner=person)
    return Belongings(
        handoffs=list(handoffs.select_related("lead__company", "team", "model").order_by("lead_id", "pk")),
        todos=list(todos.select_related("lead__company").order_by("pk")),
        leads=list(leads.select_related("company").order_by("pk")),
    )


def plans_without(person: User, handoffs: Sequence[Handoff], now: datetime) -> list[tuple[RoutePlan, list[Handoff]]]:
    """The routes of these hand-offs as if `person` had given each back; a plan for each model, nothing is stored."""
    by_model = sorted(handoffs, key=lambda handoff: handoff.model_id)
    plans = []
    for _model, grouped in groupby(by_model, key=lambda handoff: handoff.model_id):
        together = list(grouped)
        plan = route_plan([handoff.lead for handoff in together], model=together[0].model, now=now)
        for handoff in together:
            handoff.lead.owner = None
            plan.declined.setdefault(handoff.lead_id, set()).add(person.pk)
        plans.append((plan, together))
    return plans


def shares_when_routed(person: User, handoffs: Sequence[Handoff], now: datetime) -> list[tuple[User | None, int]]:
    """How many of them each would get by the rules in force, the most first; None for nobody in particular."""
    counted: Counter[User | None] = Counter()
    for plan, together in plans_without(person, handoffs, now):
        for handoff in together:
            found = plan.next(handoff.lead)
            counted[found.owner if found else None] += 1
    return counted.most_common()
