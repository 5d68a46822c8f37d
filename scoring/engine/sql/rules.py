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

from scoring.engine.limits import RULE_CEILING
from scoring.engine.nodes import Decay, Duration, Rule, hundredths
from scoring.engine.sql.activities import Activities
from scoring.engine.sql.conditions import Conditions, span
from scoring.engine.sql.fragments import Parameters, say
from scoring.engine.sql.measures import COUNT, FIRST, SOONEST, TOTAL, Instants
from scoring.engine.sql.moment import TICK, Moment

LN2 = math.log(2)
HALF: LiteralString = "0.500000001"
"""What is within a billionth of a tie may flip at once: doubles cannot say."""

BEGINNING = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How fast a fading rule's magnitude falls: hundredths a second at most, over how many activities that are rounded
    one by one, and the seconds until the first of them is rounded to another hundredth."""

    rate: Composable
    activities: Composable
    flip: Composable


@dataclass(frozen=True, kw_only=True)
class RuleParts:
    rule: Rule
    uncapped: Composable
    cap: int
    pace: Pace | None = None
    ends: Composable | None = None


def rounded(value: Composable) -> Composable:
    """A magnitude of hundredths, rounded half up: half away from zero once the sign is back."""
    return say("floor({} + 0.5)", value)


def seconds_since(moment: Composable, instant: Composable) -> Composable:
    """`date_part` gives a double; EXTRACT would give a numeric, at twice the price."""
    return say("date_part('epoch', {} - {})", moment, instant)


class Fading:
    """The points of one activity as they fade with its age."""

    def __init__(self, decay: Decay, points: Decimal, parameters: Parameters, moment: Moment) -> None:
        self.decay, self.exact, self.parameters, self.moment = decay, abs(points) * 100, parameters, moment
        self.magnitude = parameters(float(self.exact), "float8")
        self.t = parameters(moment.t, "timestamptz")

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
        return max(self.moment.t - min(lengths), BEGINNING) if lengths else None

    def points(self, instant: Composable) -> Composable:
        """Hundredths as a double. `power` is exact at whole half-lives, where alone a tie can be."""
        age = seconds_since(self.t, instant)
        length = self.parameters(float(self.length.seconds), "float8")
        template: LiteralString = "{} * power(0.5::float8, {} / {})" if self.decay.half_life else "{} * (1 - {} / {})"
        return say(template, self.magnitude, age, length)

    def rounded_points(self, instant: Composable) -> Composable:
        return say("({})::integer", rounded(self.points(instant)) if self.decay.half_life else self._straight(instant))

    def _straight(self, instant: Composable) -> Composable:
        """magnitude x (length - age) / length, rounded, in whole microseconds: a double cannot tell the ties."""
        length = self.length.seconds * 1_000_000
        points, scale = self.exact.as_integer_ratio()
        fits = 4 * points * length * scale < 2**63
        kind: LiteralString = "bigint" if fits else "numeric"
        template: LiteralString = "({} * ({} - {}) + {}) / {}" if fits else "div({} * ({} - {}) + {}, {})"
        return say(
            template,
            self.parameters(2 * points, kind),
            self.parameters(length, kind),
            say("(1000000 * {})::bigint", seconds_since(self.t, instant)),
            self.parameters(length * scale, kind),
            self.parameters(2 * length * scale, kind),
        )

    def flip(self, instant: Composable) -> Composable:
        """Seconds before which the activity cannot be rounded to another hundredth (its slope never grows)."""
        points = self.points(instant)
        nearest = say("floor({} + {})", points, SQL(HALF))
        slope = points if self.decay.half_life else self.magnitude
        return say("greatest({} - {} + 0.5, 0) / ({} * {})", points, nearest, slope, self._per_second())

    def rate(self, magnitude: Composable, activities: Composable) -> Composable:
        """Hundredths a second that the sum loses at most, now and ever after."""
        if self.decay.half_life:
            return say("({} + 0.5 * {}) * {}", magnitude, activities, self._per_second())
        return say("{} * {} * {}", activities, self.magnitude, self._per_second())

    def _per_second(self) -> Composable:
        """The share of itself, or of its beginning, that an activity loses in a second."""
        return self.parameters((LN2 if self.decay.half_life else 1) / self.length.seconds, "float8")


class Rules:
    """Compiles rules one by one; `index` is the rule's place in every per-rule array, from 1."""

    def __init__(
        self, *, activities: Activities, conditions: Conditions, parameters: Parameters, moment: Moment
    ) -> None:
        self.activities, self.conditions = activities, conditions
        self.parameters, self.moment = parameters, moment

    def parts(self, rule: Rule, uncapped: Composable) -> RuleParts:
        """`uncapped` names the rule's place in the row, for what is said about it later."""
        cap = RULE_CEILING if rule.cap is None else min(hundredths(rule.cap), RULE_CEILING)
        if rule.disabled or not rule.points:
            return RuleParts(rule=rule, uncapped=SQL("0::bigint"), cap=cap)
        if rule.when:
            points = self.parameters(hundredths(rule.points), "bigint")
            given = say("CASE WHEN {} THEN {} ELSE 0::bigint END", self.conditions.test(rule.when), points)
            return RuleParts(rule=rule, uncapped=given, cap=cap)
        assert rule.each is not None  # parse demands one of the two
        kept = self.activities.kept(rule.each.activity, rule.each.where, rule.repeat, rule.at_most)
        return self._each(rule, kept, rule.decay or Decay(), cap, uncapped)

    def _each(self, rule: Rule, kept: Instants, decay: Decay, cap: int, uncapped: Composable) -> RuleParts:
        fading = Fading(decay, rule.points, self.parameters, self.moment)
        start = fading.since()
        since = None if start is None else self.parameters(start, "timestamptz")
        sign = 1 if rule.points > 0 else -1
        ends = self._window_end(kept, decay, since) if decay.window else None
        if not (decay.half_life or decay.linear):
            points = self.parameters(hundredths(rule.points), "bigint")
            return RuleParts(
                rule=rule, uncapped=say("{} * {}", kept.ask(COUNT, since=since), points), cap=cap, ends=ends
            )
        magnitude = kept.ask(TOTAL, fading.rounded_points, since)
        count = kept.ask(COUNT, since=since)
        pace = Pace(
            rate=fading.rate(say("abs({})", uncapped), count),
            activities=count,
            flip=kept.ask(SOONEST, fading.flip, since),
        )
        signed = magnitude if sign > 0 else say("-({})", magnitude)
        return RuleParts(rule=rule, uncapped=signed, cap=cap, pace=pace, ends=ends)

    def _window_end(self, kept: Instants, decay: Decay, since: Composable | None) -> Composable:
        """The instant just after the first kept activity leaves the window."""
        length = decay.window.delta if decay.window else timedelta()
        return say("({} + {})", kept.ask(FIRST, since=since), span(self.parameters, length + TICK))

    def evidence(self, rule: Rule) -> Composable:
        """Hundredths that one activity row gives at t, with their sign."""
        fading = Fading(rule.decay or Decay(), rule.points, self.parameters, self.moment)
        start = fading.since()
        decay = fading.decay
        whole = self.parameters(hundredths(abs(rule.points)), "bigint")
        points = fading.rounded_points(SQL("occurred_at")) if decay.half_life or decay.linear else whole
        sign = SQL("1" if rule.points > 0 else "-1")
        if start is None:
            return say("{} * {}", sign, points)
        since = self.parameters(start, "timestamptz")
        return say("CASE WHEN occurred_at >= {} THEN {} * {} ELSE 0 END", since, sign, points)
