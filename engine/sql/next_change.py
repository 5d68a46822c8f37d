"""When could anything visible change, if nothing but time happens? Never later than it does; often exactly then.

Some changes have an instant: a window ends, a day begins, an adjustment expires. Fading points have a pace, in
hundredths a second: at most, and at least, since what rises for sure holds up what falls. Roundings may add to it: of
each activity half a hundredth, less what the rounding has taken already, which the sum before rounding tells. And none
is rounded differently before the flip. `waits` makes times of it; sweeps repeat this and close in from below.

A rule above its cap, and a group beyond its bounds, hold still until their excess has melted: that wait counts too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import LiteralString

from psycopg.sql import SQL, Composable

from engine.nodes import Dimension
from engine.sql.change_rate import ChangeRate
from engine.sql.fragments import compose, extreme, total, trusted
from engine.sql.rules import LN2, RuleColumns
from engine.sql.select_chain import Columns, kept
from engine.sql.totals import GroupColumns, bounds, whole
from engine.sql.unchanged_time import Cuts, UnchangedTimes, next_change

NEVER, NOTHING = SQL("'infinity'::float8"), SQL("0::float8")

ROUNDINGS = SQL("roundings")
"""The column that says how many activities all fading rules round."""


class NextChange:
    """What the steps compute about the next change, column by column, and what comes of it in the end.

    `values` says by which name a rule's points before its cap go, `cuts` are the hundredths of each score where
    something turns. Without `with_time` nothing moves.
    """

    def __init__(
        self,
        places: Sequence[GroupColumns],
        parts: Sequence[RuleColumns],
        *,
        values: Callable[[int], Composable],
        cuts: Cuts,
        t: Composable,
        with_time: bool,
        whole_points: bool,
    ) -> None:
        self.parts, self.t, self.with_time = parts, t, with_time
        self.fading = [(part, values(index), index) for index, part in enumerate(parts, start=1) if part.fading]
        self.moving = _moving_groups(places, parts) if with_time else []
        self.paces = {place.index: self._of_rules(place) for place in self.moving}
        self.of_dimensions = dict(self._of_dimensions())
        named = {dimension: pace.named(dimension) for dimension, pace in self.of_dimensions.items()}
        self.waits = UnchangedTimes(self.moving, parts, named, cuts, whole_points=whole_points)

    def ruled(self) -> Columns:
        """From the facts: what rounding does to the points that fade."""
        return _roundings(self.parts)

    def grouped(self) -> Columns:
        """The paces of the groups' rules, and how long a rule stays above its cap."""
        waits = [wait for each in self.fading if (wait := _rule_wait(*each)) is not None]
        return [
            *(column for index, pace in self.paces.items() for column in pace.columns(index)),
            *kept("roundings", "flip"),
            *_slack([value for _, value, _ in self.fading]),
            ("rule_wait", extreme("least", waits) or NEVER),
        ]

    def summed(self) -> Columns:
        """The paces of the dimensions; when inactivity begins, and how long something stays beyond a bound."""
        flips = [flip for place in self.moving for flip in _quiet_flips(place)]
        waits = [wait for place in self.moving for wait in _group_waits(place, self._named(place))]
        return [
            ("quiet_from", extreme("least", list(self._quiet_starts())) or SQL("NULL::timestamptz")),
            ("locked_for", extreme("least", [trusted("rule_wait"), *waits]) or NEVER),
            ("flip", extreme("least", [trusted("flip"), *flips]) or NEVER),
            *(
                (name, compose("{} + {}", trusted(name), trusted(str(len(flips)))))
                for name in ("slack_down", "slack_up")
            ),
            *(column for dimension, pace in self.of_dimensions.items() for column in pace.columns(dimension)),
        ]

    def next_change(self) -> Composable:
        """The earliest instant at which anything jumps or could look different."""
        if not self.with_time:
            return SQL("NULL::timestamptz")
        waits = [trusted("locked_for"), *self.waits.seconds()] if self.moving else []
        return next_change([trusted("jumps"), trusted("quiet_from")], waits, self.t)

    def _of_rules(self, place: GroupColumns) -> ChangeRate:
        paces = [_rule_pace(part, value, index) for part, value, index in self.fading if index in place.rules]
        return _rules_pace(place, self.parts, paces)

    def _of_dimensions(self) -> Iterator[tuple[Dimension, ChangeRate]]:
        """Of those that can move by themselves."""
        for dimension in Dimension:
            places = [place for place in self.moving if place.group.dimension is dimension]
            if places:
                yield dimension, ChangeRate.together([_group_pace(place, self._named(place)) for place in places])

    def _named(self, place: GroupColumns) -> ChangeRate:
        return self.paces[place.index].named(place.index)

    def _quiet_starts(self) -> Iterator[Composable]:
        """Inactivity that begins ahead of t, in groups that have something to lose."""
        for place in self.moving:
            if place.group.inactivity is not None:
                yield compose(
                    "CASE WHEN {points} <> 0 AND {start} > {t} THEN {start} END",
                    points=place.bounded,
                    start=trusted(f"quiet{place.index}"),
                    t=self.t,
                )


