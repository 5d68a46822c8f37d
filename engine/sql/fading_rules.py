"""How fast the points of a fading rule change, and how long the rule stays above its cap."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg.sql import SQL, Composable

from engine.sql.change_rate import ChangeRate
from engine.sql.fragments import compose, trusted
from engine.sql.rules import FadingPoints, RuleColumns
from engine.sql.totals import whole

ROUNDINGS = SQL("roundings")
"""The column that says how many activities all fading rules together round."""


@dataclass(frozen=True, kw_only=True)
class FadingRule:
    """A rule whose points fade; `index` is its place in version order, from 1, `value` its points before the cap."""

    columns: RuleColumns
    fading: FadingPoints
    index: int
    value: Composable

    def change_rate(self) -> ChangeRate:
        """Positive points fall and negative ones rise; above its cap a rule does neither."""
        magnitude = compose("abs({})", self.value)
        rate, sure = self.max_rate(), self.fading.sure_rate(magnitude, ROUNDINGS)
        if (is_above := self.is_above_cap()) is not None:
            rate = compose("CASE WHEN {} THEN 0 ELSE {} END", is_above, rate)
            sure = compose("CASE WHEN {} <= 0 THEN {} ELSE 0 END", self.excess(), sure)
        falls, rises = ChangeRate(down=rate, sure_down=sure), ChangeRate(up=rate, sure_up=sure)
        if not self.columns.rule.answer:
            return falls if self.columns.rule.points > 0 else rises
        is_positive, is_negative = compose("{} > 0", self.value), compose("{} < 0", self.value)
        return ChangeRate.together([falls.when(is_positive), rises.when(is_negative)])

    def max_rate(self) -> Composable:
        """Hundredths a second at most. A straight line's rate follows from the number of its own activities; a
        half-life's from its points, but for the roundings."""
        own_count = self.columns.count is not None
        return self.fading.rate(
            compose("abs({})", self.value), trusted(f"fading{self.index}") if own_count else ROUNDINGS
        )

    def seconds_above_cap(self) -> Composable | None:
        """How long the rule stays above its cap; None for a rule without one."""
        if (is_above := self.is_above_cap()) is None:
            return None
        rate, excess = self.max_rate(), self.excess()
        return compose("CASE WHEN {} THEN ({} - {}) / nullif({}, 0) END", is_above, excess, ROUNDINGS, rate)

    def is_above_cap(self) -> Composable | None:
        """A test: above the cap by more than roundings can take back."""
        return None if self.columns.rule.cap is None else compose("{} > {}", self.excess(), ROUNDINGS)

    def excess(self) -> Composable:
        """Hundredths above the cap; negative below it."""
        return compose("(abs({}) - {})", self.value, whole(self.columns.cap))
