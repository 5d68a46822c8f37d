"""A rule's points as an expression over a lead's facts: hundredths, before its cap; and the pace at which they change.

`each` sums over the kept activities. Each of them gives points x factor(age), rounded to hundredths half away from zero
before the sum, so that sums are exact and do not depend on the order of rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import LiteralString

from psycopg.sql import SQL, Composable

from engine.limits import RULE_CEILING
from engine.nodes import Decay, Duration, Rule, hundredths
from engine.sql.activities import ActivityPasses
from engine.sql.aggregates import COUNT, EXACT, NEXT, ROUNDINGS, SOONEST, TOTAL, ActivitySet, SharedValue
from engine.sql.conditions import ConditionCompiler, span
from engine.sql.context import StatementContext
from engine.sql.evaluation_time import TICK
from engine.sql.fragments import compose, trusted

LN2 = math.log(2)
HALF: LiteralString = "0.500000001"
"""What is within a billionth of a tie may flip at once: doubles cannot say."""

BEGINNING = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class RuleColumns:
    """What is said about one rule: its value, and if it fades, what rounding does to it and when next."""

    rule: Rule
    uncapped: Composable
    cap: int
    fading: FadingPoints | None = None
    roundings: SharedValue | None = None
    exact: SharedValue | None = None
    """The value before each activity is rounded."""
    count: Composable | None = None
    """How many activities still count, where each falls by as much in a second: in a line."""
    flip: Composable | None = None
    ends: Composable | None = None

    def value(self) -> Composable:
        """The points before the cap; what has none and is given for each activity keeps below the ceiling."""
        return self._within_cap(self.uncapped) if self.rule.cap is None and self.rule.each else self.uncapped

    def points(self, value: Composable) -> Composable:
        """The value within the cap."""
        return value if self.rule.cap is None else self._within_cap(value)

    def _within_cap(self, value: Composable) -> Composable:
        """On the side that the rule can reach."""
        if max(self.rule.gives) > 0:
            value = compose("least({}, {}::bigint)", value, trusted(str(self.cap)))
        if min(self.rule.gives) < 0:
            value = compose("greatest({}, -{}::bigint)", value, trusted(str(self.cap)))
        return value


def rounded(value: Composable) -> Composable:
    """A magnitude of hundredths, rounded half up: half away from zero once the sign is back."""
    return compose("floor({} + 0.5)", value)


def seconds_since(moment: Composable, instant: Composable) -> Composable:
    """A double, from whole microseconds. `date_part` says the same and takes ten times as long to read its unit."""
    return compose("tstzrange_subdiff({}, {})", moment, instant)


class FadingPoints:
    """The points of one activity as they fade with its age."""

    def __init__(self, decay: Decay, points: Decimal, context: StatementContext) -> None:
        self.sign: LiteralString = "" if points > 0 else "-"
        self.decay, self.exact = decay, abs(points) * 100
        self.parameters, self.time, self.t = context.parameters, context.time, context.t
        self.magnitude = self.parameters(float(self.exact), "float8")

    @property
    def length(self) -> Duration:
        """The half-life, or the length of the straight line to zero."""
        length = self.decay.half_life or self.decay.linear
        assert length is not None  # asked of fading rules only
        return length

    def since(self) -> datetime | None:
        """Activities before this give nothing: outside the window, faded to zero, or rounded to zero for good."""
        lengths = [each.delta for each in (self.decay.window, self.decay.linear) if each]
        if self.decay.half_life:
            halvings = max(math.log2(2 * self.exact), 0)
            lengths.append(self.decay.half_life.delta * (halvings + 0.001))
        return max(self.time.t - min(lengths), BEGINNING) if lengths else None

    def points(self, instant: Composable) -> Composable:
        """Hundredths as a double. `power` is exact at whole half-lives, where alone a tie can be."""
        age = seconds_since(self.t, instant)
        length = self.parameters(float(self.length.seconds), "float8")
        template: LiteralString = (
            "({} * power(0.5::float8, {} / {}))" if self.decay.half_life else "({} * (1 - {} / {}))"
        )
        return compose(template, self.magnitude, age, length)

    def signed_points(self, instant: Composable) -> Composable:
        return compose("{}{}", SQL(self.sign), self.points(instant))

    def rounded_points(self, instant: Composable) -> Composable:
        return compose(
            "({})::integer", rounded(self.points(instant)) if self.decay.half_life else self._straight(instant)
        )

    def _straight(self, instant: Composable) -> Composable:
        """magnitude x (length - age) / length, rounded, in whole microseconds: a double cannot tell the ties."""
        length = self.length.seconds * 1_000_000
        points, scale = self.exact.as_integer_ratio()
        fits = 4 * points * length * scale < 2**63
        kind: LiteralString = "bigint" if fits else "numeric"
        template: LiteralString = "({} * ({} - {}) + {}) / {}" if fits else "div({} * ({} - {}) + {}, {})"
        return compose(
            template,
            self.parameters(2 * points, kind),
            self.parameters(length, kind),
            compose("(1000000 * {})::bigint", seconds_since(self.t, instant)),
            self.parameters(length * scale, kind),
            self.parameters(2 * length * scale, kind),
        )

    def flip(self, instant: Composable) -> Composable:
        """Seconds before which the activity cannot be rounded to another hundredth (its slope never grows)."""
        points = self.points(instant)
        border = compose("(floor({} + {}) - 0.5)", points, SQL(HALF))
        if self.decay.half_life:
            return compose("greatest(1 - {} / {}, 0) / {}", border, points, self._per_second())
        return compose("greatest({} - {}, 0) / ({} * {})", points, border, self.magnitude, self._per_second())

    def rate(self, magnitude: Composable, activities: Composable) -> Composable:
        """Hundredths a second that the sum loses at most, now and ever after."""
        if self.decay.half_life:
            return compose("({} + 0.5 * {}) * {}", magnitude, activities, self._per_second())
        return compose("{} * {} * {}", activities, self.magnitude, self._per_second())

    def sure_rate(self, magnitude: Composable, activities: Composable) -> Composable:
        """Hundredths a second that the sum loses at least at first; see `easing`."""
        return compose("greatest({} - 0.5 * {}, 0) * {}", magnitude, activities, self._per_second())

    @property
    def easing(self) -> float:
        """After s seconds the sum has lost at least sure_rate * (s - easing * s * s / 2)."""
        return (LN2 if self.decay.half_life else 0.5) / self.length.seconds

    def _per_second(self) -> Composable:
        """The share of itself, or of its beginning, that an activity loses in a second."""
        return self.parameters((LN2 if self.decay.half_life else 1) / self.length.seconds, "float8")


class RuleCompiler:
    """Compiles rules by activity or condition, one by one; with the next change also what is needed to say when."""

    def __init__(self, context: StatementContext, activities: ActivityPasses, conditions: ConditionCompiler) -> None:
        self.context, self.activities, self.conditions = context, activities, conditions

    def columns(self, rule: Rule) -> RuleColumns:
        cap = RULE_CEILING if rule.cap is None else min(hundredths(rule.cap), RULE_CEILING)
        if rule.disabled or not rule.points:
            return RuleColumns(rule=rule, uncapped=SQL("0::bigint"), cap=cap)
        if rule.when:
            points = self.context.parameters(hundredths(rule.points), "bigint")
            given = compose("CASE WHEN {} THEN {} ELSE 0::bigint END", self.conditions.test(rule.when), points)
            return RuleColumns(rule=rule, uncapped=given, cap=cap)
        assert rule.each is not None  # parse demands one of the two
        kept = self.activities.kept(rule.each.activity, rule.each.where, rule.repeat, rule.at_most)
        return self._each(rule, kept, rule.decay or Decay(), cap)

    def _each(self, rule: Rule, kept: ActivitySet, decay: Decay, cap: int) -> RuleColumns:
        fading = FadingPoints(decay, rule.points, self.context)
        start = fading.since()
        since = None if start is None else self.context.parameters(start, "timestamptz")
        ends = self._window_end(kept, decay, since) if decay.window and self.context.next_change else None
        if not (decay.half_life or decay.linear):
            points = self.context.parameters(hundredths(rule.points), "bigint")
            value = compose("{} * {}", kept.ask(COUNT, since=since), points)
            return RuleColumns(rule=rule, uncapped=value, cap=cap, ends=ends)
        magnitude = kept.ask(TOTAL, fading.rounded_points, since)
        value = magnitude if rule.points > 0 else compose("-({})", magnitude)
        if not self.context.next_change:
            return RuleColumns(rule=rule, uncapped=value, cap=cap)
        count = kept.ask(COUNT, since=since) if decay.linear else None
        roundings = kept.share(ROUNDINGS, lambda _: SQL("1"), since) if count is None else SharedValue(count)
        exact = kept.share(EXACT, fading.signed_points, since)
        flip = kept.share(SOONEST, fading.flip, since).value
        return RuleColumns(
            rule=rule,
            uncapped=value,
            cap=cap,
            fading=fading,
            roundings=roundings,
            exact=exact,
            count=count,
            flip=flip,
            ends=ends,
        )

    def _window_end(self, kept: ActivitySet, decay: Decay, since: Composable | None) -> Composable:
        """The instant just after the first kept activity leaves the window."""
        length = decay.window.delta if decay.window else timedelta()
        after = span(self.context.parameters, length + TICK)
        return kept.share(NEXT, lambda at: compose("{} + {}", at, after), since).value

    def evidence(self, rule: Rule) -> Composable:
        """Hundredths that one activity row gives at t, with their sign."""
        fading = FadingPoints(rule.decay or Decay(), rule.points, self.context)
        start = fading.since()
        decay = fading.decay
        whole = self.context.parameters(hundredths(abs(rule.points)), "bigint")
        points = fading.rounded_points(SQL("occurred_at")) if decay.half_life or decay.linear else whole
        sign = SQL("1" if rule.points > 0 else "-1")
        if start is None:
            return compose("{} * {}", sign, points)
        since = self.context.parameters(start, "timestamptz")
        return compose("CASE WHEN occurred_at >= {} THEN {} * {} ELSE 0 END", since, sign, points)
