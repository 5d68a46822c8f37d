"""What each person of a team does: load, calls, promises kept, results. Every figure is a list that can be opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Avg, Count, F, IntegerField, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from accounts.access import visible_people
from accounts.models import User
from handoff.access import visible_handoffs
from handoff.calendars import clocks_of_teams
from handoff.enums import OPEN_STATES, ContactChannel, OutcomeResult, TeamFigure
from handoff.models import Contact, Deadline, Handoff, HandoffStep, Outcome
from handoff.queries.availability import absent_until
from handoff.queries.board import WORKERS
from handoff.queries.skips import skips, standing_steps
from web.shares import Interval, wilson

PERIODS = (7, 30, 90)  # days
FIRST_PERIOD = 30


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Whose figures, of which period: `people` are those that the reader may see."""

    user: User
    people: Collection[int]
    days: int
    now: datetime

    @property
    def since(self) -> datetime:
        return self.now - timedelta(days=self.days)

    @property
    def handoffs(self) -> QuerySet[Handoff]:
        """What the reader sees, without an order."""
        return visible_handoffs(self.user).order_by()


@dataclass(frozen=True, kw_only=True)
class FigureRows:
    """The rows behind a figure: of which field they are counted by person, when each was, which hand-off it is of."""

    rows: Callable[[Asked], QuerySet[Any]]
    person: str
    at: str
    handoff: str = "handoff"


def _contacts(asked: Asked, **narrowed: Any) -> QuerySet[Contact]:
    made = Contact.objects.filter(handoff__in=asked.handoffs.values("pk"), at__gte=asked.since, at__lte=asked.now)
    return made.filter(**narrowed)


def _ended(asked: Asked) -> QuerySet[Deadline]:
    """Promises that ended in the period: when they were kept, or when they were missed. One that was cancelled is
    neither."""
    kept = Q(met_at__gte=asked.since, met_at__lte=asked.now) & Q(met_at__lte=F("due_at"))
    late = Q(met_at=None, is_paused=False) | Q(met_at__gt=F("due_at"))
    missed = Q(due_at__gte=asked.since, due_at__lt=asked.now) & late
    return Deadline.objects.filter(kept | missed, cancelled_at=None, handoff__in=asked.handoffs.values("pk"))


def _steps(asked: Asked, steps: QuerySet[HandoffStep]) -> QuerySet[HandoffStep]:
    return steps.filter(handoff__in=asked.handoffs.values("pk"), at__gte=asked.since, at__lte=asked.now)


def _won(asked: Asked) -> QuerySet[Outcome]:
    won = Outcome.objects.filter(result=OutcomeResult.WON, handoff__in=asked.handoffs.values("pk"))
    return won.filter(decided_at__gte=asked.since, decided_at__lte=asked.now)


def _new_today(asked: Asked) -> QuerySet[Handoff]:
    """Given since midnight of the person's own day, as the daily limit counts them."""
    zones = dict(User.objects.filter(pk__in=asked.people).values_list("pk", "timezone"))
    by_midnight: dict[datetime, list[int]] = defaultdict(list)
    for person, zone in zones.items():
        midnight = asked.now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        by_midnight[midnight].append(person)
    given = Q(pk__in=[])
    for midnight, people in by_midnight.items():
        given |= Q(owner__in=people, queued_at__gte=midnight, queued_at__lte=asked.now)
    return asked.handoffs.filter(given)


def _answered(asked: Asked) -> QuerySet[Handoff]:
    return asked.handoffs.filter(contacted_at__gte=asked.since, contacted_at__lte=asked.now)


