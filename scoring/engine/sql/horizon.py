"""When could anything visible change, if nothing but time happens? Never later than it does; often exactly then.

Some changes have an instant: a window ends, a day begins, an adjustment expires. Fading points have a pace. With
`down` hundredths a second at most, a number that must lose d hundredths to look different keeps its looks for
(d - n) / down seconds, where n allows for n activities that are rounded one by one. When d is no more than n, nothing
changes before the first of them is rounded to another hundredth: the flip. Sweeps repeat this and close in from below.

A rule above its cap, and a group beyond its bounds, hold still until their excess has melted: that wait counts too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psycopg.sql import SQL, Composable

from scoring.engine.nodes import Dimension
from scoring.engine.sql.fragments import extreme, ours, say, total
from scoring.engine.sql.layers import Columns
from scoring.engine.sql.moment import TICK
from scoring.engine.sql.rules import LN2, RuleParts
from scoring.engine.sql.totals import HUNDRED_POINTS, GroupPlace, bounds, clamped, whole

NEVER, NOTHING = SQL("'infinity'::float8"), SQL("0::float8")
SAFETY = SQL("0.999999999")
"""A hair earlier, for what doubles lose."""

CENTURY = 3_000_000_000
"""Seconds: what lies further ahead counts as never."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How a number moves by itself: hundredths a second down and up at most, over how many roundings, and the flip."""

    down: Composable
    up: Composable
    count: Composable
    flip: Composable

    def columns(self, suffix: object) -> Columns:
        values = {"down": self.down, "up": self.up, "count": self.count, "flip": self.flip}
        return [(f"{name}_{suffix}", value) for name, value in values.items()]

    @classmethod
    def named(cls, suffix: object) -> Pace:
        """The pace that an earlier step has computed."""
        return cls(**{name: ours(f"{name}_{suffix}") for name in ("down", "up", "count", "flip")})

    @classmethod
    def together(cls, paces: Sequence[Pace]) -> Pace:
        return cls(
            down=say("({})", total([pace.down for pace in paces], "0::float8")),
            up=say("({})", total([pace.up for pace in paces], "0::float8")),
            count=say("({})", total([pace.count for pace in paces], "0::float8")),
            flip=extreme("least", [pace.flip for pace in paces]) or NEVER,
        )

    def unless(self, locked: Composable | None) -> Pace:
        """Still while locked."""
        if locked is None:
            return self
        down, up, count = (_unless(locked, value, NOTHING) for value in (self.down, self.up, self.count))
        return Pace(down=down, up=up, count=count, flip=_unless(locked, self.flip, NEVER))


def _unless(locked: Composable, value: Composable, otherwise: Composable) -> Composable:
    return say("CASE WHEN {} THEN {} ELSE {} END", locked, otherwise, value)


# --- rules -----------------------------------------------------------------------------------------------------------


def fading_rules(parts: Sequence[RuleParts]) -> dict[int, int]:
    """The rules that fade, by index, with their place among each other."""
    fading = [index for index, part in enumerate(parts, start=1) if part.fading]
    return {index: place for place, index in enumerate(fading, start=1)}


def rule_pace(part: RuleParts, value: Composable, count: Composable, flip: Composable) -> Pace:
    """Positive points fall and negative ones rise; above its cap a rule does neither."""
    assert part.fading is not None
    rate, roundings = part.fading.rate(say("abs({})", value), count), say("{}::float8", count)
    gives = part.rule.points > 0
    pace = Pace(down=rate if gives else NOTHING, up=NOTHING if gives else rate, count=roundings, flip=flip)
    return pace.unless(_rule_locked(part, value, count))


def rule_wait(part: RuleParts, value: Composable, count: Composable) -> Composable | None:
    """Seconds that a rule stays above its cap."""
    if (locked := _rule_locked(part, value, count)) is None or part.fading is None:
        return None
    rate = part.fading.rate(say("abs({})", value), count)
    return say("CASE WHEN {} THEN ({} - {}) / ({}) END", locked, _excess(part, value), count, rate)


def _rule_locked(part: RuleParts, value: Composable, count: Composable) -> Composable | None:
    return None if part.rule.cap is None else say("{} > {}", _excess(part, value), count)


def _excess(part: RuleParts, value: Composable) -> Composable:
    return say("(abs({}) - {})", value, whole(part.cap))


# --- groups ----------------------------------------------------------------------------------------------------------


def moving_groups(groups: Sequence[GroupPlace], fading: Mapping[int, int]) -> list[GroupPlace]:
    return [place for place in groups if place.group.inactivity or any(index in fading for index in place.rules)]


def extremes(place: GroupPlace, points: Sequence[Composable]) -> Columns:
    """The most and the least that a group fading with inactivity could still hold, within its bounds."""
    if place.group.inactivity is None:
        return []
    ends = {name: [say("{}({}, 0)::bigint", SQL(name), value) for value in points] for name in ("greatest", "least")}
    most, least = (clamped(total(values), *bounds(place.group)) for values in ends.values())
    return [(f"most{place.index}", most), (f"least{place.index}", least)]


def group_pace(place: GroupPlace) -> Pace:
    """The pace of a group's rules after its bounds and inactivity."""
    pace = Pace.named(place.index).unless(_group_locked(place))
    return _quiet(place, pace) if place.group.inactivity else pace


