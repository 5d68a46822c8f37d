"""How long each score keeps its looks, by the pace of its groups: never longer than it does.

A number that must lose d hundredths to look different keeps its looks for (d - n) / down seconds, where n is what
roundings may add. When d is no more than n, nothing changes before the first flip.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psycopg.sql import SQL, Composable

from engine.nodes import Dimension
from engine.sql.fragments import extreme, ours, say
from engine.sql.layers import Columns
from engine.sql.moment import TICK
from engine.sql.pace import Pace
from engine.sql.rules import LN2, RuleParts
from engine.sql.totals import HUNDRED_POINTS, GroupPlace, whole

SAFETY = SQL("0.999999999")
"""A hair earlier, for what doubles lose."""

NOWHERE = SQL("NULL::integer")

CENTURY = 3_000_000_000
"""Seconds: what lies further ahead counts as never."""

Cuts = Mapping[str, Sequence[int]]


class Waits:
    """The waits of every score that moves by itself; `cuts` are hundredths where something is `>=`, or no longer.

    `paces` are those of the dimensions that move. Without `whole_points` only the cuts count.
    """

    def __init__(
        self,
        moving: Sequence[GroupPlace],
        parts: Sequence[RuleParts],
        paces: Mapping[Dimension, Pace],
        cuts: Cuts,
        *,
        whole_points: bool,
    ) -> None:
        self.dimensions, self.cuts, self.whole_points = list(paces), cuts, whole_points
        self.paces: dict[str, Pace] = {str(dimension): pace for dimension, pace in paces.items()}
        self.paces["total"] = Pace.together(list(paces.values()))
        self.groups = {each: [p for p in moving if p.group.dimension is each] for each in self.dimensions}
        self.groups_of_all, self.parts = moving, parts
        self.ways = {score: _ways(pace) for score, pace in self.paces.items()}

    def approaches(self) -> Columns:
        """For each score the seconds to its next looks down and up at the pace of now, and what is left of that pace
        after what meets it."""
        columns: Columns = []
        for score, ways in self.ways.items():
            fall, rise = self._distances(score)
            for way in ways:
                distance = fall if way.name == "fall" else rise
                columns.append((f"{score}_{way.name}", say("({} / nullif({}, 0))", distance, way.pace)))
                if way.met_by is not None:
                    left = say("greatest(1 - {} / nullif({}, 0), 0)", way.met_by, way.pace)
                    columns.append((f"{score}_{way.name}_left", left))
        return columns

    def _distances(self, score: str) -> tuple[Composable, Composable]:
        """Looks change at every whole point, and at the cuts. NULL where 0 and 100 hide the change."""
        shown, raw, cuts = ours(score), ours(f"{score}_raw"), self.cuts.get(score, ())
        below = [say("CASE WHEN {0} >= {1} THEN {1} END", shown, whole(cut)) for cut in cuts]
        above = [say("CASE WHEN {0} < {1} THEN {1} END", shown, whole(cut)) for cut in cuts]
        if self.whole_points:
            below.append(say("{} / 100 * 100", shown))
            above.append(say("{} / 100 * 100 + 100", shown))
        low, high = extreme("greatest", below) or NOWHERE, extreme("least", above) or NOWHERE
        fall = say("({} - nullif({}, 0) + 1 - slack_down)", raw, low)
        rise = say("(CASE WHEN {0} <= {1} THEN {0} - {2} END - slack_up)", high, whole(HUNDRED_POINTS), raw)
        return fall, rise

    def columns(self) -> Columns:
        """For each score the seconds before which it cannot look different, by pace alone; NULL if it never does."""
        times = {score: extreme("least", [self._time(score, way) for way in ways]) for score, ways in self.ways.items()}
        return [(f"{score}_wait", say("{} * {}", time, SAFETY)) for score, time in times.items() if time is not None]

    def _time(self, score: str, way: _Way) -> Composable:
        """Seconds for the distance: on a line, or at a pace that itself halves and so may never get there (NULL).

        Where something is sure to move the other way, the distance is pace * s - met_by * (s - easing * s * s / 2).
        """
        share, change = ours(f"{score}_{way.name}"), self._change(score)
        waits = [share]
        if change.slowing:
            waits = [say("(-ln(1 - {0} * {1}) / {1})", share, _number(change.slowing))]
        if way.met_by is not None:
            left = ours(f"{score}_{way.name}_left")
            eased = say("{} * greatest({}, 1e-6) * (1 - {})", _number(2 * change.easing), share, left)
            waits.append(say("2 * {0} / ({1} + sqrt({1} * {1} + {2}))", share, left, eased))
        longest = extreme("greatest", waits) or share
        if not change.slowing:
            return longest
        return say("CASE WHEN {} * {} < 1 THEN {} END", share, _number(change.slowing), longest)

    def _change(self, score: str) -> _Change:
        return _Change(self.groups_of_all if score == "total" else self.groups[Dimension(score)], self.parts)

    def seconds(self) -> list[Composable]:
        """The waits of the scores, though never shorter than until the first flip."""
        template = "CASE WHEN {0} IS NOT NULL THEN greatest({0}, flip) END"
        return [say(template, ours(f"{score}_wait")) for score, ways in self.ways.items() if ways]


@dataclass(frozen=True, kw_only=True)
class _Way:
    """One of the two ways in which a score can move."""

    name: str
    pace: Composable
    met_by: Composable | None
    """What is sure to move the other way."""


def _ways(pace: Pace) -> list[_Way]:
    ways = ("fall", pace.down, pace.sure_up), ("rise", pace.up, pace.sure_down)
    return [_Way(name=name, pace=own, met_by=met_by) for name, own, met_by in ways if own is not None]


class _Change:
    """How paces change themselves: what any loses of itself in a second at least, and what is sure at most."""

    def __init__(self, groups: Sequence[GroupPlace], parts: Sequence[RuleParts]) -> None:
        fading = [each for place in groups for i in place.rules if (each := parts[i - 1].fading)]
        quiet = [LN2 / place.group.inactivity.half_life.seconds for place in groups if place.group.inactivity]
        lengths = [LN2 / each.length.seconds if each.decay.half_life else 0.0 for each in fading]
        self.slowing = min([*lengths, *quiet], default=0.0)
        """0 as soon as something falls in a line."""
        self.easing = max([*(each.easing for each in fading), *quiet], default=0.0)


def _number(value: float) -> Composable:
    return ours(f"{value!r}::float8")


def next_change(instants: Sequence[Composable], waits: Sequence[Composable], t: Composable) -> Composable:
    """The earliest of the instants and of t + waits, at least a tick ahead; NULL when nothing can change."""
    candidates = list(instants)
    soonest = extreme("least", waits)
    if soonest is not None:
        ahead = say("greatest({}, {}) * interval '1 second'", soonest, ours(repr(TICK.total_seconds())))
        candidates.append(say("CASE WHEN {} < {} THEN {} + {} END", soonest, ours(str(CENTURY)), t, ahead))
    earliest = extreme("least", candidates)
    return SQL("NULL::timestamptz") if earliest is None else say("nullif({}, 'infinity'::timestamptz)", earliest)