FIGURES: dict[str, FigureRows] = {
    TeamFigure.OPEN: FigureRows(
        rows=lambda asked: asked.handoffs.filter(state__in=OPEN_STATES), person="owner", at="queued_at", handoff=""
    ),
    TeamFigure.TODAY: FigureRows(rows=_new_today, person="owner", at="queued_at", handoff=""),
    TeamFigure.CALLS: FigureRows(
        rows=lambda asked: _contacts(asked, channel=ContactChannel.PHONE), person="by", at="at"
    ),
    TeamFigure.TRIED: FigureRows(rows=lambda asked: _contacts(asked, reached=False), person="by", at="at"),
    TeamFigure.SPOKEN: FigureRows(rows=lambda asked: _contacts(asked, reached=True), person="by", at="at"),
    TeamFigure.KEPT: FigureRows(
        rows=lambda asked: _ended(asked).filter(met_at__lte=F("due_at")), person="handoff__owner", at="due_at"
    ),
    TeamFigure.ENDED: FigureRows(rows=_ended, person="handoff__owner", at="due_at"),
    TeamFigure.ANSWERED: FigureRows(rows=_answered, person="owner", at="contacted_at", handoff=""),
    TeamFigure.ACCEPTED: FigureRows(
        rows=lambda asked: _steps(asked, standing_steps("accepted")), person="by", at="at"
    ),
    TeamFigure.WON: FigureRows(rows=_won, person="handoff__owner", at="decided_at"),
    TeamFigure.SKIPPED: FigureRows(rows=lambda asked: _steps(asked, skips()), person="by", at="at"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Speed:
    """Business time from becoming hot to first contact: the middle one, and the one that nine of ten stay below."""

    median: timedelta
    p90: timedelta


@dataclass(frozen=True, kw_only=True)
class TeamLine:
    """The figures of one person, or of all together where `person` is None. `score` is the mean total skipped over."""

    person: User | None
    counts: Mapping[str, int] = field(default_factory=dict)
    speed: Speed | None = None
    score: int | None = None
    away_until: datetime | None = None

    @property
    def kept(self) -> Interval | None:
        """Within which bounds the share of kept promises lies; None for too few."""
        return wilson(self.counts[TeamFigure.KEPT], self.counts[TeamFigure.ENDED])

    @property
    def kept_percent(self) -> float:
        return 100 * self.counts[TeamFigure.KEPT] / max(self.counts[TeamFigure.ENDED], 1)

    @property
    def percent(self) -> float:
        """How full the person is."""
        capacity = self.person.capacity if self.person else 0
        return min(100.0, 100 * self.counts[TeamFigure.OPEN] / capacity) if capacity else 100.0

    @property
    def is_full(self) -> bool:
        return self.person is not None and self.counts[TeamFigure.OPEN] >= self.person.capacity


def people_of(user: User, team: int | None = None) -> list[User]:
    """Whose lines this person sees: reps the own one, managers the team's, admins everybody's or those of `team`."""
    people = visible_people(user).filter(is_active=True, role__in=WORKERS)
    return list(people.filter(team_id=team) if team else people)


def rows_behind(figure: str, asked: Asked) -> QuerySet[Any]:
    """The rows that a figure counts, of the people that were asked for."""
    found = FIGURES[figure]
    return found.rows(asked).filter(**{f"{found.person}__in": asked.people})


def team_lines(user: User, people: Sequence[User], *, days: int, now: datetime) -> list[TeamLine]:
    """A line for each person, and the last one for all of them."""
    asked = Asked(user=user, people=[person.pk for person in people], days=days, now=now)
    counts = {figure: _counted(figure, asked) for figure in FIGURES}
    taken, scores = _answer_times(asked), _scores_skipped(asked)
    away = absent_until(asked.people, now)
    lines = [
        TeamLine(
            person=person,
            counts={figure: by_person.get(person.pk, 0) for figure, by_person in counts.items()},
            speed=_speed(taken.get(person.pk, ())),
            score=scores.get(person.pk),
            away_until=away.get(person.pk),
        )
        for person in people
    ]
    together = TeamLine(
        person=None,
        counts={figure: sum(by_person.values()) for figure, by_person in counts.items()},
        speed=_speed([time for times in taken.values() for time in times]),
        score=_mean_score(asked),
    )
    return [*lines, together]


def _counted(figure: str, asked: Asked) -> dict[int, int]:
    person = FIGURES[figure].person
    counted = rows_behind(figure, asked).order_by().values_list(person).annotate(n=Count("pk"))
    return dict(counted)


def _answer_times(asked: Asked) -> dict[int, list[timedelta]]:
    """Per person how long each lead waited for its first contact; one that was called before waited not at all."""
    clocks, times = clocks_of_teams(), defaultdict(list)
    names = ("owner", "team", "queued_at", "contacted_at")
    for owner, team, queued_at, contacted_at in rows_behind(TeamFigure.ANSWERED, asked).values_list(*names):
        times[owner].append(max(clocks.of(team).business_time(queued_at, contacted_at), timedelta()))
    return times


def _speed(times: Sequence[timedelta]) -> Speed | None:
    """By nearest rank: the 90th percentile is a time that was measured."""
    if not times:
        return None
    ordered = sorted(times)
    middle = timedelta(seconds=median(time.total_seconds() for time in ordered))
    return Speed(median=middle, p90=ordered[ceil(0.9 * len(ordered)) - 1])


_SCORE = Avg(Cast(KT("params__score"), IntegerField()))


def _scores_skipped(asked: Asked) -> dict[int, int]:
    rows = rows_behind(TeamFigure.SKIPPED, asked).order_by().values_list("by").annotate(score=_SCORE)
    return {person: round(score) for person, score in rows if score is not None}


def _mean_score(asked: Asked) -> int | None:
    score = rows_behind(TeamFigure.SKIPPED, asked).aggregate(score=_SCORE)["score"]
    return None if score is None else round(score)
