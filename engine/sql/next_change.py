"""When anything visible could change next, if nothing but time happens: never later than it does, often exactly then.

Some changes have an instant: a window ends, a day begins, an adjustment expires. Fading points have a rate, in
hundredths a second: at most, and at least, since what rises for sure holds up what falls. Roundings may add to it: of
each activity half a hundredth, less what the rounding has taken already, which the sum before rounding tells. And none
is rounded differently before the next flip. `unchanged_time` makes times of it; sweeps repeat this and close in from
below.

A rule above its cap, and a group beyond its bounds, hold still until their excess has melted: that time counts too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import LiteralString

from psycopg.sql import SQL, Composable

from engine.nodes import Dimension
from engine.sql.change_rate import ChangeRate
from engine.sql.context import StatementContext
from engine.sql.fading_rules import FadingRule
from engine.sql.fragments import compose, extreme, total, trusted
from engine.sql.moving_groups import moving_groups
from engine.sql.rules import RuleColumns
from engine.sql.select_chain import Columns, kept
from engine.sql.totals import GroupColumns
from engine.sql.unchanged_time import UnchangedTimes, earliest

NEVER = SQL("'infinity'::float8")


class NextChange:
    """The columns that each step adds about the next change, and the instant that follows from them.

    `thresholds` are the hundredths of each score where something turns. Where the statement is not asked for the next
    change, nothing moves.
    """

    def __init__(
        self,
        context: StatementContext,
        groups: list[GroupColumns],
        rules: list[RuleColumns],
        thresholds: Mapping[str, Sequence[int]],
        whole_points: bool,
    ) -> None:
        self.context, self.rules = context, rules
        self.fading = [
            FadingRule(columns=rule, fading=rule.fading, index=index, value=context.layout.place("uncapped", index))
            for index, rule in enumerate(rules, start=1)
            if rule.fading
        ]
        self.moving = list(moving_groups(groups, rules, self.fading)) if context.next_change else []
        self.rates: dict[Dimension, ChangeRate] = {}
        for dimension in Dimension:
            rates = [group.change_rate() for group in self.moving if group.columns.group.dimension is dimension]
            if rates:
                self.rates[dimension] = ChangeRate.together(rates)
        named = {dimension: rate.named(dimension) for dimension, rate in self.rates.items()}
        places = [group.columns for group in self.moving]
        self.times = UnchangedTimes(places, rules, named, thresholds, whole_points=whole_points)

    def ruled(self) -> Columns:
        """From the facts: what rounding does to the points that fade, of all rules together. Rules that share an
        aggregate count it once."""
        roundings = dict.fromkeys(rule.roundings for rule in self.rules if rule.roundings is not None)
        exact = dict.fromkeys(rule.exact for rule in self.rules if rule.exact is not None)
        flips = [rule.flip for rule in self.rules if rule.flip is not None]
        counts = [(index, rule.count) for index, rule in enumerate(self.rules, start=1) if rule.count is not None]
        return [
            ("roundings", compose("({})::float8", total([shared.value for shared in roundings], "0"))),
            ("exact", compose("({})::float8", total([shared.value for shared in exact], "0"))),
            ("flip", extreme("least", flips) or NEVER),
            *((f"fading{index}", count) for index, count in counts),
        ]

    def grouped(self) -> Columns:
        """The rates of the groups' rules, what roundings can add to them, and how long a rule stays above its cap."""
        waits = [wait for rule in self.fading if (wait := rule.seconds_above_cap()) is not None]
        # Half a hundredth for each rounding, less what all have taken already.
        template: LiteralString = "0.5 * roundings {} {} + 0.01"
        lost = compose("({} - exact)", total([rule.value for rule in self.fading], "0::float8"))
        return [
            *(column for group in self.moving for column in group.rules_rate.columns(group.columns.index)),
            *kept("roundings", "flip"),
            ("slack_down", compose(template, SQL("+"), lost)),
            ("slack_up", compose(template, SQL("-"), lost)),
            ("rule_wait", extreme("least", waits) or NEVER),
        ]

    def summed(self) -> Columns:
        """The rates of the dimensions; when inactivity begins, and how long something stays beyond a bound."""
        flips = [flip for group in self.moving if (flip := group.seconds_to_flip()) is not None]
        waits = [wait for group in self.moving for wait in group.seconds_beyond_bounds()]
        starts = [start for group in self.moving if (start := group.inactivity_start(self.context.t)) is not None]
        more_roundings = trusted(str(len(flips)))
        return [
            ("quiet_from", extreme("least", starts) or SQL("NULL::timestamptz")),
            ("locked_for", extreme("least", [trusted("rule_wait"), *waits]) or NEVER),
            ("flip", extreme("least", [trusted("flip"), *flips]) or NEVER),
            ("slack_down", compose("slack_down + {}", more_roundings)),
            ("slack_up", compose("slack_up + {}", more_roundings)),
            *(column for dimension, rate in self.rates.items() for column in rate.columns(dimension)),
        ]

    def instant(self) -> Composable:
        """The earliest at which anything jumps or could look different."""
        if not self.context.next_change:
            return SQL("NULL::timestamptz")
        waits = [trusted("locked_for"), *self.times.seconds()] if self.moving else []
        return earliest([trusted("jumps"), trusted("quiet_from")], waits, self.context.t)