def _sides(place: GroupPlace) -> list[tuple[Composable, Composable]]:
    """Per bound: how far beyond it the sum is, and how fast it comes back."""
    low, high = bounds(place.group)
    pace, sides = Pace.named(place.index), []
    if high is not None:
        sides.append((say("({} - {})", place.sum, whole(high)), pace.down))
    if low is not None:
        sides.append((say("({} - {})", whole(low), place.sum), pace.up))
    return sides


def _group_locked(place: GroupPlace) -> Composable | None:
    count = Pace.named(place.index).count
    tests = [say("{} > {}", excess, count) for excess, _ in _sides(place)]
    return say("({})", SQL(" OR ").join(tests)) if tests else None


def group_waits(place: GroupPlace) -> list[Composable]:
    """Seconds that a group stays beyond a bound."""
    count = Pace.named(place.index).count
    return [
        say("CASE WHEN {0} > {1} THEN ({0} - {1}) / nullif({2}, 0) END", excess, count, pace)
        for excess, pace in _sides(place)
    ]


def _quiet(place: GroupPlace, pace: Pace) -> Pace:
    """Inactivity takes a share of whatever the group could still hold, and rounds once more."""
    assert place.group.inactivity is not None
    share, fade = ours(repr(LN2 / place.group.inactivity.half_life.seconds)), place.fade
    most, least = ours(f"most{place.index}"), ours(f"least{place.index}")
    flip = say(
        "CASE WHEN {points} <> 0 THEN greatest({left} - abs({points}) + 0.5, 0) / ({left} * {share}) ELSE {never} END",
        points=place.points,
        left=say("(abs({}) * {})", place.bounded, fade),
        share=share,
        never=NEVER,
    )
    active = say("{} < 1", fade)
    return Pace(
        down=say("({} + CASE WHEN {} THEN greatest({}, 0) * {} ELSE 0 END) * {}", pace.down, active, most, share, fade),
        up=say("({} + CASE WHEN {} THEN greatest(-{}, 0) * {} ELSE 0 END) * {}", pace.up, active, least, share, fade),
        count=say("{} + CASE WHEN {} THEN 1 ELSE 0 END", pace.count, active),
        flip=say("CASE WHEN {} THEN least({}, {}) ELSE {} END", active, pace.flip, flip, pace.flip),
    )


# --- scores ----------------------------------------------------------------------------------------------------------


def score_waits(moving: Sequence[Dimension], cuts: Mapping[str, Sequence[int]]) -> Columns:
    """For each score that moves by itself the seconds before which it cannot look different, by pace alone."""
    paces = {str(dimension): [Pace.named(dimension)] for dimension in moving}
    paces["total"] = [Pace.named(dimension) for dimension in moving]
    return [
        (f"{score}_wait", _score_wait(score, Pace.together(found), cuts.get(score, ())))
        for score, found in paces.items()
    ]


def _score_wait(score: str, pace: Pace, cuts: Sequence[int]) -> Composable:
    """Looks change at every whole point, and at the cuts: where something is `>= cut`, or no longer. NULL when 0 and
    100 hide the change, or nothing moves."""
    shown, raw = ours(score), ours(f"{score}_raw")
    below = [say("CASE WHEN {0} >= {1} THEN {1} END", shown, whole(cut)) for cut in cuts]
    above = [say("CASE WHEN {0} < {1} THEN {1} END", shown, whole(cut)) for cut in cuts]
    low = extreme("greatest", [say("{} / 100 * 100", shown), *below]) or shown
    high = extreme("least", [say("{} / 100 * 100 + 100", shown), *above]) or shown
    return say(
        "least(({raw} - nullif({low}, 0) + 1 - {count}) / nullif({down}, 0),"
        " (CASE WHEN {high} <= {top} THEN {high} - {raw} END - {count}) / nullif({up}, 0)) * {safety}",
        raw=raw,
        low=low,
        high=high,
        top=whole(HUNDRED_POINTS),
        count=pace.count,
        down=pace.down,
        up=pace.up,
        safety=SAFETY,
    )


def seconds(moving: Sequence[Dimension]) -> list[Composable]:
    """The waits of the scores, though never shorter than until the first flip."""
    flips = {str(dimension): Pace.named(dimension).flip for dimension in moving}
    if moving:
        flips["total"] = extreme("least", list(flips.values())) or NEVER
    return [
        say("CASE WHEN {0} IS NOT NULL THEN greatest({0}, {1}) END", ours(f"{score}_wait"), flip)
        for score, flip in flips.items()
    ]


def next_change(instants: Sequence[Composable], waits: Sequence[Composable], t: Composable) -> Composable:
    """The earliest of the instants and of t + waits, at least a tick ahead; NULL when nothing can change."""
    candidates = list(instants)
    soonest = extreme("least", waits)
    if soonest is not None:
        ahead = say("greatest({}, {}) * interval '1 second'", soonest, ours(repr(TICK.total_seconds())))
        candidates.append(say("CASE WHEN {} < {} THEN {} + {} END", soonest, ours(str(CENTURY)), t, ahead))
    earliest = extreme("least", candidates)
    return SQL("NULL::timestamptz") if earliest is None else say("nullif({}, 'infinity'::timestamptz)", earliest)
