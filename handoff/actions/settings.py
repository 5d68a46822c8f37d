"""The rules of the desk: promises, calendars, reasons. Clocks that run keep their rule, and follow their calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import Team, User
from handoff.actions.calendar_moves import move_open_deadlines
from handoff.models import Calendar, CallRules, Closing, RejectReason, RetryPlan, TeamCalendar
from handoff.retries import RetryStep

Intervals = list[list[str]]


@transaction.atomic
def save_call_rules(*, changes: Mapping[str, Any]) -> None:
    """Change how leads are called again; counts from now on."""
    _assign(CallRules.objects.select_for_update().first() or CallRules(), changes)


@transaction.atomic
def save_retry_plan(*, team: Team, steps: Sequence[RetryStep]) -> None:
    """Change when a team calls again; leads that wait already keep their time."""
    stored = [[step.unit.value, step.amount] for step in steps]
    RetryPlan.objects.update_or_create(team=team, defaults={"steps": stored})


@transaction.atomic
def save_calendar(*, calendar: Calendar, changes: Mapping[str, Any], by: User, now: datetime) -> int:
    """Store a calendar that has passed its checks; the first one there is becomes the default.

    Returns how many open deadlines moved with it.
    """
    if calendar.pk is None and not Calendar.objects.filter(is_default=True).exists():
        calendar.is_default = True
    names = ("name", "timezone", "holidays_country", "holidays_region", "week")
    _assign(calendar, {name: changes[name] for name in names})
    return move_open_deadlines(calendar=calendar, by=by, now=now)


@transaction.atomic
def save_closings(
    *, calendar: Calendar, days: Iterable[date], name: str, intervals: Intervals, by: User, now: datetime
) -> int:
    """Write a closing or half day for each day, in place of what stood there; returns how many deadlines moved."""
    Closing.objects.bulk_create(
        (Closing(calendar=calendar, day=day, name=name, intervals=intervals) for day in days),
        update_conflicts=True,
        unique_fields=["calendar", "day"],
        update_fields=["name", "intervals"],
    )
    return move_open_deadlines(calendar=calendar, by=by, now=now)


@transaction.atomic
def remove_closing(*, closing: Closing, by: User, now: datetime) -> int:
    """Make a closed day a day like others again; returns how many open deadlines moved."""
    closing.delete()
    return move_open_deadlines(calendar=closing.calendar, by=by, now=now)


@transaction.atomic
def use_calendar(*, team: Team, calendar: Calendar) -> None:
    """From now on promises of this team are counted in this calendar."""
    TeamCalendar.objects.update_or_create(team=team, defaults={"calendar": calendar})


def _assign(row: CallRules | RejectReason | Calendar, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
