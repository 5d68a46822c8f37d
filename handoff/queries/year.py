"""A calendar at a glance: every day of a year with what makes it differ, who uses the calendar, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts.models import Team, User
from engine.measures import MONTHS, WEEKDAYS
from handoff.access import visible_handoffs
from handoff.calendars import clock_of, value_of
from handoff.clock import FIRST_YEAR, LAST_YEAR, Hours
from handoff.enums import OPEN_STATES
from handoff.models import Calendar, Deadline
from handoff.queries.sla_terms import counted_policies
from web import formats

DECEMBER = 12


@dataclass(frozen=True, kw_only=True)
class YearDay:
    """One date. `kind` is open, off (by the week), holiday, closed (by the company), half (fewer hours) or extra."""

    day: date
    kind: str
    hours: Hours
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Month:
    """Weeks from Monday to Sunday; None before the first day and after the last."""

    name: str
    weeks: list[list[YearDay | None]]


@dataclass(frozen=True, kw_only=True)
class CalendarYear:
    year: int
    months: list[Month]
    weekdays: list[str]
    special: list[YearDay]
    """Holidays and days of the company's own, in order."""
    working_days: int


@dataclass(frozen=True, kw_only=True)
class CalendarUse:
    """Who counts on a calendar: teams, the promises that are counted in it, and how many open leads have one."""

    teams: list[Team]
    policies: list[str]
    open_leads: int

    def __bool__(self) -> bool:
        return bool(self.teams or self.open_leads)


def year_of(calendar: Calendar, year: int) -> CalendarYear:
    """All days of one year as the business clock counts them."""
    names = {closing.day: closing.name for closing in calendar.closings.all() if closing.day.year == year}
    value = value_of(calendar)
    language = "ja" if formats.language() == "ja" else "en_US"
    number = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    days = []
    for open_day in clock_of(calendar).open_days(date(year, 1, 1), number, language=language):
        usual = value.week[open_day.day.weekday()]
        kind = _kind(open_day.hours, usual, is_own=open_day.day in names, is_holiday=bool(open_day.holiday))
        name = names.get(open_day.day) or open_day.holiday
        days.append(YearDay(day=open_day.day, kind=kind, hours=open_day.hours, name=name))
    return CalendarYear(
        year=year,
        months=[_month(month, [day for day in days if day.day.month == month]) for month in range(1, 13)],
        weekdays=list(WEEKDAYS[formats.language()]),
        special=[day for day in days if day.name],
        working_days=sum(bool(day.hours) for day in days),
    )


def _kind(hours: Hours, usual: Hours, *, is_own: bool, is_holiday: bool) -> str:
    if is_own and hours:
        return "half" if _minutes(hours) < _minutes(usual) else "extra" if hours != usual else "open"
    if is_own:
        return "closed"
    if is_holiday and not hours:
        return "holiday"
    return "open" if hours else "off"


def _minutes(hours: Iterable[tuple[int, int]]) -> int:
    return sum(end - start for start, end in hours)


def _month(number: int, days: list[YearDay]) -> Month:
    name = f"{number}月" if formats.language() == "ja" else MONTHS[number - 1]
    cells: list[YearDay | None] = [None] * days[0].day.weekday() + list(days)
    cells += [None] * (-len(cells) % 7)
    return Month(name=name, weeks=[cells[start : start + 7] for start in range(0, len(cells), 7)])


def year_without_closings(calendar: Calendar, today: date) -> int | None:
    """The year whose closings somebody should enter: this one, or in December the next; None where that was done."""
    years = {closing.day.year for closing in calendar.closings.all()}
    if today.month == DECEMBER and today.year + 1 not in years:
        return today.year + 1
    return today.year if years and today.year not in years and max(years) < today.year else None


def in_years(year: int | None, today: date) -> int:
    """The year that was asked for, as far as a clock reaches; this one where it does not."""
    return year if year is not None and FIRST_YEAR <= year <= LAST_YEAR else today.year


def use_of(calendar: Calendar, user: User) -> CalendarUse:
    """Who uses a calendar; open leads are those that the reader sees, which the queue lists."""
    teams = [use.team for use in calendar.teams.select_related("team")]
    running = Deadline.objects.filter(calendar=calendar, met_at=None, cancelled_at=None)
    visible = visible_handoffs(user).filter(state__in=OPEN_STATES, pk__in=running.values("handoff"))
    is_used = bool(teams) or calendar.is_default
    return CalendarUse(teams=teams, policies=counted_policies() if is_used else [], open_leads=visible.count())
