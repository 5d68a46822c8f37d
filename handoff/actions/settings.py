"""The rules of the desk: promises, calendars, reasons. Clocks that already run keep the rule they started under."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import Team
from handoff.models import Calendar, Closing, RejectReason, SlaPolicy, TeamCalendar


@transaction.atomic
def save_policy(*, policy: SlaPolicy, changes: Mapping[str, Any]) -> None:
    """Change a promise. The database keeps the audit trail."""
    _assign(policy, changes)


@transaction.atomic
def save_calendar(*, calendar: Calendar, changes: Mapping[str, Any]) -> None:
    """Store a calendar that has passed its checks; the first one there is becomes the default."""
    if calendar.pk is None and not Calendar.objects.filter(is_default=True).exists():
        calendar.is_default = True
    _assign(calendar, {name: changes[name] for name in ("name", "timezone", "holidays_country", "week")})


@transaction.atomic
def save_closing(*, calendar: Calendar, changes: Mapping[str, Any]) -> Closing:
    """Write a closing or half day; a second one on the same day replaces the first."""
    closing, _created = Closing.objects.update_or_create(
        calendar=calendar,
        day=changes["day"],
        defaults={"name": changes["name"], "intervals": changes["intervals"]},
    )
    return closing


@transaction.atomic
def remove_closing(*, closing: Closing) -> None:
    closing.delete()


@transaction.atomic
def use_calendar(*, team: Team, calendar: Calendar) -> None:
    """From now on promises of this team are counted in this calendar."""
    TeamCalendar.objects.update_or_create(team=team, defaults={"calendar": calendar})


def _assign(row: SlaPolicy | RejectReason | Calendar, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
