"""Calendars as they once were: a version is made when one is first counted with, and after each change."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import Team
from handoff.calendars import calendar_of_team, document_of
from handoff.models import Calendar, CalendarVersion


def version_of(calendar: Calendar) -> CalendarVersion:
    """The version that says what the calendar says now; made where the last one says something else.

    The calendar comes with its closings (`calendars`); in a transaction.
    """
    document = document_of(calendar)
    last = _last(calendar)
    if last is not None and last.document == document:
        return last
    Calendar.objects.select_for_update().get(pk=calendar.pk)  # two who count with it at once make one version
    last = _last(calendar)
    if last is not None and last.document == document:
        return last
    number = last.number + 1 if last else 1
    return CalendarVersion.objects.create(calendar=calendar, number=number, document=document)


def counted_by(teams: Iterable[Team]) -> dict[Team, tuple[Calendar | None, CalendarVersion | None]]:
    """The calendar of each team with the version that it is at; each calendar's version is looked for once."""
    calendars = {team: calendar_of_team(team) for team in set(teams)}
    versions = {calendar: version_of(calendar) for calendar in set(calendars.values()) if calendar}
    return {team: (calendar, versions[calendar] if calendar else None) for team, calendar in calendars.items()}


def _last(calendar: Calendar) -> CalendarVersion | None:
    return CalendarVersion.objects.filter(calendar=calendar).order_by("-number").first()
