"""The business clock once more, slow and obvious: look at every single minute and ask whether the office is open.

Shares nothing with handoff/clock.py but the calendar's plain values. Answers are in whole minutes.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


class MinuteByMinute:
    """The open minutes of a stretch of time, one entry per minute, and the minutes in which nothing counts."""

    def __init__(
        self, *, zone: str, week, closed: set[date], special: dict, start: datetime, days: int, pauses=()
    ) -> None:
        self.start = start
        self.open: list[bool] = []
        self.paused: list[bool] = []
        self.dates: list[date] = []
        local_zone = ZoneInfo(zone)
        for n in range(days * 24 * 60):
            at = start + n * MINUTE
            wall = at.astimezone(local_zone)
            minute, day = wall.hour * 60 + wall.minute, wall.date()
            hours = special[day] if day in special else () if day in closed else week[day.weekday()]
            self.open.append(any(begin <= minute < end for begin, end in hours))
            self.paused.append(any(since <= at < until for since, until in pauses))
            self.dates.append(day)

    def _index(self, at: datetime) -> int:
        return int((at - self.start) / MINUTE)

    def _instant(self, index: int) -> datetime:
        return (self.start + index * MINUTE).astimezone(UTC)

    def _counts(self, index: int, *, paused: bool, elapsed: bool = False) -> bool:
        return (elapsed or self.open[index]) and not (paused and self.paused[index])

    def add_time(self, at: datetime, minutes: int, *, paused: bool = False, elapsed: bool = False) -> datetime | None:
        """When so many minutes that count have gone by; None: the stretch ends before."""
        left = minutes
        for index in range(self._index(at), len(self.open)):
            if left == 0:
                return self._instant(index)
            left -= self._counts(index, paused=paused, elapsed=elapsed)
        return None

    def add_business_days(self, at: datetime, days: int, *, paused: bool = False) -> datetime | None:
        """The close of the n-th business day; with pauses, as many open minutes later as lay in them."""
        trigger_day = self.dates[self._index(at)]
        last_open_minute: dict[date, int] = {}
        for index, is_open in enumerate(self.open):
            if is_open:
                last_open_minute[self.dates[index]] = index
        later = sorted(day for day in last_open_minute if day > trigger_day)
        if len(later) < days or later[days - 1] >= self.dates[-1]:
            return None
        due = self._instant(last_open_minute[later[days - 1]] + 1)
        return self.add_time(at, self.minutes(at, due), paused=True) if paused else due

    def minutes(self, start: datetime, end: datetime, *, paused: bool = False, elapsed: bool = False) -> int:
        indexes = range(self._index(start), self._index(end))
        return sum(self._counts(index, paused=paused, elapsed=elapsed) for index in indexes)
