"""The instant t as the rules see it: its day in the model's time zone, where days begin, and what moves with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

TICK = timedelta(microseconds=1)
"""The database's resolution: what holds up to and including an instant has ended one tick later."""


class ShiftedInstant(datetime):
    """t, or an instant at a fixed distance from it (sums keep the type), in UTC so that distances are elapsed time."""

    @classmethod
    def of(cls, t: datetime) -> Self:
        if t.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return cls.combine(t.astimezone(UTC).date(), t.astimezone(UTC).timetz())

    def moved(self, by: timedelta) -> datetime:
        """As an ordinary instant, when t lies `by` later."""
        return datetime.combine(self.date(), self.timetz()) + by


class ShiftedDay(date):
    """The calendar day of a moving instant."""

    instant: ShiftedInstant
    zone: str

    @classmethod
    def of(cls, instant: ShiftedInstant, zone: str) -> Self:
        day = instant.moved(timedelta()).astimezone(ZoneInfo(zone)).date()
        made = cls(day.year, day.month, day.day)
        made.instant, made.zone = instant, zone
        return made

    def __repr__(self) -> str:
        """Two days that are equal at one t need not be at another."""
        return f"MovingDay({self.instant!r}, {self.zone!r})"

    def moved(self, by: timedelta) -> date:
        return self.instant.moved(by).astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, kw_only=True)
class EvaluationTime:
    t: ShiftedInstant
    zone: str

    def day(self, shift: timedelta = timedelta()) -> ShiftedDay:
        """The calendar day of t + shift."""
        return ShiftedDay.of(self.t + shift, self.zone)

    def beginning(self, day: date) -> datetime:
        """The first instant of a day, also where the clocks jump over midnight or repeat it."""
        return datetime.combine(day, time(), ZoneInfo(self.zone))
