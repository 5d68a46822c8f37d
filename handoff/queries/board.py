"""The manager's view: what lies where, since when, and on whose desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.safestring import SafeString

from accounts.enums import Role
from accounts.models import User
from handoff.access import visible_handoffs
from handoff.calendars import clocks_of_teams
from handoff.enums import OPEN_STATES, BoardResult, HandoffState
from handoff.models import Handoff, Outcome
from handoff.promises import spent_in_words
from handoff.queries.availability import absent_until
from handoff.queries.promises import ShownPromise, open_promise, promises_of
from handoff.queries.queue import URGENCY, by_urgency, decided_within, due_condition, result_condition
from handoff.queries.reasons import scores_of
from handoff.queries.rows import Allowed, allowed_for, outcomes_of, related
from handoff.routing import OVERFLOW
from leads.queries.contact_data import reveal
from scoring.models import LeadScore
from web import atoms, formats

CARDS = 20
AT_RISK = 20
DECIDED = 4  # cards shown of each result
RESULT_DAYS = 30
WORKERS = (Role.REP, Role.OUTSOURCED, Role.MANAGER)


@dataclass(frozen=True, kw_only=True)
class Card:
    """A hand-off with what the board says of it: `age` is the business time it has spent in its state, in words."""

    handoff: Handoff
    score: LeadScore | None
    due: ShownPromise | None
    age: str
    now: datetime
    allowed: Allowed
    outcome: Outcome | None = None

    @property
    def heat(self) -> SafeString:
        return atoms.heat(self.score.temperature, formats.points(self.score.total)) if self.score else atoms.NOTHING

    @property
    def due_tag(self) -> SafeString:
        if self.due is None:
            return atoms.NOTHING
        return atoms.due(formats.moment_tag(self.due.due_at, self.now), self.due.left, state=self.due.mark)


@dataclass(frozen=True, kw_only=True)
class BoardColumn:
    state: HandoffState
    count: int
    cards: list[Card]


@dataclass(frozen=True, kw_only=True)
class ResultColumn:
    """What ended in one way within RESULT_DAYS, the latest on top."""

    result: BoardResult
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


@dataclass(frozen=True, kw_only=True)
class Board:
    """The open states from left to right, the most urgent on top; and what is overdue or will be within a day, what can
    still be kept in front."""

    columns: list[BoardColumn]
    results: list[ResultColumn]
    at_risk: list[Card]
    at_risk_count: int


def board(user: User, now: datetime) -> Board:
    """All of it in a number of statements that does not depend on how much there is."""
    visible = visible_handoffs(user).filter(state__in=OPEN_STATES)
    in_state = Window(RowNumber(), partition_by="state", order_by=URGENCY.expressions())
    placed = by_urgency(visible, now).annotate(place=in_state, n=Window(Count("pk"), partition_by="state"))
    first = list(placed.filter(place__lte=CARDS).order_by("place").values_list("pk", "state", "n"))
    near, count = _at_risk(visible, now)
    ended = _decided(user, now)
    shown = [*(pk for pk, _place, _n in [*first, *ended]), *near]
    cards = {card.handoff.pk: card for card in cards_of(shown, user, now)}
    by_place: dict[str, list[Card]] = defaultdict(list)
    counts = {place: n for _pk, place, n in [*first, *ended]}
    for pk, place, _n in [*first, *ended]:
        if pk in cards:
            by_place[place].append(cards[pk])
    return Board(
        columns=[BoardColumn(state=state, count=counts.get(state, 0), cards=by_place[state]) for state in OPEN_STATES],
        results=[ResultColumn(result=end, count=counts.get(end, 0), cards=by_place[end]) for end in BoardResult],
        at_risk=[cards[pk] for pk in near if pk in cards],
        at_risk_count=count,
    )


def _decided(user: User, now: datetime) -> list[tuple[int, str, int]]:
    """The latest of each result with its name, and how many there are."""
    named = [When(result_condition(result), then=Value(result.value)) for result in BoardResult]
    ended = visible_handoffs(user).filter(decided_within(RESULT_DAYS, now))
    results = ended.annotate(end=Case(*named, output_field=CharField())).exclude(end=None)
    placed = results.annotate(
        place=Window(RowNumber(), partition_by="end", order_by=(F("closed_at").desc(), F("pk").desc())),
        n=Window(Count("pk"), partition_by="end"),
    )
    return list(placed.filter(place__lte=DECIDED).order_by("place").values_list("pk", "end", "n"))


def cards_of(pks: Sequence[int], user: User, now: datetime) -> list[Card]:
    """The cards of these hand-offs, in their order. Reveals their leads to the reader."""
    unsaved = [Handoff(pk=pk) for pk in dict.fromkeys(pks)]
    handoffs = related(unsaved)
    reveal(user, [handoff.lead for handoff in handoffs])
    scores = scores_of((handoff.lead_id, handoff.model_id) for handoff in handoffs)
    promises, clocks, outcomes = promises_of(handoffs, now), clocks_of_teams(), outcomes_of(handoffs)
    return [
        Card(
            handoff=handoff,
            score=scores.get((handoff.lead_id, handoff.model_id)),
            due=open_promise(promises.get(handoff.pk, ())),
            now=now,
            allowed=allowed_for(user, handoff, now),
            outcome=outcomes.get(handoff.pk),
            age=spent_in_words(clocks.of(handoff.team_id), since(handoff), now),
        )
        for handoff in handoffs
    ]


def _at_risk(visible: QuerySet[Handoff], now: datetime) -> tuple[list[int], int]:
    """The first ones, and how many there are: what can still be kept in the order in which it is due, then the rest."""
    near = visible.filter(due_condition("soon", now)).annotate(n=Window(Count("pk")), is_late=Q(due_at__lt=now))
    rows = list(near.order_by("is_late", "due_at", "pk").values_list("pk", "n")[:AT_RISK])
    return [pk for pk, _n in rows], rows[0][1] if rows else 0


def count_overflow(user: User) -> int:
    """Leads that wait because nobody of their team could take them."""
    return visible_handoffs(user).filter(routed_by=OVERFLOW, owner=None, state__in=OPEN_STATES).count()


def since(handoff: Handoff) -> datetime:
    """When the hand-off came into its present state."""
    reached = {
        HandoffState.CLAIMED: handoff.claimed_at,
        HandoffState.CONTACTED: handoff.contacted_at,
        HandoffState.ACCEPTED: handoff.decided_at,
        HandoffState.REJECTED: handoff.closed_at,
        HandoffState.CLOSED: handoff.closed_at,
    }
    return reached.get(HandoffState(handoff.state)) or handoff.queued_at


def workers_of(user: User) -> QuerySet[User]:
    """Who works on hand-offs; a manager sees the own team only."""
    workers = User.objects.filter(is_active=True, role__in=WORKERS)
    return workers.filter(team_id=user.team_id or 0) if user.role == Role.MANAGER else workers


def loads(user: User, now: datetime) -> list[Load]:
    """The hand-offs that the reader sees, per person who works on some or could, the fullest first."""
    counted = visible_handoffs(user).filter(state__in=OPEN_STATES).order_by().values("owner")
    open_by = {row["owner"]: row["n"] for row in counted.annotate(n=Count("pk"))}
    people = list(workers_of(user))
    away = absent_until((person.pk for person in people), now)
    shown = [Load(person=person, open=open_by.get(person.pk, 0), away_until=away.get(person.pk)) for person in people]
    return sorted((load for load in shown if load.open or load.person.role == Role.REP), key=lambda load: -load.percent)
