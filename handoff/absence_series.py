"""Events of a calendar file that repeat, as the single occurrences that are still to come.

By RRULE with its parts of days, weeks, months and years, by RDATE, without EXDATE and without what another event of the
file replaces. A file is anybody's: what would take long or come in thousands is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import MAXYEAR, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any

from dateutil.rrule import rrule, rrulestr
from django.utils.translation import gettext as _

from handoff.errors import AbsenceFileError
from web import formats

MOST_SERIES = 200  # in one file
MOST_OCCURRENCES = 500  # of one event
YEARS_AHEAD = 2
FIRST_YEAR = 1970
CYCLE = 400  # years after which days fall on the same weekdays again
FREQUENCIES = {"DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1), "MONTHLY": None, "YEARLY": None}
PARTS_OF_A_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")

Span = tuple[datetime, datetime]


def instant_of(value: date | datetime, zone: tzinfo) -> datetime:
    """A day begins at midnight; the end of whole days is the day after, as the format has it."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time.min, tzinfo=zone)
    return value if value.tzinfo else value.replace(tzinfo=zone)


def repeats(event: Any) -> bool:
    return bool(event.get("RRULE") or event.get("RDATE"))


def occurrences(event: Any, zone: tzinfo, now: datetime, replaced: Collection[datetime] = ()) -> list[Span]:
    """When an event takes place from now on, in the next YEARS_AHEAD years; `replaced` are occurrences that other
    events of the file stand for.

    Raises AbsenceFileError for rules that cannot be read, repeat within a day or too often, ValueError for an event
    without a start.
    """
    first, last = event.start, event.end
    start = instant_of(first, zone)
    length = instant_of(last, zone).replace(tzinfo=None) - start.replace(tzinfo=None)
    horizon = now.replace(year=now.year + YEARS_AHEAD, day=min(now.day, 28))
    left_out = {instant_of(at, zone) for at in event.exdates} | set(replaced)
    days_out = {at for at in event.exdates if not isinstance(at, datetime)}
    found: dict[datetime, datetime] = {}
    for wall in _starts(event, start, length, now, horizon):
        at = wall.replace(tzinfo=start.tzinfo)
        ends = (wall + length).replace(tzinfo=start.tzinfo)
        if ends > now and at <= horizon and at not in left_out and wall.date() not in days_out:
            found[at] = ends
        if len(found) > MOST_OCCURRENCES:
            words = {"n": formats.number(MOST_OCCURRENCES), "years": YEARS_AHEAD}
            raise AbsenceFileError(_("It repeats more than %(n)s times in %(years)s years. Shorten it.") % words)
    return sorted(found.items())


def _starts(event: Any, start: datetime, length: timedelta, now: datetime, horizon: datetime) -> Iterator[datetime]:
    """The starts in time of the event's own zone, without their zone; some may be over."""
    assert start.tzinfo is not None
    yield from (instant_of(at, start.tzinfo).astimezone(start.tzinfo).replace(tzinfo=None) for at, _end in event.rdates)
    if not event.rrules:
        yield start.replace(tzinfo=None)
        return
    local_now, local_end = (at.astimezone(start.tzinfo).replace(tzinfo=None) for at in (now, horizon))
    try:
        yield from _of_rule(event.rrules, start, local_now - length, local_end)
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise AbsenceFileError(_("Its rule of repetition can’t be read. Enter each absence.")) from error


def _of_rule(rules: list[Any], start: datetime, since: datetime, until: datetime) -> Iterator[datetime]:
    """The starts by the rule from about `since`, up to `until`.

    The number and the end of the rule are counted here: of a rule that never applies the library looks for the next
    time up to the year 9999. So it is asked about years as near to that as the calendar, which repeats, has the same.
    """
    [rule] = rules
    parts = {name.upper(): value for name, value in rule.items()}
    [frequency] = parts.pop("FREQ")
    if frequency not in FREQUENCIES or any(name in parts for name in PARTS_OF_A_DAY):
        raise AbsenceFileError(_("It repeats within a day. Enter each absence."))
    count, end = parts.pop("COUNT", [None])[0], parts.pop("UNTIL", [None])[0]
    interval = parts.get("INTERVAL", [1])[0]
    if interval < 1 or start.year < FIRST_YEAR or (count is not None and not count >= 1):
        raise ValueError("out of bounds")
    wall = start.replace(tzinfo=None)
    step = FREQUENCIES[frequency]
    if step is not None and count is None and since > wall:  # what is over is not walked through, day by day
        wall += (since - wall) // (step * interval) * (step * interval)
    last = min(until, _wall_end(end, start)) if end is not None else until
    text = type(rule)({"FREQ": frequency, **parts}).to_ical().decode()
    later = (MAXYEAR - last.year) // CYCLE * CYCLE
    parsed = rrulestr(text, dtstart=wall.replace(year=wall.year + later))
    assert isinstance(parsed, rrule)
    found = islice(parsed.replace(until=last.replace(year=last.year + later)), count)
    yield from (at.replace(year=at.year - later) for at in found)


def _wall_end(end: date | datetime, start: datetime) -> datetime:
    """The end of a rule in time of the event's zone, itself included; a day with all of it."""
    if not isinstance(end, datetime):
        return datetime.combine(end, time.max)
    return end.astimezone(start.tzinfo).replace(tzinfo=None) if end.tzinfo else end
