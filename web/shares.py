"""How sure a share is: so many of so many, with an interval."""

from __future__ import annotations

from dataclasses import dataclass

from web.statistics import ENOUGH, Interval, wilson

__all__ = ["ENOUGH", "Interval", "Share", "wilson"]


@dataclass(frozen=True, kw_only=True)
class Share:
    """So many of so many, and within which bounds the true share lies (None for too few)."""

    number: int
    of: int

    @property
    def interval(self) -> Interval | None:
        return wilson(self.number, self.of)

    @property
    def per_cent(self) -> float:
        return 100 * self.number / self.of

    @property
    def low(self) -> float:
        return 100 * self.interval.low if self.interval else 0.0

    @property
    def high(self) -> float:
        return 100 * self.interval.high if self.interval else 100.0
