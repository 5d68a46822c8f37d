"""The manager's view: what lies where, since when, and on whose desk."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from accounts.enums import Role
from accounts.models import User
from handoff.access import visible_handoffs
from handoff.enums import OPEN_STATES, HandoffState
from handoff.models import Handoff
from handoff.queries.availability import absent_until
from handoff.queries.queue import by_urgency, due_condition
from handoff.queries.rows import Row, related, rows_of
from handoff.routing import OVERFLOW

CARDS = 20
AT_RISK = 500  # more than anybody reads, and a bound all the same


@dataclass(frozen=True, kw_only=True)
class Card:
    row: Row
    age: timedelta


@dataclass(frozen=True, kw_only=True)
class BoardColumn:
    state: HandoffState
    count: int
    cards: list[Card]


@dataclass(frozen=True, kw_only=True)
class Load:
    """Open hand-offs of one person against what they can carry."""

    person: User
    open: int
    away_until: datetime | None = None

    @property
    def percent(self) -> float:
        return min(100.0, 100 * self.open / self.person.capacity) if self.person.capacity else 100.0

    @property
    def is_full(self) -> bool:
        return self.open >= self.person.capacity


def board(user: User, now: datetime) -> list[BoardColumn]:
    """The open states from left to right, the most urgent on top."""
    visible = visible_handoffs(user).filter(state__in=OPEN_STATES)
    counts = dict(visible.order_by().values_list("state").annotate(n=Count("pk")))
    first = [row for state in OPEN_STATES for row in by_urgency(visible.filter(state=state), now)[:CARDS]]
    by_state: dict[str, list[Card]] = defaultdict(list)
    for row in rows_of(related(first), user, now):
        by_state[row.handoff.state].append(Card(row=row, age=now - since(row.handoff)))
    return [BoardColumn(state=state, count=counts.get(state, 0), cards=by_state[state]) for state in OPEN_STATES]


def at_risk(user: User, now: datetime) -> list[Row]:
    """What is overdue or will be within a day, the most urgent first."""
    return rows_of(related(by_urgency(_near(user, now), now)[:AT_RISK]), user, now)


def count_overflow(user: User) -> int:
    """Leads that wait because nobody of their team could take them."""
    return visible_handoffs(user).filter(routed_by=OVERFLOW, owner=None, state__in=OPEN_STATES).count()


def count_at_risk(user: User, now: datetime) -> int:
    return _near(user, now).count()


def _near(user: User, now: datetime) -> QuerySet[Handoff]:
    return visible_handoffs(user).filter(due_condition("soon", now), state__in=OPEN_STATES)


def since(handoff: Handoff) -> datetime:
    """When the hand-off came into its present state."""
    reached = {
        HandoffState.CLAIMED: handoff.claimed_at,
        HandoffState.CONTACTED: handoff.contacted_at,
        HandoffState.ACCEPTED: handoff.decided_at,
    }
    return reached.get(HandoffState(handoff.state)) or handoff.queued_at


def loads(user: User, now: datetime) -> list[Load]:
    """Who works on hand-offs (a manager sees the own team only), the fullest first."""
    workers = User.objects.filter(is_active=True, role__in=[Role.REP, Role.OUTSOURCED, Role.MANAGER])
    if user.role == Role.MANAGER:
        workers = workers.filter(team_id=user.team_id or 0)
    counted = workers.annotate(open_handoffs=Count("handoffs", filter=Q(handoffs__state__in=OPEN_STATES)))
    people = list(counted)
    away = absent_until((person.pk for person in people), now)
    shown = [Load(person=person, open=person.open_handoffs, away_until=away.get(person.pk)) for person in people]
    return sorted((load for load in shown if load.open or load.person.role == Role.REP), key=lambda load: -load.percent)
