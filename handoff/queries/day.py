"""A person's day: own hand-offs and own to-dos in one list, what comes back later, and what was done today.

Every number above the list counts the rows that it leads to, by the same conditions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import User
from accounts.policies import is_allowed
from handoff import policies
from handoff.access import visible_handoffs
from handoff.enums import OPEN_STATES, DayKind, DayTab
from handoff.models import Handoff, Todo
from handoff.queries.queue import IN_HAND, IN_RESULT, URGENCY, by_urgency
from handoff.queries.skips import standing_steps
from handoff.queries.todos import visible_todos
from scoring.models import LeadScore
from web.paging import signed, unsigned

PAGE = 25
MOST = 2_000
"""Nobody has more to do at once; what is beyond is not read."""
WORKED = ("contacted", "tried", "accepted", "rejected", "result", "snoozed")
"""Steps by which somebody has worked on a lead."""
LIST = "handoff.day"
DAY = "day"  # in the address of a lead page that was opened from this list
NEVER = datetime.max.replace(tzinfo=UTC)
Key = tuple[int, datetime, int, datetime, int, int]


@dataclass(frozen=True, kw_only=True)
class DayItem:
    """One row: a hand-off or a to-do. `key` is its place; `at` is when it comes back, or when it was done."""

    key: Key
    at: datetime
    handoff: int = 0
    todo: int = 0


@dataclass(frozen=True, kw_only=True)
class DayPage:
    items: list[DayItem] = field(default_factory=list)
    after: str = ""
    is_start: bool = True


@dataclass(frozen=True, kw_only=True)
class DayCounts:
    """How many rows each tab has, and how many of "Now" there are of each kind."""

    hot: int
    call_back: int
    result: int
    todo: int
    overdue: int
    later: int
    done: int

    @property
    def now(self) -> int:
        return self.hot + self.call_back + self.result + self.todo


def midnight_of(now: datetime) -> datetime:
    """When the reader's day began."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


# --- what belongs where ----------------------------------------------------------------------------------------------


def own_handoffs(user: User, tab: str, now: datetime) -> QuerySet[Handoff]:
    """The hand-offs of a tab. "Later" are those that are snoozed or wait for the customer, and those that are called
    again by the retry plan, unless overdue.
    """
    own = visible_handoffs(user).filter(owner=user)
    if tab == DayTab.DONE:
        steps = standing_steps(*WORKED).filter(by=user, at__gte=midnight_of(now), at__lte=now)
        return visible_handoffs(user).filter(pk__in=steps.values("handoff"))
    asleep = Q(snoozed_until__gt=now)
    rests = Q(retry_at__gt=now) & (Q(due_at=None) | Q(due_at__gte=now))
    waits = Q(paused_until__gt=now)
    later = own.filter(state__in=OPEN_STATES).filter(asleep | rests | waits)
    if tab == DayTab.LATER:
        return later
    return own.filter(state__in=OPEN_STATES).exclude(pk__in=later.values("pk"))


def own_todos(user: User, tab: str, now: datetime) -> QuerySet[Todo]:
    """The to-dos of a tab: "Now" are those due by the end of today."""
    if not is_allowed(user, policies.TODOS):
        return Todo.objects.none()
    midnight = midnight_of(now)
    if tab == DayTab.DONE:
        return visible_todos(user).filter(done_by=user, done_at__gte=midnight, done_at__lte=now)
    tomorrow = midnight + timedelta(days=1)
    mine = visible_todos(user).filter(owner=user, done_at=None)
    return mine.filter(due_at__gte=tomorrow) if tab == DayTab.LATER else mine.filter(due_at__lt=tomorrow)


def _kind_of_handoff(kind: str, now: datetime) -> Q:
    turn_has_come = Q(snoozed_until__lte=now) | Q(retry_at__lte=now)
    not_yet = (Q(snoozed_until=None) | Q(snoozed_until__gt=now)) & (Q(retry_at=None) | Q(retry_at__gt=now))
    return {
        DayKind.HOT: Q(state__in=IN_HAND) & not_yet,
        DayKind.CALL_BACK: Q(state__in=IN_HAND) & turn_has_come,
        DayKind.RESULT: Q(state__in=IN_RESULT),
        DayKind.TODO: Q(pk__in=[]),
        DayKind.OVERDUE: Q(due_at__lt=now),
    }.get(DayKind(kind), Q()) if kind in DayKind.values else Q()  # fmt: skip


def _kind_of_todo(kind: str, now: datetime) -> Q:
    if kind == DayKind.OVERDUE:
        return Q(due_at__lt=midnight_of(now))
    return Q() if kind in ("", DayKind.TODO) else Q(pk__in=[])


