"""The business clock once more, slow and obvious: look at every single minute and ask whether the office is open.

Shares nothing with handoff/clock.py but the calendar's plain values. Answers are in whole minutes.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


class MinuteByMinute:
    """The open minutes of a stretch of time, one entry per minute."""

    def __init__(self, *, zone: str, week, closed: set[date], special: dict, start: datetime, days: int) -> None:
        self.start = start
        self.open: list[bool] = []
        self.dates: list[date] = []
        local_zone = ZoneInfo(zone)
        for n in range(days * 24 * 60):
            wall = (start + n * MINUTE).astimezone(local_zone)
            minute, day = wall.hour * 60 + wall.minute, wall.date()
            hours = special[day] if day in special else () if day in closed else week[day.weekday()]
            self.open.append(any(begin <= minute < end for begin, end in hours))
            self.dates.append(day)

    def _index(self, at: datetime) -> int:
        return int((at - self.start) / MINUTE)

    def _instant(self, index: int) -> datetime:
        return (self.start + index * MINUTE).astimezone(UTC)

    def add_business_time(self, at: datetime, minutes: int) -> datetime | None:
        """None: the stretch ends before the answer."""
        left = minutes
        for index in range(self._index(at), len(self.open)):
            if left == 0:
                return self._instant(index)
            left -= self.open[index]
        return None

    def add_business_days(self, at: datetime, days: int) -> datetime | None:
        trigger_day = self.dates[self._index(at)]
        last_open_minute: dict[date, int] = {}
        for index, is_open in enumerate(self.open):
            if is_open:
                last_open_minute[self.dates[index]] = index
        later = sorted(day for day in last_open_minute if day > trigger_day)
        if len(later) < days or later[days - 1] >= self.dates[-1]:
            return None
        return self._instant(last_open_minute[later[days - 1]] + 1)

    def business_minutes(self, start: datetime, end: datetime) -> int:
        return sum(self.open[self._index(start) : self._index(end)])
