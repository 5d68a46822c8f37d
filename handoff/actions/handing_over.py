"""Moving everything that a person has: to one other person, back to the team, or to whom the rules name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pghistory
from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from handoff.actions import transition
from handoff.actions.bulk import BulkResult, undo_all
from handoff.actions.turns import lock_turns, route_params, save_turns
from handoff.enums import OPEN_STATES, HandoffState
from handoff.models import Handoff, Todo
from handoff.queries.belongings import Belongings, plans_without
from leads.access import visible_leads
from leads.models import Lead
from notices.actions import tell

SALT = "handoff.moved"
UNDO_WITHIN = 60  # seconds


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What went where: the hand-offs, and the rows of to-dos and leads with whom they went to, by key."""

    person: int
    handoffs: list[int]
    todos: list[tuple[int, int]]
    leads: list[tuple[int, int | None]]
    stayed: int = 0
    """To-dos of leads that whoever would get them cannot see."""

    @property
    def token(self) -> str:
        """All that an undo needs, signed; the page keeps it."""
        return signing.dumps([self.person, self.handoffs, self.todos, self.leads], salt=SALT, compress=True)


@transaction.atomic
def hand_over(
    *, person: User, what: Belongings, to: User | None, by: User, now: datetime, routed: bool = False
) -> Moved:
    """Give what `person` has to `to`; without one back to the teams, or with `routed` to whom the rules name.

    A to-do follows its lead; where nobody has that, it is `by`'s. Leads without a hand-off go to `to` or to nobody.
    Clocks go on. Whoever gets hand-offs is told once.
    """
    lock_leads([handoff.lead_id for handoff in what.handoffs])
    handoffs = _handed(person, what.handoffs, to, by, now, routed)
    leads = _given(person, what.leads, to, by)
    todos, stayed = _followed(person, what.todos, to, by)
    _tell_owners(handoffs, by, now)
    return Moved(
        person=person.pk, handoffs=[handoff.pk for handoff in handoffs], todos=todos, leads=leads, stayed=stayed
    )


def undo_hand_over(*, token: str, by: User, now: datetime) -> BulkResult:
    """Take it back as one act; what somebody has changed since stays where it is.

    Raises signing.BadSignature for a token that is not ours or older than a minute.
    """
    person, handoffs, todos, leads = signing.loads(token, salt=SALT, max_age=UNDO_WITHIN)
    found = Handoff.objects.filter(pk__in=handoffs).select_related("lead").order_by("lead_id", "pk")
    result = undo_all(handoffs=found, by=by, now=now)
    with transaction.atomic(), pghistory.context(user=by.pk):
        for pk, owner in todos:
            Todo.objects.filter(pk=pk, owner=owner, done_at=None).update(owner=person)
        for pk, owner in leads:
            Lead.objects.filter(pk=pk, owner=owner).update(owner=person)
    return result


def lock_leads(leads: Sequence[int]) -> None:
    """In the order in which everybody does, before the turns."""
    list(Lead.objects.filter(pk__in=leads).order_by("pk").select_for_update(no_key=True, of=("self",)))


def _handed(
    person: User, handoffs: Sequence[Handoff], to: User | None, by: User, now: datetime, routed: bool
) -> list[Handoff]:
    if not routed:
        return [handoff for handoff in handoffs if _move(handoff, person, by, now, owner=to)]
    lock_turns()
    done = []
    for plan, together in plans_without(person, handoffs, now):
        for handoff in together:
            found = plan.next(handoff.lead)
            params: dict[str, Any] = route_params(found, plan.version, now) if found else {}
            changes = {"team": found.team, "routed_by": found.reason} if found else {}
            if _move(handoff, person, by, now, owner=found.owner if found else None, params=params, **changes):
                done.append(handoff)
        save_turns(plan)
    return done


def _move(
    handoff: Handoff, person: User, by: User, now: datetime, *, owner: User | None,
    params: dict[str, Any] | None = None, **changes: Any,
) -> bool:  # fmt: skip
    """One hand-off; whether it still was the person's. With nobody it waits in its team's queue with all that was
    done."""
    lead = transition.lock(handoff)
    if handoff.owner_id != person.pk or handoff.state not in OPEN_STATES:
        return False
    before = transition.image_of(handoff, lead)
    if owner is None:
        changes |= {"state": HandoffState.QUEUED, "claimed_at": None}
    changes = {"routed_by": "by_hand"} | changes
    transition.swap_or_refuse(handoff, states=OPEN_STATES, owner=owner, snoozed_until=None, **changes)
    # A helper from outside sees the lead itself, with its contact data, only after claiming it.
    is_waiting_outside = owner and owner.role == Role.OUTSOURCED and handoff.state == HandoffState.QUEUED
    transition.update_lead(lead, now=now, owner=None if is_waiting_outside else owner, team=handoff.team)
    words = {"to": str(owner or ""), "team": "" if owner else str(handoff.team)} | (params or {})
    transition.record(handoff, "moved", by=by, at=now, undo=before, **words)
    return True


def _given(person: User, leads: Sequence[Lead], to: User | None, by: User) -> list[tuple[int, int | None]]:
    """Leads that nobody works on now: no hand-off follows them."""
    still = Lead.objects.filter(pk__in=[lead.pk for lead in leads], owner=person)
    keys = list(still.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
    with pghistory.context(user=by.pk):
        Lead.objects.filter(pk__in=keys).update(owner=to)
    return [(pk, to.pk if to else None) for pk in keys]


def _followed(person: User, todos: Sequence[Todo], to: User | None, by: User) -> tuple[list[tuple[int, int]], int]:
    """The to-dos that went, with their owners of now, and how many stayed."""
    owners = dict(Lead.objects.filter(pk__in=[todo.lead_id for todo in todos]).values_list("pk", "owner"))
    wanted = {todo.pk: to.pk if to else owners.get(todo.lead_id) or by.pk for todo in todos}
    people = User.objects.in_bulk(set(wanted.values()))
    seen = {
        pk: set(visible_leads(owner).filter(pk__in=owners).values_list("pk", flat=True)) for pk, owner in people.items()
    }
    gone = [(todo.pk, wanted[todo.pk]) for todo in todos if todo.lead_id in seen[wanted[todo.pk]]]
    with pghistory.context(user=by.pk):
        for owner in people:
            keys = [pk for pk, wants in gone if wants == owner]
            Todo.objects.filter(pk__in=keys, owner=person, done_at=None).update(owner=owner, told_at=None)
    return gone, len(todos) - len(gone)


def _tell_owners(handoffs: Sequence[Handoff], by: User, now: datetime) -> None:
    """One notice a person, however many came."""
    owners = {handoff.owner_id: handoff.owner for handoff in handoffs if handoff.owner and handoff.owner_id != by.pk}
    for pk, owner in owners.items():
        assert owner is not None
        count = sum(handoff.owner_id == pk for handoff in handoffs)
        tell(
            people=[owner], kind="handoff.moved", key=f"moved:{by.pk}:{pk}:{now.isoformat()}", now=now,
            params={"count": count, "by": str(by)}, url=reverse("handoff:queue"),
        )  # fmt: skip
