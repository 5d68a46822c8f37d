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
from typing import LiteralString

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


ROUNDINGS, FLIP = SQL("roundings"), SQL("flip")
"""Columns: how many activities all fading rules round, and the seconds until the first is rounded differently."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How a number moves by itself: hundredths a second at most, down and up."""

    down: Composable
    up: Composable

    def columns(self, suffix: object) -> Columns:
        return [(f"down_{suffix}", self.down), (f"up_{suffix}", self.up)]

    @classmethod
    def named(cls, suffix: object) -> Pace:
        """The pace that an earlier step has computed."""
        return cls(down=ours(f"down_{suffix}"), up=ours(f"up_{suffix}"))

    @classmethod
    def together(cls, paces: Sequence[Pace]) -> Pace:
        return cls(
            down=say("({})", total([pace.down for pace in paces], "0::float8")),
            up=say("({})", total([pace.up for pace in paces], "0::float8")),
        )

    def unless(self, locked: Composable | None) -> Pace:
        """Still while locked."""
        if locked is None:
            return self
        template: LiteralString = "CASE WHEN {} THEN 0 ELSE {} END"
        return Pace(down=say(template, locked, self.down), up=say(template, locked, self.up))


# --- rules -----------------------------------------------------------------------------------------------------------


def roundings(parts: Sequence[RuleParts]) -> Columns:
    """Of all fading rules together; what they share counts once, and what each asks for itself once for each."""
    shares = dict.fromkeys(part.roundings for part in parts if part.roundings is not None)
    flips = {part.flip.as_string(None): part.flip for part in parts if part.flip is not None}
    return [
        ("roundings", say("({})::float8", total([share.value for share in shares], "0"))),
        ("flip", extreme("least", flips.values()) or NEVER),
        *((f"fading{index}", part.count) for index, part in enumerate(parts, start=1) if part.count is not None),
    ]


def _rate(part: RuleParts, value: Composable, index: int) -> Composable:
    """A straight line's pace follows from its own activities; a half-life's, but for the roundings, from its points."""
    assert part.fading is not None
    return part.fading.rate(say("abs({})", value), ROUNDINGS if part.count is None else ours(f"fading{index}"))


def rule_pace(part: RuleParts, value: Composable, index: int) -> Pace:
    """Positive points fall and negative ones rise; above its cap a rule does neither."""
    rate = _rate(part, value, index)
    if part.rule.answer:
        template: LiteralString = "CASE WHEN {} THEN {} ELSE 0 END"
        falls, rises = (say(template, say(test, value), rate) for test in ("{} > 0", "{} < 0"))
        return Pace(down=falls, up=rises).unless(_rule_locked(part, value))
    pace = Pace(down=rate, up=NOTHING) if part.rule.points > 0 else Pace(down=NOTHING, up=rate)
    return pace.unless(_rule_locked(part, value))


def rule_wait(part: RuleParts, value: Composable, index: int) -> Composable | None:
    """Seconds that a rule stays above its cap."""
    if (locked := _rule_locked(part, value)) is None or part.fading is None:
        return None
    rate = _rate(part, value, index)
    excess = _excess(part, value)
    return say("CASE WHEN {} THEN ({} - {}) / nullif({}, 0) END", locked, excess, ROUNDINGS, rate)


def _rule_locked(part: RuleParts, value: Composable) -> Composable | None:
    return None if part.rule.cap is None else say("{} > {}", _excess(part, value), ROUNDINGS)


def _excess(part: RuleParts, value: Composable) -> Composable:
    return say("(abs({}) - {})", value, whole(part.cap))


# --- groups ----------------------------------------------------------------------------------------------------------


def moving_groups(groups: Sequence[GroupPlace], parts: Sequence[RuleParts]) -> list[GroupPlace]:
    return [place for place in groups if place.group.inactivity or any(parts[i - 1].fading for i in place.rules)]


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
    return _quiet_pace(place, pace) if place.group.inactivity else pace


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
    tests = [say("{} > {}", excess, ROUNDINGS) for excess, _ in _sides(place)]
    return say("({})", SQL(" OR ").join(tests)) if tests else None


def group_waits(place: GroupPlace) -> list[Composable]:
    """Seconds that a group stays beyond a bound."""
    template: LiteralString = "CASE WHEN {0} > {1} THEN ({0} - {1}) / nullif({2}, 0) END"
    return [say(template, excess, ROUNDINGS, pace) for excess, pace in _sides(place)]


def _quiet_pace(place: GroupPlace, pace: Pace) -> Pace:
    """Inactivity takes a share of whatever the group could still hold."""
    most, least = ours(f"most{place.index}"), ours(f"least{place.index}")
    template: LiteralString = "({} + CASE WHEN {fade} < 1 THEN greatest({}, 0) * {share} ELSE 0 END) * {fade}"
    return Pace(
        down=say(template, pace.down, most, fade=place.fade, share=_share(place)),
        up=say(template, pace.up, say("-{}", least), fade=place.fade, share=_share(place)),
    )


