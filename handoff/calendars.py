"""From the calendars that people edit to the clocks that answer: rows in, plain values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.models import Team
from handoff.clock import BusinessClock, Hours, OfficeCalendar, clock_for
from handoff.models import Calendar, CalendarVersion, TeamCalendar


def clock_of(calendar: Calendar | None) -> BusinessClock:
    """The clock of a stored calendar (with its closings prefetched where many are asked); None is the shipped one."""
    return clock_for(OfficeCalendar() if calendar is None else value_of(calendar))


def value_of(calendar: Calendar) -> OfficeCalendar:
    """A stored calendar with its closings as the business clock takes it; an unsaved one has no closings."""
    closings = sorted(calendar.closings.all(), key=lambda closing: closing.day) if calendar.pk else []
    return OfficeCalendar(
        zone=calendar.timezone,
        week=tuple(hours_of(day) for day in calendar.week),
        country=calendar.holidays_country,
        subdivision=calendar.holidays_region,
        exceptions=tuple((closing.day, hours_of(closing.intervals)) for closing in closings),
    )


def document_of(calendar: Calendar) -> dict[str, Any]:
    """A stored calendar as its versions keep it."""
    value = value_of(calendar)
    return {
        "zone": value.zone,
        "week": [intervals_of(hours) for hours in value.week],
        "country": value.country,
        "subdivision": value.subdivision,
        "exceptions": [[day.isoformat(), intervals_of(hours)] for day, hours in value.exceptions],
    }


def version_number(calendar: Calendar) -> int | None:
    """Which version a calendar is at, if it has been counted with."""
    return calendar.versions.order_by("-number").values_list("number", flat=True).first()


def clock_of_version(version: CalendarVersion | None) -> BusinessClock:
    """The clock of a calendar as it was; None is the shipped one."""
    if version is None:
        return clock_of(None)
    document = version.document
    return clock_for(
        OfficeCalendar(
            zone=document["zone"],
            week=tuple(hours_of(day) for day in document["week"]),
            country=document["country"],
            subdivision=document["subdivision"],
            exceptions=tuple((date.fromisoformat(day), hours_of(hours)) for day, hours in document["exceptions"]),
        )
    )


def hours_of(intervals: Iterable[Sequence[str]]) -> Hours:
    """[["09:00", "12:00"], ...] as minutes since midnight; "24:00" is the end of the day."""
    return tuple((minutes_of(opens), minutes_of(closes)) for opens, closes in intervals)


def minutes_of(wall: str) -> int:
    """ "09:30" as minutes since midnight."""
    hours, minutes = wall.split(":")
    return int(hours) * 60 + int(minutes)


def wall_of(minutes: int) -> str:
    """Minutes since midnight as "09:30"; 1440 is "24:00"."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def intervals_of(hours: Hours) -> list[list[str]]:
    """The stored form of a day's hours."""
    return [[wall_of(opens), wall_of(closes)] for opens, closes in hours]


def calendars() -> QuerySet[Calendar]:
    """Calendars with all that a clock needs."""
    return Calendar.objects.prefetch_related("closings")


def wake_instant(team: Team | None, day: date) -> datetime:
    """When a follow-up date begins, on the wall clock of the team's calendar."""
    calendar = calendar_of_team(team)
    zone = calendar.timezone if calendar else OfficeCalendar().zone
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone))


def calendar_of_team(team: Team | None) -> Calendar | None:
    """The team's own calendar, else the default one, else None."""
    own = calendars().filter(teams__team=team).first() if team is not None else None
    return own or calendars().filter(is_default=True).first() or calendars().first()


@dataclass(frozen=True, kw_only=True)
class TeamClocks:
    """The business clocks of all teams."""

    by_team: Mapping[int, BusinessClock]
    otherwise: BusinessClock

    def of(self, team: int | None) -> BusinessClock:
        """The clock of a team by its key; of teams without a calendar of their own the default one."""
        return self.by_team.get(team or 0, self.otherwise)


def clocks_of_teams() -> TeamClocks:
    """As `calendar_of_team` chooses them, for all teams in three statements."""
    known = list(calendars())
    clocks = {calendar.pk: clock_of(calendar) for calendar in known}
    default = next((calendar for calendar in known if calendar.is_default), known[0] if known else None)
    own = TeamCalendar.objects.values_list("team", "calendar")
    return TeamClocks(
        by_team={team: clocks[calendar] for team, calendar in own if calendar in clocks},
        otherwise=clocks[default.pk] if default else clock_of(None),
    )
