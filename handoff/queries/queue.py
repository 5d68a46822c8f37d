"""The queue: which hand-offs a person should look at, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Lower, TruncDay
from django.db.models.lookups import In
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Team, User
from handoff.access import visible_handoffs
from handoff.calendars import clocks_of_teams
from handoff.calling_hours import countries, countries_to_leave_alone, is_open, regions_by_hours
from handoff.enums import OPEN_STATES, BoardResult, HandoffState, QueueTab
from handoff.models import Handoff, Hold
from handoff.queries.skips import skips_of
from handoff.queries.tries import offered
from handoff.region_zones import ZONES
from handoff.routing import SKIPPED
from leads.models import Source
from web.paging import Order

IN_HAND = (HandoffState.QUEUED, HandoffState.CLAIMED)
IN_RESULT = (HandoffState.CONTACTED, HandoffState.ACCEPTED)
ENDED = (HandoffState.REJECTED, HandoffState.CLOSED)
PAGE = 25
NEAR = timedelta(hours=24)
URGENCY = Order(name="urgency", keys=("rank", "turn_at", "-current_total", "queued_at", "pk"), nulls_last=("turn_at",))
LAST_CLOSED = Order.by("-closed_at")


@dataclass(frozen=True, kw_only=True)
class TabCounts:
    """How many wait where, and how urgent it is. "Done" is history and not counted."""

    team: int = 0
    mine: int = 0
    waiting: int = 0
    snoozed: int = 0
    due_today: int = 0
    breached: int = 0
    by_tab: Mapping[str, int] = field(default_factory=dict)


def tab_condition(user: User, tab: QueueTab, now: datetime) -> Q:
    """What belongs into a tab; OPEN is what the counts above the tabs count.

    Those who look after others see their work under "waiting" and "done", too.
    """
    awake = Q(snoozed_until=None) | Q(snoozed_until__lte=now)
    own = Q(owner=user)
    ours = Q(team_id=user.team_id) if user.role in (Role.REP, Role.MANAGER) and user.team_id else Q()
    mine_or_all = Q() if user.role in (Role.MANAGER, Role.MARKETER, Role.ADMIN) else own
    team = ours & Q(state=HandoffState.QUEUED, owner=None) & awake
    mine = own & Q(state__in=IN_HAND) & awake
    waiting = mine_or_all & Q(state__in=IN_RESULT) & awake
    return {
        QueueTab.TEAM: team,
        QueueTab.MINE: mine,
        QueueTab.WAITING: waiting,
        QueueTab.OPEN: team | mine | waiting,
        QueueTab.ALL: Q(state__in=OPEN_STATES),
        QueueTab.SNOOZED: mine_or_all & Q(state__in=OPEN_STATES, snoozed_until__gt=now),
        QueueTab.DONE: mine_or_all & Q(state__in=ENDED) & ~Q(routed_by__in=SKIPPED),
    }[tab]


def first_tab(user: User) -> QueueTab:
    """Where a person begins: with the team's leads that nobody has, or, coming from outside, with their own."""
    return QueueTab.MINE if user.role == Role.OUTSOURCED else QueueTab.TEAM


def queue(user: User, tab: QueueTab, now: datetime) -> QuerySet[Handoff]:
    """The hand-offs of a tab, the most urgent first; what is done, the latest first."""
    handoffs = visible_handoffs(user).filter(tab_condition(user, tab, now))
    if tab == QueueTab.DONE:
        return handoffs.order_by(*LAST_CLOSED.expressions())
    return by_urgency(handoffs.filter(state__in=OPEN_STATES), now)


def by_urgency(handoffs: QuerySet[Handoff], now: datetime) -> QuerySet[Handoff]:
    """Open hand-offs in the one order of the queue: what a rung of the ladder has put on top until it is contacted,
    what is overdue, call-backs whose time has come, then the rest.

    Call-backs, agreed on or planned after a try that reached nobody, stand by their time, all others by the day on
    which they are due; within it the higher total of now comes first, then who waits longer. `rank` and `turn_at` say
    so on every row.
    """
    raised = When(raised_at__isnull=False, contacted_at=None, then=Value(-1))
    overdue = When(due_at__lt=now, then=Value(0))
    agreed, planned = Q(snoozed_until__lte=now), Q(retry_at__lte=now)
    due_day = TruncDay("due_at")
    return handoffs.annotate(
        rank=Case(
            raised, overdue, When(agreed | planned, then=Value(1)), default=Value(2), output_field=IntegerField()
        ),
        turn_at=Case(
            When(due_at__lt=now, then=due_day),
            When(agreed, then=F("snoozed_until")),
            When(planned, then=F("retry_at")),
            default=due_day,
        ),
    ).order_by(*URGENCY.expressions())


def order_of(tab: QueueTab) -> Order:
    return LAST_CLOSED if tab == QueueTab.DONE else URGENCY


