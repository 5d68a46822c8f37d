"""The business clock: when an office is open, and what that makes of a promise.

A library of plain values: no models, no settings, and no "now" of its own; every question names its instant.
Open time is kept as sorted intervals in UTC with prefix sums, so a due date is a bisection, whatever the distance.

An office is open while its wall clock shows a time inside the hours of that date. That settles daylight saving
time: an hour that is skipped is not worked, an hour that is repeated is worked twice.

Pauses are stretches of absolute time that don't count, in any order, overlapping or not; the start of a pause is part
of it, the end is not. One that still lasts is given up to the instant in question.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from handoff.errors import NeverOpenError

Hours = tuple[tuple[int, int], ...]
"""Intervals of one day in minutes since midnight, ascending, end exclusive; 24:00 is 1440; () is closed."""

Pause = tuple[datetime, datetime]
"""From when until when nothing counts."""

OFFICE_HOURS: Hours = ((9 * 60, 18 * 60),)
OFFICE_WEEK: tuple[Hours, ...] = (OFFICE_HOURS,) * 5 + ((), ())
DAY_MINUTES = 24 * 60
FIRST_YEAR, LAST_YEAR = 1950, 2200

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MINUTE = 60_000_000
_DAY = DAY_MINUTES * _MINUTE
_EPOCH_ORDINAL = _EPOCH.toordinal()


class CalendarProblem(NamedTuple):
    """One thing wrong with a calendar: where, and which of the codes of `check`."""

    where: str
    code: str


@dataclass(frozen=True, kw_only=True)
class OfficeCalendar:
    """What an office says about its hours; `exceptions` are dates that differ: closings (), half days, extra days."""

    zone: str = "Asia/Tokyo"
    week: tuple[Hours, ...] = OFFICE_WEEK
    country: str = "JP"
    subdivision: str = ""
    exceptions: tuple[tuple[date, Hours], ...] = ()
    _by_date: dict[date, Hours] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_date", dict(self.exceptions))

    def hours_on(self, day: date) -> Hours:
        """The office hours of one date: its exception, else nothing on a public holiday, else the weekday's."""
        if (special := self._by_date.get(day)) is not None:
            return special
        if self.country and day in public_holidays(self.country, self.subdivision, "en_US", day.year):
            return ()
        return self.week[day.weekday()]


@lru_cache(maxsize=4096)
def public_holidays(country: str, subdivision: str, language: str, year: int) -> dict[date, str]:
    """The public holidays of a year with their names; the country's own names where the language is not offered."""
    names = holidays.country_holidays(country, subdiv=subdivision or None, years=year, language=language)
    return dict(names.items())


