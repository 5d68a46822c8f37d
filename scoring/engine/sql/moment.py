"""The instant t as the rules see it: its day in the model's time zone, and where days begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TICK = timedelta(microseconds=1)
"""The database's resolution: what holds up to and including an instant has ended one tick later."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    t: datetime
    zone: str

    def __post_init__(self) -> None:
        if self.t.tzinfo is None:
            raise ValueError("an instant needs its time zone")

    def day(self, shift: timedelta = timedelta()) -> date:
        """The calendar day of t + shift."""
        return (self.t + shift).astimezone(ZoneInfo(self.zone)).date()

    def beginning(self, day: date) -> datetime:
        """The first instant of a day, also where the clocks jump over midnight or repeat it."""
        return datetime.combine(day, time(), ZoneInfo(self.zone))
