"""How sure a share is: so many of so many, with an interval."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

# Fewer than this say nothing: no rate is shown (S88: never judge rules by two lucky deals).
ENOUGH = 5


class Interval(NamedTuple):
    low: float
    high: float


def wilson(successes: int, trials: int, z: float = 1.96) -> Interval | None:
    """Wilson's score interval of a proportion (95 % by default), or None for too few trials.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    if trials < ENOUGH:
        return None
    share, weight = successes / trials, z * z / trials
    centre = (share + weight / 2) / (1 + weight)
    half = z * sqrt(share * (1 - share) / trials + weight / trials / 4) / (1 + weight)
    return Interval(max(0.0, centre - half), min(1.0, centre + half))


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
