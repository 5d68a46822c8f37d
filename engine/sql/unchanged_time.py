"""Lower bounds, in seconds, on the time until the displayed value of a score changes.

A score that must lose d hundredths to be displayed differently keeps its value for (d - n) / down seconds, where n is
what roundings may add. When d is no more than n, nothing changes before the first flip.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psycopg.sql import SQL, Composable

from engine.nodes import Dimension
from engine.sql.change_rate import ChangeRate
from engine.sql.evaluation_time import TICK
from engine.sql.fragments import compose, extreme, trusted
from engine.sql.rules import LN2, RuleColumns
from engine.sql.select_chain import Columns
from engine.sql.totals import HUNDRED_POINTS, GroupColumns, whole

SAFETY = SQL("0.999999999")
"""A hair earlier, for what doubles lose."""

NOWHERE = SQL("NULL::integer")

CENTURY = 3_000_000_000
"""Seconds: what lies further ahead counts as never."""

Thresholds = Mapping[str, Sequence[int]]


class UnchangedTimes:
    """The bounds of every score that changes by itself.

    `rates` are those of the dimensions that change, `thresholds` the hundredths of each score from which on something
    is different. A displayed value is a whole point; without `whole_points` only the thresholds count.
    """

    def __init__(
        self,
        moving: Sequence[GroupColumns],
        parts: Sequence[RuleColumns],
        rates: Mapping[Dimension, ChangeRate],
        thresholds: Thresholds,
        *,
        whole_points: bool,
    ) -> None:
        self.dimensions, self.thresholds, self.whole_points = list(rates), thresholds, whole_points
        self.rates: dict[str, ChangeRate] = {str(dimension): rate for dimension, rate in rates.items()}
        self.rates["total"] = ChangeRate.together(list(rates.values()))
        self.groups = {
            dimension: [group for group in moving if group.group.dimension is dimension]
            for dimension in self.dimensions
        }
        self.groups_of_all, self.parts = moving, parts
        self.ways = {score: directions(rate) for score, rate in self.rates.items()}

    def approaches(self) -> Columns:
        """For each score the seconds to its next displayed value down and up at the rate of now, and the share of
        that rate that what meets it leaves."""
        columns: Columns = []
        for score, ways in self.ways.items():
            fall, rise = self._distances(score)
            for way in ways:
                distance = fall if way.name == "fall" else rise
                columns.append((f"{score}_{way.name}", compose("({} / nullif({}, 0))", distance, way.rate)))
                if way.met_by is not None:
                    left = compose("greatest(1 - {} / nullif({}, 0), 0)", way.met_by, way.rate)
                    columns.append((f"{score}_{way.name}_left", left))
        return columns

    def _distances(self, score: str) -> tuple[Composable, Composable]:
        """Hundredths down and up to the next whole point or threshold. NULL where 0 and 100 hide the change."""
        shown, raw, thresholds = trusted(score), trusted(f"{score}_raw"), self.thresholds.get(score, ())
        below = [compose("CASE WHEN {0} >= {1} THEN {1} END", shown, whole(cut)) for cut in thresholds]
        above = [compose("CASE WHEN {0} < {1} THEN {1} END", shown, whole(cut)) for cut in thresholds]
        if self.whole_points:
            below.append(compose("{} / 100 * 100", shown))
            above.append(compose("{} / 100 * 100 + 100", shown))
        low, high = extreme("greatest", below) or NOWHERE, extreme("least", above) or NOWHERE
        fall = compose("({} - nullif({}, 0) + 1 - slack_down)", raw, low)
        rise = compose("(CASE WHEN {0} <= {1} THEN {0} - {2} END - slack_up)", high, whole(HUNDRED_POINTS), raw)
        return fall, rise

    def columns(self) -> Columns:
        """For each score the seconds before which it cannot be displayed differently, by rate alone; NULL for ever."""
        times = {score: extreme("least", [self._time(score, way) for way in ways]) for score, ways in self.ways.items()}
        return [
            (f"{score}_wait", compose("{} * {}", time, SAFETY)) for score, time in times.items() if time is not None
        ]

    def _time(self, score: str, way: Direction) -> Composable:
        """Seconds for the distance: on a line, or at a rate that itself halves and so may never get there (NULL).

        Where something is sure to move the other way, the distance is rate * s - met_by * (s - easing * s * s / 2).
        """
        share = trusted(f"{score}_{way.name}")
        groups = self.groups_of_all if score == "total" else self.groups[Dimension(score)]
        change = RateChange(groups, self.parts)
        waits = [share]
        if change.slowing:
            waits = [compose("(-ln(1 - {0} * {1}) / {1})", share, _number(change.slowing))]
        if way.met_by is not None:
            left = trusted(f"{score}_{way.name}_left")
            eased = compose("{} * greatest({}, 1e-6) * (1 - {})", _number(2 * change.easing), share, left)
            waits.append(compose("2 * {0} / ({1} + sqrt({1} * {1} + {2}))", share, left, eased))
        longest = extreme("greatest", waits) or share
        if not change.slowing:
            return longest
        return compose("CASE WHEN {} * {} < 1 THEN {} END", share, _number(change.slowing), longest)

    def seconds(self) -> list[Composable]:
        """The waits of the scores, though never shorter than until the first flip."""
        template = "CASE WHEN {0} IS NOT NULL THEN greatest({0}, flip) END"
        return [compose(template, trusted(f"{score}_wait")) for score, ways in self.ways.items() if ways]


@dataclass(frozen=True, kw_only=True)
class Direction:
    """One of the two ways in which a score can move."""

    name: str
    rate: Composable
    met_by: Composable | None
    """What is sure to move the other way."""


def directions(rate: ChangeRate) -> list[Direction]:
    """Those in which a score with this rate can change at all."""
    found = []
    if rate.down is not None:
        found.append(Direction(name="fall", rate=rate.down, met_by=rate.sure_up))
    if rate.up is not None:
        found.append(Direction(name="rise", rate=rate.up, met_by=rate.sure_down))
    return found


class RateChange:
    """How rates change themselves: what any loses of itself in a second at least, and what is sure at most."""

    def __init__(self, groups: Sequence[GroupColumns], parts: Sequence[RuleColumns]) -> None:
        fading = [each for place in groups for i in place.rules if (each := parts[i - 1].fading)]
        quiet = [LN2 / place.group.inactivity.half_life.seconds for place in groups if place.group.inactivity]
        lengths = [LN2 / each.length.seconds if each.decay.half_life else 0.0 for each in fading]
        self.slowing = min([*lengths, *quiet], default=0.0)
        """0 as soon as something falls in a line."""
        self.easing = max([*(each.easing for each in fading), *quiet], default=0.0)


def _number(value: float) -> Composable:
    return trusted(f"{value!r}::float8")


def earliest(instants: Sequence[Composable], waits: Sequence[Composable], t: Composable) -> Composable:
    """The earliest of the instants and of t + waits, at least a tick ahead; NULL when nothing can change."""
    candidates = list(instants)
    soonest = extreme("least", waits)
    if soonest is not None:
        ahead = compose("greatest({}, {}) * interval '1 second'", soonest, trusted(repr(TICK.total_seconds())))
        candidates.append(compose("CASE WHEN {} < {} THEN {} + {} END", soonest, trusted(str(CENTURY)), t, ahead))
    first = extreme("least", candidates)
    return SQL("NULL::timestamptz") if first is None else compose("nullif({}, 'infinity'::timestamptz)", first)
