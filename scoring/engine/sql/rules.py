"""A rule's points as an expression over a lead's facts: hundredths, before its cap; and the pace at which they change.

`each` sums over the kept activities. Each of them gives points x factor(age), rounded to hundredths half away from zero
before the sum, so that sums are exact and do not depend on the order of rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from psycopg.sql import SQL, Composable

from scoring.engine.limits import RULE_CEILING
from scoring.engine.nodes import Decay, Each, Rule, hundredths
from scoring.engine.sql.activities import Activities
from scoring.engine.sql.conditions import Conditions, span
from scoring.engine.sql.fragments import Parameters, say
from scoring.engine.sql.measures import COUNT, FIRST, SOONEST, TOTAL, Instants
from scoring.engine.sql.moment import TICK, Moment

LN2 = math.log(2)
HALF = "0.500000001"
"""Doubles miss exact ties by a hair: what is within a billionth of half a hundredth counts as half."""

BEGINNING = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How fast a fading rule's magnitude falls: hundredths a second at most, over how many activities rounded one by one,
    and the seconds until the first of them is rounded to another hundredth."""

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
    return say("floor({} + {})", value, SQL(HALF))


def seconds_since(moment: Composable, instant: Composable) -> Composable:
    """`date_part` gives a double; EXTRACT would give a numeric, at twice the price."""
    return say("date_part('epoch', {} - {})", moment, instant)


class Fading:
    """The points of one activity as they fade with its age."""

    def __init__(self, decay: Decay, magnitude: float, parameters: Parameters, moment: Moment) -> None:
        self.decay, self.magnitude, self.parameters, self.moment = decay, magnitude, parameters, moment
        self.t = parameters(moment.t, "timestamptz")

    def since(self) -> datetime | None:
        """Activities before this give nothing: outside the window, faded to zero, or rounded to zero for good."""
        lengths = [self.decay.window.delta] if self.decay.window else []
        if self.decay.linear:
            lengths.append(self.decay.linear.delta)
        if self.decay.half_life:
            halvings = max(math.log2(2 * self.magnitude), 0) if self.magnitude else 0
            lengths.append(self.decay.half_life.delta * (halvings + 0.001))
        return max(self.moment.t - min(lengths), BEGINNING) if lengths else None

    def points(self, instant: Composable) -> Composable:
        """Hundredths, not yet rounded."""
        age = seconds_since(self.t, instant)
        if self.decay.half_life:
            exponent = self.parameters(-LN2 / self.decay.half_life.seconds, "float8")
            return say("{} * exp({} * {})", self.parameters(self.magnitude, "float8"), age, exponent)
        length = self.parameters(float(self.decay.linear.seconds if self.decay.linear else 1), "float8")
        return say("{} * (1 - {} / {})", self.parameters(self.magnitude, "float8"), age, length)

    def rounded_points(self, instant: Composable) -> Composable:
        return say("{}::integer", rounded(self.points(instant)))

    def flip(self, instant: Composable) -> Composable:
        """Seconds before which the activity cannot be rounded to another hundredth (its slope never grows)."""
        points = self.points(instant)
        slope = points if self.decay.half_life else self.parameters(self.magnitude, "float8")
        return say("greatest({p} - {r} + 0.5, 0) / ({s} * {k})", p=points, r=rounded(points), s=slope, k=self._per_second())

    def rate(self, magnitude: Composable, activities: Composable) -> Composable:
        """Hundredths a second that the sum loses at most, now and ever after."""
        if self.decay.half_life:
            return say("({} + 0.5 * {}) * {}", magnitude, activities, self._per_second())
        return say("{} * {} * {}", activities, self.parameters(self.magnitude, "float8"), self._per_second())

    def _per_second(self) -> Composable:
        if self.decay.half_life:
            return self.parameters(LN2 / self.decay.half_life.seconds, "float8")
        return self.parameters(1 / (self.decay.linear.seconds if self.decay.linear else 1), "float8")


class Rules:
    """Compiles rules one by one; `index` is the rule's place in every per-rule array, from 1."""

    def __init__(self, *, activities: Activities, conditions: Conditions, parameters: Parameters, moment: Moment) -> None:
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
        fading = Fading(decay, float(abs(rule.points) * 100), self.parameters, self.moment)
        start = fading.since()
        since = None if start is None else self.parameters(start, "timestamptz")
        sign = 1 if rule.points > 0 else -1
        ends = self._window_end(kept, decay, since) if decay.window else None
        if not (decay.half_life or decay.linear):
            points = self.parameters(hundredths(rule.points), "bigint")
            return RuleParts(rule=rule, uncapped=say("{} * {}", kept.ask(COUNT, since=since), points), cap=cap, ends=ends)
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

    def evidence(self, each: Each, rule: Rule) -> Composable:
        """Hundredths that one activity row gives now, unrounded ones rounded, with its sign; window and age included."""
        fading = Fading(rule.decay or Decay(), float(abs(rule.points) * 100), self.parameters, self.moment)
        start = fading.since()
        decay = fading.decay
        whole = self.parameters(hundredths(abs(rule.points)), "bigint")
        points = fading.rounded_points(SQL("occurred_at")) if decay.half_life or decay.linear else whole
        sign = SQL("1" if rule.points > 0 else "-1")
        if start is None:
            return say("{} * {}", sign, points)
        since = self.parameters(start, "timestamptz")
        return say("CASE WHEN occurred_at >= {} THEN {} * {} ELSE 0 END", since, sign, points)
