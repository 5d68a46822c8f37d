"""When could anything visible change, if nothing but time happens? Never later than it does; often exactly then.

Some changes have an instant: a window ends, a day begins, an adjustment expires. Fading points have a pace. With
`down` hundredths a second at most, a number that must lose d hundredths to look different keeps its looks for
(d - n) / down seconds, where n allows for n activities that are rounded one by one. When d is no more than n, nothing
changes before the first of them is rounded to another hundredth: the flip. Sweeps repeat this and close in from below.

A rule above its cap, and a group beyond its bounds, hold still until their excess has melted: that wait counts too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString

from psycopg.sql import SQL, Composable

from scoring.engine.nodes import Dimension
from scoring.engine.sql.fragments import array, commas, extreme, ours, say, total
from scoring.engine.sql.moment import TICK
from scoring.engine.sql.rules import LN2, RuleParts
from scoring.engine.sql.totals import HUNDRED_POINTS, GroupPlace, bounds, clamped, item, whole

NEVER = SQL("'infinity'::float8")
NOTHING = SQL("0::float8")
SAFETY = SQL("0.999999999")
"""A hair earlier, for what doubles lose."""

CENTURY = 3_000_000_000
"""Seconds: what lies further ahead counts as never."""

Columns = list[tuple[str, Composable]]


@dataclass(frozen=True, kw_only=True)
class Paced:
    """What fades: rules (their index in the paced arrays) by group, and groups by dimension."""

    rules: Mapping[int, int]
    groups: Mapping[int, int]


def paced(parts: Sequence[RuleParts], groups: Sequence[GroupPlace]) -> Paced:
    fading = [index for index, part in enumerate(parts, start=1) if part.pace]
    rules = {index: place for place, index in enumerate(fading, start=1)}
    moving = [g.index for g in groups if g.group.inactivity or any(index in rules for index in g.rules)]
    return Paced(rules=rules, groups={index: place for place, index in enumerate(moving, start=1)})


# --- rules -----------------------------------------------------------------------------------------------------------


def rule_paces(parts: Sequence[RuleParts], fading: Paced) -> Columns:
    """Arrays over the fading rules: rate, how many activities, flip, and the wait while locked above the cap."""
    rates, counts, flips, waits = [], [], [], []
    for index in fading.rules:
        part = parts[index - 1]
        assert part.pace is not None
        excess = say("(abs({}) - {})", item("uncapped", index), whole(part.cap))
        locked = say("{} > {}", excess, part.pace.activities)
        rates.append(_unless(locked, part.pace.rate, NOTHING))
        counts.append(_unless(locked, say("({})::float8", part.pace.activities), NOTHING))
        flips.append(_unless(locked, part.pace.flip, NEVER))
        melting = say("({} - {}) / ({})", excess, part.pace.activities, part.pace.rate)
        waits.append(_unless(locked, NEVER, melting))
    named = (("rule_rates", rates), ("rule_counts", counts), ("rule_flips", flips), ("rule_waits", waits))
    return [(name, array(column, "float8")) for name, column in named]


def _unless(locked: Composable, value: Composable, otherwise: Composable) -> Composable:
    return say("CASE WHEN {} THEN {} ELSE {} END", locked, otherwise, value)


# --- groups ----------------------------------------------------------------------------------------------------------


def group_sums(parts: Sequence[RuleParts], groups: Sequence[GroupPlace], fading: Paced) -> Columns:
    """Arrays over the moving groups, from their rules alone: fall and rise a second, activities, flip."""
    downs, ups, counts, flips = [], [], [], []
    for group in (group for group in groups if group.index in fading.groups):
        rules = [index for index in group.rules if index in fading.rules]
        giving = [fading.rules[index] for index in rules if parts[index - 1].rule.points > 0]
        taking = [fading.rules[index] for index in rules if parts[index - 1].rule.points < 0]
        downs.append(total([item("rule_rates", place) for place in giving], "0::float8"))
        ups.append(total([item("rule_rates", place) for place in taking], "0::float8"))
        counts.append(total([item("rule_counts", place) for place in (*giving, *taking)], "0::float8"))
        flips.append(extreme("least", [item("rule_flips", place) for place in (*giving, *taking)]) or NEVER)
    named = (("sum_downs", downs), ("sum_ups", ups), ("sum_counts", counts), ("sum_flips", flips))
    return [(name, array(column, "float8")) for name, column in named]


def group_locks(groups: Sequence[GroupPlace], fading: Paced) -> Columns:
    """Which groups hold still at a bound, and for how many seconds at least."""
    locks, waits = [], []
    for group in (group for group in groups if group.index in fading.groups):
        place, points, (low, high) = (
            fading.groups[group.index],
            item("group_uncapped", group.index),
            bounds(group.group),
        )
        counts, sides = item("sum_counts", place), []
        if high is not None:
            sides.append((say("({} - {})", points, whole(high)), item("sum_downs", place)))
        if low is not None:
            sides.append((say("({} - {})", whole(low), points), item("sum_ups", place)))
        tests = [say("{} > {}", excess, counts) for excess, _ in sides]
        melting = [
            say("WHEN {} THEN ({} - {}) / nullif({}, 0)", test, excess, counts, pace)
            for test, (excess, pace) in zip(tests, sides, strict=True)
        ]
        locks.append(SQL(" OR ").join(tests) if tests else SQL("false"))
        waits.append(say("coalesce(CASE {} END, {})", SQL(" ").join(melting), NEVER) if melting else NEVER)
    return [("locks", array(locks, "boolean")), ("group_waits", array(waits, "float8"))]


def group_paces(groups: Sequence[GroupPlace], fading: Paced) -> Columns:
    """The same arrays after the bounds and inactivity."""
    downs, ups, counts, flips = [], [], [], []
    for group in (group for group in groups if group.index in fading.groups):
        place = fading.groups[group.index]
        locked = item("locks", place)
        down, up = (_unless(locked, item(f"sum_{way}s", place), NOTHING) for way in ("down", "up"))
        count = _unless(locked, item("sum_counts", place), NOTHING)
        flip = _unless(locked, item("sum_flips", place), NEVER)
        if group.group.inactivity:
            down, up, count, flip = _quiet(group, down, up, count, flip)
        downs.append(down)
        ups.append(up)
        counts.append(count)
        flips.append(flip)
    named = (("downs", downs), ("ups", ups), ("counts", counts), ("flips", flips))
    return [(name, array(column, "float8")) for name, column in named]


def _quiet(
    group: GroupPlace, down: Composable, up: Composable, count: Composable, flip: Composable
) -> tuple[Composable, Composable, Composable, Composable]:
    """A group fading with inactivity loses what its rules lose, and a share of what it could still hold."""
    assert group.group.inactivity is not None
    fade, k = item("fades", group.index), ours(repr(LN2 / group.group.inactivity.half_life.seconds))
    low, high = bounds(group.group)
    positive = total([say("greatest({}, 0)::bigint", item("points", i)) for i in group.rules])
    negative = total([say("least({}, 0)::bigint", item("points", i)) for i in group.rules])
    most, least = clamped(positive, low, high), clamped(negative, low, high)
    active = say("{} < 1", fade)
    own_flip = say(
        "CASE WHEN {points} <> 0 THEN greatest({left} - abs({points}) + 0.5, 0) / ({left} * {k}) ELSE {never} END",
        points=item("group_points", group.index),
        left=say("(abs({}) * {})", item("group_bounded", group.index), fade),
        k=k,
        never=NEVER,
    )
    return (
        say("({} + CASE WHEN {} THEN greatest({}, 0) * {} ELSE 0 END) * {}", down, active, most, k, fade),
        say("({} + CASE WHEN {} THEN greatest(-{}, 0) * {} ELSE 0 END) * {}", up, active, least, k, fade),
        say("({} + CASE WHEN {} THEN 1 ELSE 0 END)", count, active),
        say("CASE WHEN {} THEN least({}, {}) ELSE {} END", active, flip, own_flip, flip),
    )


# --- numbers ---------------------------------------------------------------------------------------------------------


def moving_scores(groups: Sequence[GroupPlace], fading: Paced) -> dict[str, list[int]]:
    """Which scores can move by themselves, and the places of the moving groups that move them."""
    moving = {dimension: _places(groups, fading, dimension) for dimension in Dimension}
    scores = {str(dimension): places for dimension, places in moving.items()}
    scores["total"] = [place for places in moving.values() for place in places]
    return {score: places for score, places in scores.items() if places}


def _places(groups: Sequence[GroupPlace], fading: Paced, dimension: Dimension) -> list[int]:
    found = (group.index for group in groups if group.group.dimension is dimension)
    return [fading.groups[index] for index in found if index in fading.groups]


def distances(scores: Iterable[str], cuts: Mapping[str, Sequence[int]]) -> Columns:
    """Hundredths that a score must lose or gain to look different: at whole points, and at the cuts, where something
    is `>= cut` or no longer. NULL where 0 and 100 hide the change."""
    columns: Columns = []
    for score in scores:
        shown, raw, own = ours(score), ours(f"{score}_raw"), cuts.get(score, ())
        below = [say("CASE WHEN {0} >= {1} THEN {1} END", shown, whole(cut)) for cut in own]
        above = [say("CASE WHEN {0} < {1} THEN {1} END", shown, whole(cut)) for cut in own]
        low = say("nullif(greatest({}), 0)", commas([say("{} / 100 * 100", shown), *below]))
        high = say("least({})", commas([say("{} / 100 * 100 + 100", shown), *above]))
        columns.append((f"{score}_fall", say("{} - {} + 1", raw, low)))
        columns.append(
            (f"{score}_rise", say("CASE WHEN {0} <= {1} THEN {0} - {2} END", high, whole(HUNDRED_POINTS), raw))
        )
    return columns


def waits(scores: Mapping[str, Sequence[int]]) -> Columns:
    """Seconds that the distances take at least; NULL if the score does not move that way."""
    return [(f"{score}_wait", _wait(score, moving)) for score, moving in scores.items()]


def _wait(score: str, moving: Sequence[int]) -> Composable:
    template: LiteralString = "({distance} - ({count})) / nullif({pace}, 0)"
    count = total([item("counts", place) for place in moving])
    ways = [
        say(
            template,
            distance=ours(f"{score}_{way}"),
            count=count,
            pace=say("({})", total([item(paces, place) for place in moving])),
        )
        for way, paces in (("fall", "downs"), ("rise", "ups"))
    ]
    return say("least({}) * {}", commas(ways), SAFETY)


def seconds(scores: Mapping[str, Sequence[int]], fading: Paced) -> list[Composable]:
    """Every wait: of the scores (not before the first flip), and of what is locked."""
    found = [item("rule_waits", place) for place in fading.rules.values()]
    found += [item("group_waits", place) for place in fading.groups.values()]
    for score, moving in scores.items():
        flip = say("least({})", commas([item("flips", place) for place in moving]))
        found.append(say("CASE WHEN {0} IS NOT NULL THEN greatest({0}, {1}) END", ours(f"{score}_wait"), flip))
    return found


def next_change(instants: Sequence[Composable], waits: Sequence[Composable], t: Composable) -> Composable:
    """The earliest of the instants and of t + seconds, at least a tick ahead; NULL when nothing can change."""
    candidates = list(instants)
    soonest = extreme("least", waits)
    if soonest is not None:
        ahead = say("greatest({}, {}) * interval '1 second'", soonest, ours(repr(TICK.total_seconds())))
        candidates.append(say("CASE WHEN {} < {} THEN {} + {} END", soonest, ours(str(CENTURY)), t, ahead))
    earliest = extreme("least", candidates)
    return SQL("NULL::timestamptz") if earliest is None else say("nullif({}, 'infinity'::timestamptz)", earliest)
