"""How fast a group's points change, after its bounds and inactivity, and how long they stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import LiteralString

from psycopg.sql import SQL, Composable

from engine.sql.change_rate import ChangeRate
from engine.sql.fading_rules import ROUNDINGS, FadingRule
from engine.sql.fragments import compose, trusted
from engine.sql.rules import LN2, RuleColumns
from engine.sql.totals import GroupColumns, bounds, whole

NOTHING = SQL("0::float8")


@dataclass(frozen=True, kw_only=True)
class MovingGroup:
    """A group that can change by itself: some of its rules fade, or inactivity takes from it."""

    columns: GroupColumns
    rules_rate: ChangeRate
    """Of all its rules together, over the columns of the step `ruled`."""

    @property
    def rate(self) -> ChangeRate:
        """The same, as the step `grouped` has computed it."""
        return self.rules_rate.named(self.columns.index)

    def change_rate(self) -> ChangeRate:
        """After bounds and inactivity. Only within a group do falling and rising meet: what a bound keeps of one group
        cannot make good for another."""
        beyond = [compose("{} > {}", excess, ROUNDINGS) for excess, _ in self.beyond_bounds()]
        is_beyond = compose("({})", SQL(" OR ").join(beyond)) if beyond else None
        rate = self.rate.when(None if is_beyond is None else compose("NOT {}", is_beyond))
        return (self.after_inactivity(rate.met()) if self.columns.group.inactivity else rate).met()

    def beyond_bounds(self) -> Iterator[tuple[Composable, Composable | None]]:
        """Per bound: how far beyond it the sum is, and how fast it comes back at most (None: it cannot)."""
        low, high = bounds(self.columns.group)
        if high is not None:
            yield compose("({} - {})", self.columns.sum, whole(high)), self.rate.down
        if low is not None:
            yield compose("({} - {})", whole(low), self.columns.sum), self.rate.up

    def seconds_beyond_bounds(self) -> list[Composable]:
        """How long the group stays beyond a bound, if it ever comes back."""
        template: LiteralString = "CASE WHEN {0} > {1} THEN ({0} - {1}) / nullif({2}, 0) END"
        return [compose(template, excess, ROUNDINGS, back) for excess, back in self.beyond_bounds() if back is not None]

    def after_inactivity(self, rate: ChangeRate) -> ChangeRate:
        """Inactivity takes a share of what the group has, for sure, and leaves a part of what the rules do.

        Where nothing is known of what the rules do for sure, nothing meets them, and nothing meets inactivity either.
        """
        bounded = self.columns.bounded
        falling, rising = bounded, compose("-{}", bounded)
        is_met = rate.sure_down is not None or rate.sure_up is not None
        return ChangeRate(
            down=self._left_by_inactivity(rate.down, falling),
            up=self._left_by_inactivity(rate.up, rising),
            sure_down=self._left_by_inactivity(rate.sure_down, falling) if is_met else None,
            sure_up=self._left_by_inactivity(rate.sure_up, rising) if is_met else None,
        )

    def _left_by_inactivity(self, rate: Composable | None, taken_from: Composable) -> Composable:
        return compose(
            "({} + CASE WHEN {fade} < 1 THEN greatest({}, 0) * {share} ELSE 0 END) * {fade}",
            NOTHING if rate is None else rate,
            taken_from,
            fade=self.columns.fade,
            share=self.inactivity_share(),
        )

    def inactivity_share(self) -> Composable:
        """The share of itself that the group loses in a second of inactivity."""
        assert self.columns.group.inactivity is not None
        return trusted(repr(LN2 / self.columns.group.inactivity.half_life.seconds))

    def seconds_to_flip(self) -> Composable | None:
        """Until what inactivity leaves of the group is rounded differently; None for a group without inactivity."""
        if self.columns.group.inactivity is None:
            return None
        return compose(
            "CASE WHEN {fade} < 1 AND {points} <> 0"
            " THEN greatest({left} - abs({points}) + 0.5, 0) / ({left} * {share}) END",
            fade=self.columns.fade,
            points=self.columns.points,
            left=compose("(abs({}) * {})", self.columns.bounded, self.columns.fade),
            share=self.inactivity_share(),
        )

    def inactivity_start(self, t: Composable) -> Composable | None:
        """When inactivity begins, if that is ahead of t and the group has something to lose."""
        if self.columns.group.inactivity is None:
            return None
        start = trusted(f"quiet{self.columns.index}")
        template: LiteralString = "CASE WHEN {points} <> 0 AND {start} > {t} THEN {start} END"
        return compose(template, points=self.columns.bounded, start=start, t=t)


def moving_groups(
    groups: list[GroupColumns], rules: list[RuleColumns], fading: list[FadingRule]
) -> Iterator[MovingGroup]:
    """Those of the groups that can change by themselves."""
    for group in groups:
        own = [rule.change_rate() for rule in fading if rule.index in group.rules]
        if own or group.group.inactivity:
            rate = ChangeRate.together(own)
            gives = [points for index in group.rules for points in rules[index - 1].rule.gives]
            if not min(gives, default=0) < 0 < max(gives, default=0):
                # Nothing in the group meets what falls or rises.
                rate = replace(rate, sure_down=None, sure_up=None)
            yield MovingGroup(columns=group, rules_rate=rate)