def due_condition(due: str, now: datetime) -> Q:
    """Days end at the reader's midnight."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "overdue": Q(due_at__lt=now),
        "rest_of_today": Q(due_at__gte=now, due_at__lt=midnight + timedelta(days=1)),
        "today": Q(due_at__lt=midnight + timedelta(days=1)),
        "soon": Q(due_at__lt=now + NEAR),
        "week": Q(due_at__lt=midnight + timedelta(days=7)),
    }.get(due, Q())


def result_condition(result: str) -> Q:
    """What ended in this way, one of BoardResult."""
    if result == BoardResult.REJECTED:
        return Q(state=HandoffState.REJECTED)
    return Q(state=HandoffState.CLOSED, result=result)


def decided_within(days: int, now: datetime) -> Q:
    """What ended in the last `days` days, without what ended before anybody was given it."""
    return Q(state__in=ENDED, closed_at__gt=now - timedelta(days=days)) & ~Q(routed_by__in=SKIPPED)


COUNTED_TABS = (QueueTab.TEAM, QueueTab.MINE, QueueTab.WAITING, QueueTab.SNOOZED)


def counts(user: User, now: datetime) -> TabCounts:
    """One statement over the open hand-offs that this person sees: as many rows as there are kinds of them."""
    is_in = {f"is_{tab.value}": tab_condition(user, tab, now) for tab in COUNTED_TABS}
    is_due = {"is_late": due_condition("overdue", now), "is_by_today": due_condition("today", now)}
    kinds = visible_handoffs(user).filter(state__in=OPEN_STATES).order_by().annotate(**is_in, **is_due)
    counted = list(kinds.values(*is_in, *is_due).annotate(n=Count("pk")))
    by_tab = {tab.value: sum(kind["n"] for kind in counted if kind[f"is_{tab.value}"]) for tab in COUNTED_TABS}
    urgent = [kind for kind in counted if kind["is_team"] or kind["is_mine"] or kind["is_waiting"]]
    return TabCounts(
        **by_tab,
        due_today=sum(kind["n"] for kind in urgent if kind["is_by_today"] and not kind["is_late"]),
        breached=sum(kind["n"] for kind in urgent if kind["is_late"]),
        by_tab=by_tab,
    )


def next_handoffs(user: User, now: datetime) -> Iterator[QuerySet[Handoff]]:
    """What to do next: one's own leads in the order of the queue, then the team's, then what one has skipped today.

    Whoever was just tried rests first, and what somebody else has open is passed over. Leads where it is not between
    9 and 18 o'clock come when there is nobody else left.
    """
    held = Hold.objects.filter(handoff=OuterRef("pk"), until__gt=now).exclude(person=user)
    skips = skips_of(user, now).filter(handoff=OuterRef("pk")).order_by("-at")
    tabs = (QueueTab.MINE, QueueTab.TEAM)
    waiting = [offered(queue(user, tab, now), now).filter(~Exists(held)) for tab in tabs]
    asleep = outside_calling_hours(now)
    for narrowed in (~asleep, asleep):
        for handoffs in waiting:
            yield handoffs.filter(narrowed, ~Exists(skips))
        for handoffs in waiting:
            yield (
                handoffs.filter(narrowed)
                .annotate(skipped_at=Subquery(skips.values("at")[:1]))
                .exclude(skipped_at=None)
                .order_by("skipped_at", "pk")
            )


def outside_calling_hours(now: datetime) -> Q:
    """Hand-offs of leads whom nobody calls at this moment: by their country and region, else by the calendar of the
    team."""
    clocks = clocks_of_teams()
    late = Team.objects.exclude(pk__in=[team for team, clock in clocks.by_team.items() if is_open(clock.zone, now)])
    if is_open(clocks.otherwise.zone, now):
        late = late.filter(pk__in=clocks.by_team)
    nowhere = ~Q(lead__country__in=countries())
    asleep = Q(lead__country__in=countries_to_leave_alone(now))
    for country in ZONES:
        regions, here = regions_by_hours(country, now), Q(lead__country=country)
        asleep |= here & Q(In(Lower("lead__region"), regions[False]))
        if regions[True]:
            asleep &= ~(here & Q(In(Lower("lead__region"), regions[True])))
    return asleep | nowhere & Q(team__in=list(late))


@dataclass(frozen=True, kw_only=True)
class InUse:
    """What the filters of the queue offer: only what would find something."""

    sources: list[Source]
    languages: list[str]
    owners: list[User]
    definitions: list[str]


def in_use(user: User) -> InUse:
    """The sources and languages of the leads in this person's open hand-offs, who has them, and what made them hot."""
    handoffs = visible_handoffs(user).filter(state__in=OPEN_STATES).order_by()
    names = ("lead__source", "lead__language", "owner", "episode__definition")
    used = list(handoffs.values_list(*names).distinct())
    sources, languages, owners, definitions = ({row[at] for row in used if row[at]} for at in range(len(names)))
    return InUse(
        sources=list(Source.objects.filter(pk__in=sources)),
        languages=sorted(languages, key=str.lower),
        owners=list(User.objects.filter(pk__in=owners).only("name", "email")),
        definitions=sorted(definitions),
    )
