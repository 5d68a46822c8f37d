"""When a promise is due, when to warn, and the rule in words. Plain arithmetic on a business clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from handoff.clock import BusinessClock, Pause, add_elapsed_time, elapsed_time
from handoff.enums import DueMode
from handoff.policy.sla import Rung, Terms
from web import formats

DUE = 100  # percent of the time
_DUE: dict[str, Callable[[BusinessClock, datetime, int, Sequence[Pause]], datetime]] = {
    DueMode.BUSINESS_DAYS: lambda clock, start, days, pauses: clock.add_business_days(start, days, pauses),
    DueMode.BUSINESS_HOURS: lambda clock, start, hours, pauses: clock.add_business_time(
        start, timedelta(hours=hours), pauses
    ),
    DueMode.ELAPSED_HOURS: lambda _clock, start, hours, pauses: add_elapsed_time(start, timedelta(hours=hours), pauses),
}


def due_at(*, clock: BusinessClock, mode: str, amount: int, start: datetime, pauses: Sequence[Pause] = ()) -> datetime:
    """When a promise of `amount` days or hours that starts at `start` must be kept; pauses don't count.

    While a pause lasts, give it up to now: the answer is when the promise would be due if it went on now.
    """
    return _DUE[mode](clock, start, amount, pauses)


def warn_at(
    *, clock: BusinessClock, mode: str, start: datetime, due: datetime, percent: int, pauses: Sequence[Pause] = ()
) -> datetime:
    """When `percent` of the promised time has passed outside pauses; business time for promises in business time."""
    part = time_used(clock=clock, mode=mode, start=start, at=due, pauses=pauses) * percent / 100
    if mode == DueMode.ELAPSED_HOURS:
        return add_elapsed_time(start, part, pauses)
    return clock.add_business_time(start, part, pauses)


def time_used(
    *, clock: BusinessClock, mode: str, start: datetime, at: datetime, pauses: Sequence[Pause] = ()
) -> timedelta:
    """How much of the promised time has passed at an instant; business time for promises in business time."""
    if mode == DueMode.ELAPSED_HOURS:
        return elapsed_time(start, at, pauses)
    return clock.business_time(start, at, pauses)


def rung_at(
    *, clock: BusinessClock, terms: Terms, rung: Rung, start: datetime, due: datetime, pauses: Sequence[Pause] = ()
) -> datetime:
    """When a rung of the ladder is climbed: at a part of the time, at the due time, or after it."""
    if rung.after:
        return due_at(clock=clock, mode=rung.unit, amount=rung.after, start=due, pauses=pauses)
    if rung.percent == DUE:
        return due
    return warn_at(clock=clock, mode=terms.mode, start=start, due=due, percent=rung.percent, pauses=pauses)


def next_rung_at(
    *, clock: BusinessClock, terms: Terms, start: datetime, due: datetime, after: datetime, pauses: Sequence[Pause] = ()
) -> datetime | None:
    """When the first rung later than `after` is climbed; None when none is left."""
    ladder = terms.ladder
    times = [rung_at(clock=clock, terms=terms, rung=rung, start=start, due=due, pauses=pauses) for rung in ladder]
    return min((at for at in times if at > after), default=None)


def span_in_words(mode: str, amount: int) -> str:
    """ "3 business days", "48 hours": the rule that stands beside every due date."""
    if mode == DueMode.BUSINESS_DAYS:
        return formats.business_days(amount)
    return formats.business_hours(amount) if mode == DueMode.BUSINESS_HOURS else formats.hours(amount)


def rule_in_words(mode: str, amount: int, calendar: str) -> str:
    """The rule with the calendar it is counted in: "3 business days · Tokyo"."""
    words = span_in_words(mode, amount)
    if mode == DueMode.ELAPSED_HOURS or not calendar:
        return words
    return _("%(rule)s · %(calendar)s calendar") % {"rule": words, "calendar": calendar}


def left_in_words(clock: BusinessClock, now: datetime, due: datetime) -> str:
    """Business time until the due time: whole days while there are several, else hours and minutes.

    Where none lies between, as after closing time, it is the time of the clock.
    """
    late = now > due
    first, last = (due, now) if late else (now, due)
    days = clock.business_days(first, last)
    minutes = int(clock.business_time(first, last).total_seconds()) // 60
    if days > 1:
        return formats.left(formats.business_days(days), is_late=late)
    if not minutes:
        return formats.remaining(due, now)
    return formats.business_left(minutes, is_late=late)


def spent_in_words(clock: BusinessClock, start: datetime, end: datetime) -> str:
    """The business time between two instants: whole days while there are several, else hours and minutes."""
    days = clock.business_days(start, end)
    if days > 1:
        return formats.business_days(days)
    return formats.business_duration(int(clock.business_time(start, end).total_seconds()) // 60)