def day_counts(user: User, now: datetime) -> DayCounts:
    kinds = (DayKind.HOT, DayKind.CALL_BACK, DayKind.RESULT, DayKind.OVERDUE)
    asked = {kind.value: Count("pk", filter=_kind_of_handoff(kind, now)) for kind in kinds}
    handoffs = own_handoffs(user, DayTab.NOW, now).order_by().aggregate(**asked)
    todos = own_todos(user, DayTab.NOW, now)
    late = todos.filter(_kind_of_todo(DayKind.OVERDUE, now)).count()
    tabs = {
        tab: own_handoffs(user, tab, now).count() + own_todos(user, tab, now).count()
        for tab in (DayTab.LATER, DayTab.DONE)
    }
    return DayCounts(
        hot=handoffs["hot"], call_back=handoffs["call_back"], result=handoffs["result"], todo=todos.count(),
        overdue=handoffs["overdue"] + late, later=tabs[DayTab.LATER], done=tabs[DayTab.DONE],
    )  # fmt: skip


# --- the list --------------------------------------------------------------------------------------------------------


def day_items(user: User, tab: str, now: datetime, kind: str = "") -> list[DayItem]:
    """All rows of a tab in their order, as keys.

    "Now" has the one order of the queue (`by_urgency`), in which a to-do is overdue once its day is over, has its turn
    from its time on as a call-back has, and stands by its day before that. "Later" goes by when it comes, "Done" by
    when it was done, the latest first.
    """
    handoffs, todos = own_handoffs(user, tab, now), own_todos(user, tab, now)
    if tab == DayTab.NOW:
        handoffs, todos = handoffs.filter(_kind_of_handoff(kind, now)), todos.filter(_kind_of_todo(kind, now))
        items = [*_handoffs_now(handoffs, now), *_todos_now(todos, now)]
    elif tab == DayTab.LATER:
        items = [*_handoffs_later(handoffs), *_todos_by(todos, "due_at")]
    else:
        items = [*_handoffs_done(handoffs, user, now), *_todos_by(todos, "done_at")]
        return sorted(items, key=lambda item: item.key, reverse=True)
    return sorted(items, key=lambda item: item.key)


def _handoffs_now(handoffs: QuerySet[Handoff], now: datetime) -> list[DayItem]:
    rows = by_urgency(handoffs, now).values(*URGENCY.fields)[:MOST]
    return [
        DayItem(key=(rank, turn_at or NEVER, -total, queued_at, 0, pk), at=turn_at or NEVER, handoff=pk)
        for rank, turn_at, total, queued_at, pk in (tuple(row.values()) for row in rows)
    ]


def _todos_now(todos: QuerySet[Todo], now: datetime) -> list[DayItem]:
    rows = list(todos.order_by("due_at", "pk").values_list("pk", "due_at", "made_at", "lead")[:MOST])
    scores = LeadScore.objects.filter(lead__in={row[3] for row in rows}, model__current_version__isnull=False)
    totals = dict(scores.values_list("lead").annotate(most=Max("total")).order_by())
    midnight, items = midnight_of(now), []
    for pk, due_at, made_at, lead in rows:
        day = midnight_of(due_at).replace(tzinfo=UTC)  # as the database writes the reader's day of a hand-off
        rank, turn_at = (0, day) if due_at < midnight else (1, due_at) if due_at <= now else (2, day)
        items.append(DayItem(key=(rank, turn_at, -totals.get(lead, 0), made_at, 1, pk), at=due_at, todo=pk))
    return items


def _handoffs_later(handoffs: QuerySet[Handoff]) -> list[DayItem]:
    comes_at = Greatest("snoozed_until", "retry_at", "paused_until")
    rows = handoffs.annotate(comes_at=comes_at).values_list("pk", "comes_at")[:MOST]
    return [DayItem(key=(0, at, 0, at, 0, pk), at=at, handoff=pk) for pk, at in rows]


def _handoffs_done(handoffs: QuerySet[Handoff], user: User, now: datetime) -> list[DayItem]:
    today = standing_steps(*WORKED).filter(by=user, at__gte=midnight_of(now), at__lte=now)
    rows = today.filter(handoff__in=handoffs.values("pk")).order_by().values_list("handoff").annotate(last=Max("at"))
    return [DayItem(key=(0, at, 0, at, 0, pk), at=at, handoff=pk) for pk, at in rows[:MOST]]


def _todos_by(todos: QuerySet[Todo], name: str) -> list[DayItem]:
    rows = todos.order_by(name, "pk").values_list("pk", name)[:MOST]
    return [DayItem(key=(0, at, 0, at, 1, pk), at=at, todo=pk) for pk, at in rows]


def day_page(items: Sequence[DayItem], tab: str, after: str, size: int = PAGE) -> DayPage:
    """The rows behind the cursor `after`; one that is forged, or of another tab, is the first page."""
    position = unsigned(f"{LIST} {tab}", after)
    left = list(items)
    if position:
        key, is_down = tuple(position), tab == DayTab.DONE
        left = [item for item in items if (item.key < key if is_down else item.key > key)]
    shown = left[:size]
    more = signed(f"{LIST} {tab}", shown[-1].key) if len(left) > size else ""
    return DayPage(items=shown, after=more, is_start=not position)
