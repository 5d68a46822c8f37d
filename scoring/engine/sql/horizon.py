"""When could anything visible change, if nothing but time happens? Never later than it does; often exactly then.

Some changes have an instant: a window ends, a day begins, an adjustment expires. Fading points have a pace, in
hundredths a second: at most, and at least, since what rises for sure holds up what falls. Roundings may add to it: of
each activity half a hundredth, less what the rounding has taken already, which the sum before rounding tells. And none
is rounded differently before the flip. `waits` makes times of it; sweeps repeat this and close in from below.

A rule above its cap, and a group beyond its bounds, hold still until their excess has melted: that wait counts too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import LiteralString

from psycopg.sql import SQL, Composable

from scoring.engine.sql.fragments import extreme, ours, say, total
from scoring.engine.sql.layers import Columns
from scoring.engine.sql.rules import LN2, RuleParts
from scoring.engine.sql.totals import GroupPlace, bounds, whole

NEVER, NOTHING = SQL("'infinity'::float8"), SQL("0::float8")

ROUNDINGS, FLIP = SQL("roundings"), SQL("flip")
"""Columns: how many activities all fading rules round, and the seconds until the first is rounded differently."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How a number moves by itself: hundredths a second at most, down and up; and at least, for what meets the other.

    None where no lead's can move: nothing is computed of that. What is sure eases: see `_met`. It never exceeds what it
    meets.
    """

    down: Composable | None = None
    up: Composable | None = None
    sure_down: Composable | None = None
    sure_up: Composable | None = None

    def columns(self, suffix: object) -> Columns:
        return [(f"{name}_{suffix}", value) for name, value in self._moving()]

    def named(self, suffix: object) -> Pace:
        """The same, as an earlier step has computed it in these columns."""
        return Pace(**{name: ours(f"{name}_{suffix}") for name, _ in self._moving()})

    @classmethod
    def together(cls, paces: Sequence[Pace]) -> Pace:
        sums = {name: [value for pace in paces if (value := getattr(pace, name)) is not None] for name in PACES}
        return cls(**{name: say("({})", total(values)) for name, values in sums.items() if values})

    def when(self, test: Composable | None) -> Pace:
        """Still unless the test holds."""
        if test is None:
            return self
        template: LiteralString = "CASE WHEN {} THEN {} ELSE 0 END"
        return Pace(**{name: say(template, test, value) for name, value in self._moving()})

    def _moving(self) -> list[tuple[str, Composable]]:
        return [(name, value) for name, value in vars(self).items() if value is not None]


PACES = tuple(each.name for each in fields(Pace))


# --- rules -----------------------------------------------------------------------------------------------------------


def roundings(parts: Sequence[RuleParts]) -> Columns:
    """Of all fading rules together; what they share counts once, and what each asks for itself once for each."""
    counts = dict.fromkeys(part.roundings for part in parts if part.roundings is not None)
    exact = dict.fromkeys(part.exact for part in parts if part.exact is not None)
    flips = {part.flip.as_string(None): part.flip for part in parts if part.flip is not None}
    return [
        ("roundings", say("({})::float8", total([share.value for share in counts], "0"))),
        ("exact", say("({})::float8", total([share.value for share in exact], "0"))),
        ("flip", extreme("least", flips.values()) or NEVER),
        *((f"fading{index}", part.count) for index, part in enumerate(parts, start=1) if part.count is not None),
    ]


def slack(values: Sequence[Composable]) -> Columns:
    """What roundings can add to the pace, down and up: half a hundredth each, less what they have taken already."""
    lost = say("({} - exact)", total(values, "0::float8"))
    template: LiteralString = "0.5 * roundings {} {} + 0.01"
    return [("slack_down", say(template, SQL("+"), lost)), ("slack_up", say(template, SQL("-"), lost))]


def _rate(part: RuleParts, value: Composable, index: int) -> Composable:
    """A straight line's pace follows from its own activities; a half-life's, but for the roundings, from its points."""
    assert part.fading is not None
    return part.fading.rate(say("abs({})", value), ROUNDINGS if part.count is None else ours(f"fading{index}"))


def rule_pace(part: RuleParts, value: Composable, index: int) -> Pace:
    """Positive points fall and negative ones rise; above its cap a rule does neither."""
    assert part.fading is not None
    rate, sure = _rate(part, value, index), part.fading.sure_rate(say("abs({})", value), ROUNDINGS)
    if (locked := _rule_locked(part, value)) is not None:
        rate = say("CASE WHEN {} THEN 0 ELSE {} END", locked, rate)
        sure = say("CASE WHEN {} <= 0 THEN {} ELSE 0 END", _excess(part, value), sure)
    falls, rises = Pace(down=rate, sure_down=sure), Pace(up=rate, sure_up=sure)
    if not part.rule.answer:
        return falls if part.rule.points > 0 else rises
    return Pace.together([falls.when(say("{} > 0", value)), rises.when(say("{} < 0", value))])


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


def is_opposed(place: GroupPlace, parts: Sequence[RuleParts]) -> bool:
    """Whether some of a group may fall while something else in it rises."""
    gives = [points for index in place.rules for points in parts[index - 1].rule.gives]
    return min(gives, default=0) < 0 < max(gives, default=0)


def rules_pace(place: GroupPlace, parts: Sequence[RuleParts], paces: Sequence[Pace]) -> Pace:
    """Of all rules of a group together; nothing is said of what is sure where nothing meets it."""
    pace = Pace.together(paces)
    return pace if is_opposed(place, parts) else replace(pace, sure_down=None, sure_up=None)


def group_pace(place: GroupPlace, pace: Pace) -> Pace:
    """The pace of a group's rules after its bounds and inactivity. Only within a group do falling and rising meet: what
    a bound keeps of one group cannot make good for another."""
    locked = _group_locked(place, pace)
    pace = pace.when(None if locked is None else say("NOT {}", locked))
    return _met(_quiet_pace(place, _met(pace)) if place.group.inactivity else pace)


def _met(pace: Pace) -> Pace:
    """What is sure counts as far as there is something for it to meet."""
    return replace(pace, sure_down=_less(pace.sure_down, pace.up), sure_up=_less(pace.sure_up, pace.down))


def _less(sure: Composable | None, met: Composable | None) -> Composable | None:
    return None if sure is None or met is None else say("least({}, {})", sure, met)


def _sides(place: GroupPlace, pace: Pace) -> list[tuple[Composable, Composable | None]]:
    """Per bound: how far beyond it the sum is, and how fast it comes back."""
    low, high = bounds(place.group)
    sides = []
    if high is not None:
        sides.append((say("({} - {})", place.sum, whole(high)), pace.down))
    if low is not None:
        sides.append((say("({} - {})", whole(low), place.sum), pace.up))
    return sides


def _group_locked(place: GroupPlace, pace: Pace) -> Composable | None:
    tests = [say("{} > {}", excess, ROUNDINGS) for excess, _ in _sides(place, pace)]
    return say("({})", SQL(" OR ").join(tests)) if tests else None


def group_waits(place: GroupPlace, pace: Pace) -> list[Composable]:
    """Seconds that a group stays beyond a bound, if it ever comes back."""
    template: LiteralString = "CASE WHEN {0} > {1} THEN ({0} - {1}) / nullif({2}, 0) END"
    return [say(template, excess, ROUNDINGS, back) for excess, back in _sides(place, pace) if back is not None]


def _quiet_pace(place: GroupPlace, pace: Pace) -> Pace:
    """Inactivity takes a share of what the group has, for sure, and leaves a part of what the rules do."""
    template: LiteralString = "({} + CASE WHEN {fade} < 1 THEN greatest({}, 0) * {share} ELSE 0 END) * {fade}"
    taken = {"down": place.bounded, "up": say("-{}", place.bounded)}
    return Pace(
        **{
            name: say(
                template,
                NOTHING if value is None else value,
                taken[name.removeprefix("sure_")],
                fade=place.fade,
                share=_share(place),
            )
            for name, value in vars(pace).items()
        }
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
