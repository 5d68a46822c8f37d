"""Larger changes of a calendar: what one would move, said before it is made; a year taken over; one given up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import User
from handoff.actions.calendar_moves import move_open_deadlines
from handoff.errors import RefusedError
from handoff.models import Calendar, Closing, Deadline, Handoff, HandoffStep, TeamCalendar


@dataclass(frozen=True, kw_only=True)
class MovedPromise:
    """An open promise that a change would move."""

    handoff: Handoff
    promise: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a change would move; `token` is another for every other effect."""

    moved: list[MovedPromise]

    @property
    def token(self) -> str:
        said = [(each.handoff.pk, each.promise, str(each.before), str(each.after)) for each in self.moved]
        return sha256(repr(said).encode()).hexdigest()[:16]


class _TakenBackError(Exception):
    """Ends a transaction that was only made to be looked at."""


def effect_of(change: Callable[[], object]) -> Effect:
    """What a change of a calendar does to open promises: it is made, looked at and taken back."""
    steps: list[HandoffStep] = []
    with suppress(_TakenBackError), transaction.atomic():
        last = HandoffStep.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        change()
        made = HandoffStep.objects.filter(kind="deadline_moved", pk__gt=last).order_by("pk")
        steps = list(made.select_related("handoff__lead__company"))
        raise _TakenBackError
    return Effect(
        moved=[
            MovedPromise(
                handoff=step.handoff,
                promise=step.params["promise"],
                before=parse_datetime(step.params["due_before"]),
                after=parse_datetime(step.params["due_after"]),
            )
            for step in steps
        ]
    )


@transaction.atomic
def take_over_closings(*, calendar: Calendar, year: int, by: User, now: datetime) -> int:
    """Write the closings of the year before on the same dates of `year`, where nothing stands; returns how many.

    29 February is left out where there is none. Open promises move with them.
    """
    earlier = calendar.closings.filter(day__year=year - 1)
    rows = [
        Closing(calendar=calendar, day=day, name=closing.name, intervals=closing.intervals)
        for closing in earlier
        if (day := _same_day(closing.day, year))
    ]
    before = calendar.closings.count()
    Closing.objects.bulk_create(rows, ignore_conflicts=True)
    move_open_deadlines(calendar=calendar, by=by, now=now)
    return calendar.closings.count() - before


def _same_day(day: date, year: int) -> date | None:
    with suppress(ValueError):
        return day.replace(year=year)
    return None


def is_used(calendar: Calendar) -> bool:
    """Whether a calendar cannot be given up without a successor: promises that have ended name it, too."""
    return calendar.is_default or calendar.teams.exists() or Deadline.objects.filter(calendar=calendar).exists()


@transaction.atomic
def delete_calendar(*, calendar: Calendar, successor: Calendar | None, by: User, now: datetime) -> int:
    """Give a calendar up: whoever works by it works by its successor. Returns how many open promises moved.

    Promises that have ended keep their times. Raises RefusedError for one in use without a successor.
    """
    if is_used(calendar) and successor is None:
        raise RefusedError(_("This calendar is in use. Choose the calendar that replaces it."))
    moved = 0
    if successor is not None:
        TeamCalendar.objects.filter(calendar=calendar).update(calendar=successor)
        Deadline.objects.filter(calendar=calendar).update(calendar=successor)
        if calendar.is_default:
            Calendar.objects.filter(pk=calendar.pk).update(is_default=False)
            Calendar.objects.filter(pk=successor.pk).update(is_default=True)
        moved = move_open_deadlines(calendar=successor, by=by, now=now)
    calendar.delete()
    return moved