def check(calendar: OfficeCalendar, *, today: date) -> list[CalendarProblem]:
    """Everything wrong with a calendar at once; a calendar with problems never reaches a clock."""
    problems: list[CalendarProblem] = []
    try:
        ZoneInfo(calendar.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        problems.append(CalendarProblem("zone", "zone_unknown"))
    subdivisions = holidays.list_supported_countries().get(calendar.country) if calendar.country else []
    if subdivisions is None:
        problems.append(CalendarProblem("country", "country_unknown"))
    elif calendar.subdivision and calendar.subdivision not in subdivisions:
        problems.append(CalendarProblem("subdivision", "subdivision_unknown"))
    if len(calendar.week) != 7:
        problems.append(CalendarProblem("week", "week_incomplete"))
    named = [(f"week[{n}]", hours) for n, hours in enumerate(calendar.week)]
    named += [(f"exceptions[{day.isoformat()}]", hours) for day, hours in calendar.exceptions]
    for where, hours in named:
        previous_end = 0
        for start, end in hours:
            if not 0 <= start < end <= DAY_MINUTES:
                problems.append(CalendarProblem(where, "hours_backwards"))
            elif start < previous_end:
                problems.append(CalendarProblem(where, "hours_overlap"))
            previous_end = max(previous_end, end)
    if not problems and not any(calendar.hours_on(today + timedelta(days=n)) for n in range(366)):
        problems.append(CalendarProblem("week", "never_open"))
    return problems


class OpenDay(NamedTuple):
    """One date as a person reads it: the hours of its wall clock and the public holiday it is, if any."""

    day: date
    hours: Hours
    holiday: str


class _Timetable(NamedTuple):
    """The open time of whole years, in microseconds since the epoch (UTC), ascending."""

    first_year: int
    last_year: int
    opens: list[int]
    closes: list[int]
    before: list[int]  # open time before each interval; one longer than the others, so the last is the sum
    days: list[int]  # business days as ordinals
    day_ends: list[int]  # close of business of each of them

    def position(self, at: int) -> int:
        """The open time from the beginning of the table to an instant."""
        index = bisect_right(self.opens, at) - 1
        return 0 if index < 0 else self.before[index] + min(at, self.closes[index]) - self.opens[index]


class BusinessClock:
    """Answers questions about one calendar. Builds the years it is asked about and remembers them."""

    def __init__(self, calendar: OfficeCalendar) -> None:
        self.calendar = calendar
        self.zone = ZoneInfo(calendar.zone)
        self._table: _Timetable | None = None

    def add_business_days(self, start: datetime, days: int, pauses: Iterable[Pause] = ()) -> datetime:
        """Close of business of the n-th business day after the day of `start`; n = 0: the next close of business.

        Open time that falls into pauses before then is made up for afterwards, to the minute: with a whole day of
        pause it is the close of the day after, with an hour of it an hour into that day.
        """
        due = self._close_of_business(start, days)
        kept = _merged(pauses, start)
        return self.add_business_time(start, self.business_time(start, due), kept) if kept else due

    def _close_of_business(self, start: datetime, days: int) -> datetime:
        at, year = _micros(start), start.year
        after = start.astimezone(self.zone).toordinal()
        for table in self._tables(year, year + days // 200 + 1):
            index = bisect_right(table.day_ends, at) if days == 0 else bisect_right(table.days, after) + days - 1
            if index < len(table.days):
                return _instant(table.day_ends[index])
        raise NeverOpenError(self.calendar)

    def add_business_time(self, start: datetime, span: timedelta, pauses: Iterable[Pause] = ()) -> datetime:
        """The earliest instant by which `span` of open time outside pauses has passed since `start`."""
        for paused, resumed in _merged(pauses, start):
            before = self.business_time(start, paused)
            if span <= before:
                break
            start, span = resumed, span - before
        at, year = _micros(start), start.year
        if span <= timedelta():
            return start
        for table in self._tables(year, year + span.days // 30 + 1):
            target = table.position(at) + span // _MICROSECOND
            if target <= table.before[-1]:
                index = bisect_left(table.before, target) - 1
                return _instant(table.opens[index] + target - table.before[index])
        raise NeverOpenError(self.calendar)

    def business_time(self, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
        """The open time between two instants outside pauses; negative where the end lies before the start."""
        first, last = min(start, end), max(start, end)
        table = next(self._tables(first.year, last.year))
        micros = table.position(_micros(last)) - table.position(_micros(first))
        for paused, resumed in _merged(pauses, first, last):
            micros -= table.position(_micros(resumed)) - table.position(_micros(paused))
        return micros * _MICROSECOND * (-1 if end < start else 1)

    def business_days(self, start: datetime, end: datetime) -> int:
        """The business days after the day of `start`, up to and including the day of `end`."""
        table = next(self._tables(min(start.year, end.year), max(start.year, end.year)))
        first, last = (at.astimezone(self.zone).toordinal() for at in (start, end))
        return bisect_right(table.days, last) - bisect_right(table.days, first)

    def stretches(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """The stretches of open time between two instants, in order: what is counted."""
        table = next(self._tables(start.year, end.year))
        first, last = _micros(start), _micros(end)
        index = bisect_right(table.closes, first)
        found: list[tuple[datetime, datetime]] = []
        while index < len(table.opens) and table.opens[index] < last:
            found.append((_instant(max(table.opens[index], first)), _instant(min(table.closes[index], last))))
            index += 1
        return found

    def is_open(self, at: datetime) -> bool:
        table = next(self._tables(at.year, at.year))
        index = bisect_right(table.opens, _micros(at)) - 1
        return index >= 0 and _micros(at) < table.closes[index]

    def next_open(self, at: datetime) -> datetime:
        """The instant itself while open, else when the office opens next."""
        for table in self._tables(at.year, at.year + 1):
            index = bisect_right(table.closes, _micros(at))
            if index < len(table.opens):
                return max(at, _instant(table.opens[index]))
        raise NeverOpenError(self.calendar)

    def open_days(self, first: date, days: int, *, language: str = "en_US") -> list[OpenDay]:
        """The coming days for a person to look at, with the names of public holidays in their language."""
        calendar = self.calendar
        coming: list[OpenDay] = []
        for day in (first + timedelta(days=n) for n in range(days)):
            names: dict[date, str] = {}
            if calendar.country:
                names = public_holidays(calendar.country, calendar.subdivision, language, day.year)
            coming.append(OpenDay(day, calendar.hours_on(day), names.get(day, "")))
        return coming

    def _tables(self, first_year: int, last_year: int) -> Iterator[_Timetable]:
        """Tables that reach ever further, from the years asked for (and one more on each side) to the end of time."""
        table, step = self._table, 2
        first, last = max(first_year - 1, FIRST_YEAR), min(last_year + 1, LAST_YEAR)
        if table:
            first, last = min(first, table.first_year), max(last, table.last_year)
        while True:
            if table is None or (table.first_year, table.last_year) != (first, last):
                table = self._table = _build(self.calendar, self.zone, first, last)
            yield table
            if last >= LAST_YEAR:
                return
            last, step = min(last + step, LAST_YEAR), step * 2


@lru_cache(maxsize=256)
def clock_for(calendar: OfficeCalendar) -> BusinessClock:
    """The clock of a calendar, built once per process for as long as the calendar stays the same."""
    return BusinessClock(calendar)


def add_elapsed_time(start: datetime, span: timedelta, pauses: Iterable[Pause] = ()) -> datetime:
    """When `span` has passed since `start` outside pauses, whether anybody works or not."""
    for paused, resumed in _merged(pauses, start):
        if span <= paused - start:
            break
        start, span = resumed, span - (paused - start)
    return start + span


def elapsed_time(start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
    """The time between two instants outside pauses, whether anybody works or not; negative as business time is."""
    if end < start:
        return -elapsed_time(end, start, pauses)
    return end - start - sum((until - since for since, until in _merged(pauses, start, end)), timedelta())


def _merged(pauses: Iterable[Pause], first: datetime, last: datetime | None = None) -> list[Pause]:
    """What of the pauses lies between two instants (None: the end of time), in order and without overlap."""
    merged: list[Pause] = []
    for since, until in sorted(pauses):
        since, until = max(since, first), until if last is None else min(until, last)
        if since >= until:
            continue
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], until))
        else:
            merged.append((since, until))
    return merged


def _build(calendar: OfficeCalendar, zone: ZoneInfo, first_year: int, last_year: int) -> _Timetable:
    """The hours of each date within each span of one UTC offset, as open intervals of absolute time."""
    opens, closes, before, day_ends = [], [], [0], {}
    first, last = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    for span_start, span_end, offset in _offset_spans(zone, _micros(first), _micros(last)):
        for day in range((span_start + offset) // _DAY, (span_end + offset - 1) // _DAY + 1):
            midnight, ordinal = day * _DAY - offset, day + _EPOCH_ORDINAL
            for opening, closing in calendar.hours_on(date.fromordinal(ordinal)):
                start = max(midnight + opening * _MINUTE, span_start)
                end = min(midnight + closing * _MINUTE, span_end)
                if start < end:
                    opens.append(start)
                    closes.append(end)
                    before.append(before[-1] + end - start)
                    day_ends[ordinal] = end
    days = sorted(day_ends)
    return _Timetable(first_year, last_year, opens, closes, before, days, [day_ends[day] for day in days])


def _offset_spans(zone: ZoneInfo, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """(start, end, UTC offset) without gaps: where two days differ, the change between them is found by bisection."""
    span_start, offset = first, _offset(zone, first)
    for at in range(first, last, _DAY):
        following = min(at + _DAY, last)
        if _offset(zone, following) == offset:
            continue
        low, high = at // _MINUTE, following // _MINUTE
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset(zone, middle * _MINUTE) == offset else (low, middle)
        yield span_start, high * _MINUTE, offset
        span_start, offset = high * _MINUTE, _offset(zone, following)
    yield span_start, last, offset


def _offset(zone: ZoneInfo, at: int) -> int:
    return (_instant(at).astimezone(zone).utcoffset() or timedelta()) // _MICROSECOND


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