# --- rules -----------------------------------------------------------------------------------------------------------


def _roundings(parts: Sequence[RuleColumns]) -> Columns:
    """Of all fading rules together; what they share counts once, and what each asks for itself once for each."""
    counts = dict.fromkeys(part.roundings for part in parts if part.roundings is not None)
    exact = dict.fromkeys(part.exact for part in parts if part.exact is not None)
    flips = {part.flip.as_string(None): part.flip for part in parts if part.flip is not None}
    return [
        ("roundings", compose("({})::float8", total([share.value for share in counts], "0"))),
        ("exact", compose("({})::float8", total([share.value for share in exact], "0"))),
        ("flip", extreme("least", flips.values()) or NEVER),
        *((f"fading{index}", part.count) for index, part in enumerate(parts, start=1) if part.count is not None),
    ]


def _slack(values: Sequence[Composable]) -> Columns:
    """What roundings can add to the pace, down and up: half a hundredth each, less what they have taken already."""
    lost = compose("({} - exact)", total(values, "0::float8"))
    template: LiteralString = "0.5 * roundings {} {} + 0.01"
    return [("slack_down", compose(template, SQL("+"), lost)), ("slack_up", compose(template, SQL("-"), lost))]


def _rate(part: RuleColumns, value: Composable, index: int) -> Composable:
    """A straight line's pace follows from its own activities; a half-life's, but for the roundings, from its points."""
    assert part.fading is not None
    return part.fading.rate(compose("abs({})", value), ROUNDINGS if part.count is None else trusted(f"fading{index}"))


def _rule_pace(part: RuleColumns, value: Composable, index: int) -> ChangeRate:
    """Positive points fall and negative ones rise; above its cap a rule does neither."""
    assert part.fading is not None
    rate, sure = _rate(part, value, index), part.fading.sure_rate(compose("abs({})", value), ROUNDINGS)
    if (locked := _rule_locked(part, value)) is not None:
        rate = compose("CASE WHEN {} THEN 0 ELSE {} END", locked, rate)
        sure = compose("CASE WHEN {} <= 0 THEN {} ELSE 0 END", _excess(part, value), sure)
    falls, rises = ChangeRate(down=rate, sure_down=sure), ChangeRate(up=rate, sure_up=sure)
    if not part.rule.answer:
        return falls if part.rule.points > 0 else rises
    return ChangeRate.together([falls.when(compose("{} > 0", value)), rises.when(compose("{} < 0", value))])


def _rule_wait(part: RuleColumns, value: Composable, index: int) -> Composable | None:
    """Seconds that a rule stays above its cap."""
    if (locked := _rule_locked(part, value)) is None or part.fading is None:
        return None
    rate = _rate(part, value, index)
    excess = _excess(part, value)
    return compose("CASE WHEN {} THEN ({} - {}) / nullif({}, 0) END", locked, excess, ROUNDINGS, rate)


def _rule_locked(part: RuleColumns, value: Composable) -> Composable | None:
    return None if part.rule.cap is None else compose("{} > {}", _excess(part, value), ROUNDINGS)


def _excess(part: RuleColumns, value: Composable) -> Composable:
    return compose("(abs({}) - {})", value, whole(part.cap))


