"""The promises as a page: in words, tried out on this moment, and how well they were kept."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q

from accounts.models import Team, User
from handoff.access import visible_handoffs
from handoff.calendars import calendar_of_team, calendars, clock_of
from handoff.enums import DueMode, Promise
from handoff.errors import NeverOpenError
from handoff.models import Calendar, Deadline, SlaPolicy
from handoff.promises import due_at, span_in_words

LOOK_BACK = timedelta(days=90)
ENOUGH = 5  # fewer ended promises say nothing


@dataclass(frozen=True, kw_only=True)
class Compliance:
    """How many promises of the last 90 days ended, and how many of them in time."""

    ended: int
    kept: int

    @property
    def percent(self) -> float | None:
        """None: too few to say."""
        return None if self.ended < ENOUGH else 100 * self.kept / self.ended


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What would be promised under one calendar if it began now."""

    calendar: Calendar
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ShownPolicy:
    policy: SlaPolicy
    span: str
    rehearsals: list[Rehearsal]
    compliance: Compliance


@dataclass(frozen=True, kw_only=True)
class Promised:
    """A policy that is in force, with its time in words."""

    policy: SlaPolicy
    span: str


def promised() -> list[Promised]:
    """What sales promises now."""
    active = SlaPolicy.objects.filter(is_active=True)
    return [Promised(policy=policy, span=span_in_words(policy.mode, policy.amount)) for policy in active]


def shown_policies(user: User, now: datetime) -> list[ShownPolicy]:
    """Every policy with its words, its rehearsal and its record among the hand-offs that this person sees."""
    known, kept = list(calendars()), compliance(user, now)
    return [
        ShownPolicy(
            policy=policy,
            span=span_in_words(policy.mode, policy.amount),
            rehearsals=rehearse(policy.mode, policy.amount, known, now),
            compliance=kept[policy.promise],
        )
        for policy in SlaPolicy.objects.all()
    ]


@dataclass(frozen=True, kw_only=True)
class DueTime:
    """When a promise is due that begins at `start`, and the stretches of time that count; all of it for hours of the
    clock on the wall."""

    policy: SlaPolicy
    calendar: Calendar | None
    start: datetime
    due_at: datetime
    counted: list[tuple[datetime, datetime]]


def due_time(policy: SlaPolicy, team: Team | None, start: datetime) -> DueTime:
    """Raises NeverOpenError where the calendar of the team has no open time left."""
    calendar = calendar_of_team(team)
    clock = clock_of(calendar)
    due = due_at(clock=clock, mode=policy.mode, amount=policy.amount, start=start)
    elapsed = policy.mode == DueMode.ELAPSED_HOURS
    return DueTime(
        policy=policy,
        calendar=None if elapsed else calendar,
        start=start,
        due_at=due,
        counted=[(start, due)] if elapsed else clock.stretches(start, due),
    )


def rehearse(mode: str, amount: int, known: list[Calendar], now: datetime) -> list[Rehearsal]:
    """When it would be due if it triggered now; one answer is enough where the calendar does not matter."""
    relevant = known[:1] if mode == DueMode.ELAPSED_HOURS else known
    rehearsals: list[Rehearsal] = []
    for calendar in relevant:
        due: datetime | None = None
        with suppress(NeverOpenError):
            due = due_at(clock=clock_of(calendar), mode=mode, amount=amount, start=now)
        rehearsals.append(Rehearsal(calendar=calendar, due_at=due))
    return rehearsals


def compliance(user: User, now: datetime) -> dict[str, Compliance]:
    """Per promise; a promise has ended when it was kept or when its due time has passed."""
    recent = Deadline.objects.filter(
        handoff__in=visible_handoffs(user).values("pk"), due_at__gte=now - LOOK_BACK, cancelled_at=None
    ).filter(Q(met_at__isnull=False) | Q(due_at__lte=now))
    in_time = Count("pk", filter=Q(met_at__lte=F("due_at")))
    rows = {row["promise"]: row for row in recent.values("promise").annotate(ended=Count("pk"), kept=in_time)}
    nothing = {"ended": 0, "kept": 0}
    return {
        promise: Compliance(ended=row["ended"], kept=row["kept"])
        for promise in Promise.values
        for row in [rows.get(promise, nothing)]
    }