def _share(place: GroupPlace) -> Composable:
    assert place.group.inactivity is not None
    return ours(repr(LN2 / place.group.inactivity.half_life.seconds))


def quiet_flips(place: GroupPlace) -> list[Composable]:
    """Seconds until what inactivity leaves of a group is rounded differently."""
    if place.group.inactivity is None:
        return []
    left = say("(abs({}) * {})", place.bounded, place.fade)
    flip = say(
        "CASE WHEN {fade} < 1 AND {points} <> 0"
        " THEN greatest({left} - abs({points}) + 0.5, 0) / ({left} * {share}) END",
        fade=place.fade,
        points=place.points,
        left=left,
        share=_share(place),
    )
    return [flip]


# --- scores ----------------------------------------------------------------------------------------------------------


def score_waits(moving: Sequence[GroupPlace], parts: Sequence[RuleParts], cuts: Mapping[str, Sequence[int]]) -> Columns:
    """For each score that moves by itself the seconds before which it cannot look different, by pace alone."""
    columns: Columns = []
    for score in ("total", *moving_dimensions(moving)):
        groups = [place for place in moving if score in ("total", place.group.dimension)]
        pace = Pace.together([Pace.named(dimension) for dimension in moving_dimensions(groups)])
        columns.append((f"{score}_wait", _score_wait(score, pace, _slowing(groups, parts), cuts.get(score, ()))))
    return columns


def moving_dimensions(moving: Sequence[GroupPlace]) -> list[Dimension]:
    return [each for each in Dimension if any(place.group.dimension is each for place in moving)]


def _slowing(groups: Sequence[GroupPlace], parts: Sequence[RuleParts]) -> float:
    """The share of itself that every pace here loses in a second at least: 0 as soon as something falls in a line."""
    lengths = [parts[i - 1].fading.decay.half_life for p in groups for i in p.rules if parts[i - 1].fading]  # type: ignore[union-attr]
    lengths += [place.group.inactivity.half_life for place in groups if place.group.inactivity]
    return min((0.0 if length is None else LN2 / length.seconds for length in lengths), default=0.0)


def _score_wait(score: str, pace: Pace, slowing: float, cuts: Sequence[int]) -> Composable:
    """Looks change at every whole point, and at the cuts: where something is `>= cut`, or no longer. NULL when 0 and
    100 hide the change, or nothing moves."""
    shown, raw = ours(score), ours(f"{score}_raw")
    below = [say("CASE WHEN {0} >= {1} THEN {1} END", shown, whole(cut)) for cut in cuts]
    above = [say("CASE WHEN {0} < {1} THEN {1} END", shown, whole(cut)) for cut in cuts]
    low = extreme("greatest", [say("{} / 100 * 100", shown), *below]) or shown
    high = extreme("least", [say("{} / 100 * 100 + 100", shown), *above]) or shown
    fall = say("({} - nullif({}, 0) + 1 - roundings)", raw, low)
    rise = say("(CASE WHEN {0} <= {1} THEN {0} - {2} END - roundings)", high, whole(HUNDRED_POINTS), raw)
    return say("least({}, {}) * {}", _time(fall, pace.down, slowing), _time(rise, pace.up, slowing), SAFETY)


def _time(distance: Composable, pace: Composable, slowing: float) -> Composable:
    """Seconds for the distance: on a line, or at a pace that itself halves and so may never get there (NULL)."""
    share = say("{} / nullif({}, 0)", distance, pace)
    if not slowing:
        return say("({})", share)
    return say("CASE WHEN {0} * {1} < 1 THEN -ln(1 - {0} * {1}) / {1} END", share, ours(f"{slowing!r}::float8"))


def seconds(moving: Sequence[Dimension]) -> list[Composable]:
    """The waits of the scores, though never shorter than until the first flip."""
    scores = [*moving, "total"] if moving else []
    return [say("CASE WHEN {0} IS NOT NULL THEN greatest({0}, flip) END", ours(f"{score}_wait")) for score in scores]


def next_change(instants: Sequence[Composable], waits: Sequence[Composable], t: Composable) -> Composable:
    """The earliest of the instants and of t + waits, at least a tick ahead; NULL when nothing can change."""
    candidates = list(instants)
    soonest = extreme("least", waits)
    if soonest is not None:
        ahead = say("greatest({}, {}) * interval '1 second'", soonest, ours(repr(TICK.total_seconds())))
        candidates.append(say("CASE WHEN {} < {} THEN {} + {} END", soonest, ours(str(CENTURY)), t, ahead))
    earliest = extreme("least", candidates)
    return SQL("NULL::timestamptz") if earliest is None else say("nullif({}, 'infinity'::timestamptz)", earliest)