# --- groups ----------------------------------------------------------------------------------------------------------


def _moving_groups(groups: Sequence[GroupColumns], parts: Sequence[RuleColumns]) -> list[GroupColumns]:
    return [place for place in groups if place.group.inactivity or any(parts[i - 1].fading for i in place.rules)]


def _is_opposed(place: GroupColumns, parts: Sequence[RuleColumns]) -> bool:
    """Whether some of a group may fall while something else in it rises."""
    gives = [points for index in place.rules for points in parts[index - 1].rule.gives]
    return min(gives, default=0) < 0 < max(gives, default=0)


def _rules_pace(place: GroupColumns, parts: Sequence[RuleColumns], paces: Sequence[ChangeRate]) -> ChangeRate:
    """Of all rules of a group together; nothing is said of what is sure where nothing meets it."""
    pace = ChangeRate.together(paces)
    return pace if _is_opposed(place, parts) else replace(pace, sure_down=None, sure_up=None)


def _group_pace(place: GroupColumns, pace: ChangeRate) -> ChangeRate:
    """The pace of a group's rules after its bounds and inactivity. Only within a group do falling and rising meet: what
    a bound keeps of one group cannot make good for another."""
    locked = _group_locked(place, pace)
    pace = pace.when(None if locked is None else compose("NOT {}", locked))
    return (_quiet_pace(place, pace.met()) if place.group.inactivity else pace).met()


def _sides(place: GroupColumns, pace: ChangeRate) -> list[tuple[Composable, Composable | None]]:
    """Per bound: how far beyond it the sum is, and how fast it comes back."""
    low, high = bounds(place.group)
    sides = []
    if high is not None:
        sides.append((compose("({} - {})", place.sum, whole(high)), pace.down))
    if low is not None:
        sides.append((compose("({} - {})", whole(low), place.sum), pace.up))
    return sides


def _group_locked(place: GroupColumns, pace: ChangeRate) -> Composable | None:
    tests = [compose("{} > {}", excess, ROUNDINGS) for excess, _ in _sides(place, pace)]
    return compose("({})", SQL(" OR ").join(tests)) if tests else None


def _group_waits(place: GroupColumns, pace: ChangeRate) -> list[Composable]:
    """Seconds that a group stays beyond a bound, if it ever comes back."""
    template: LiteralString = "CASE WHEN {0} > {1} THEN ({0} - {1}) / nullif({2}, 0) END"
    return [compose(template, excess, ROUNDINGS, back) for excess, back in _sides(place, pace) if back is not None]


def _quiet_pace(place: GroupColumns, pace: ChangeRate) -> ChangeRate:
    """Inactivity takes a share of what the group has, for sure, and leaves a part of what the rules do.

    Where nothing is said of what the rules do for sure, nothing meets them, and nothing meets inactivity either.
    """
    is_met = pace.sure_down is not None or pace.sure_up is not None
    template: LiteralString = "({} + CASE WHEN {fade} < 1 THEN greatest({}, 0) * {share} ELSE 0 END) * {fade}"
    taken = {"down": place.bounded, "up": compose("-{}", place.bounded)}
    return ChangeRate(
        **{
            name: compose(
                template,
                NOTHING if value is None else value,
                taken[name.removeprefix("sure_")],
                fade=place.fade,
                share=_share(place),
            )
            for name, value in vars(pace).items()
            if is_met or name in taken
        }
    )


def _share(place: GroupColumns) -> Composable:
    assert place.group.inactivity is not None
    return trusted(repr(LN2 / place.group.inactivity.half_life.seconds))


def _quiet_flips(place: GroupColumns) -> list[Composable]:
    """Seconds until what inactivity leaves of a group is rounded differently."""
    if place.group.inactivity is None:
        return []
    left = compose("(abs({}) * {})", place.bounded, place.fade)
    flip = compose(
        "CASE WHEN {fade} < 1 AND {points} <> 0"
        " THEN greatest({left} - abs({points}) + 0.5, 0) / ({left} * {share}) END",
        fade=place.fade,
        points=place.points,
        left=left,
        share=_share(place),
    )
    return [flip]
