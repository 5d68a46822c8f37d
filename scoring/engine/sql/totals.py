"""From every rule's points to groups, dimensions, total, band, grade and hot verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from psycopg.sql import SQL, Composable

from scoring.engine.nodes import Dimension, Document, Group, hundredths
from scoring.engine.sql.fragments import array, ours, say, total
from scoring.engine.sql.rules import RuleParts, rounded, seconds_since

HUNDRED_POINTS = 10_000


@dataclass(frozen=True, kw_only=True)
class GroupPlace:
    """A group with its index in the per-group arrays and its rules' indexes in the per-rule ones, from 1."""

    group: Group
    index: int
    rules: tuple[int, ...]


def places(document: Document) -> list[GroupPlace]:
    found, after = [], 0
    for index, group in enumerate(document.groups, start=1):
        rules = tuple(range(after + 1, after + 1 + len(group.rules)))
        found.append(GroupPlace(group=group, index=index, rules=rules))
        after += len(rules)
    return found


def whole(number: int) -> Composable:
    """A number of ours as a bigint."""
    return ours(f"{number}::bigint" if number >= 0 else f"({number}::bigint)")


def item(name: str, index: int) -> Composable:
    return ours(f"{name}[{index}]")


def clamped(value: Composable, low: int | None, high: int | None) -> Composable:
    value = value if high is None else say("least({}, {})", value, whole(high))
    return value if low is None else say("greatest({}, {})", value, whole(low))


def capped_points(parts: Sequence[RuleParts]) -> Composable:
    return array(
        [clamped(item("uncapped", i), -part.cap, part.cap) for i, part in enumerate(parts, start=1)], "integer"
    )


def group_sums(groups: Sequence[GroupPlace]) -> Composable:
    return array([total([say("{}::bigint", item("points", i)) for i in place.rules]) for place in groups], "bigint")


def bounds(group: Group) -> tuple[int | None, int | None]:
    low, high = group.min, group.max
    return None if low is None else hundredths(low), None if high is None else hundredths(high)


def bounded_groups(groups: Sequence[GroupPlace]) -> Composable:
    """Each group's sum within its bounds; a lead outside the audience has nothing, not even a group's minimum."""
    bounded = [clamped(item("group_uncapped", place.index), *bounds(place.group)) for place in groups]
    return array([say("CASE WHEN inside THEN {} ELSE 0 END", value) for value in bounded], "bigint")


def fades(groups: Sequence[GroupPlace], newest: Composable, t: Composable) -> Composable:
    """What inactivity leaves of each group: 1 until the newest activity is older than `after`."""
    factors: list[Composable] = []
    for place in groups:
        if place.group.inactivity is None:
            factors.append(SQL("1::float8"))
            continue
        after, half_life = place.group.inactivity.after.seconds, place.group.inactivity.half_life.seconds
        halvings = say("({} - {}) / {}::float8", seconds_since(t, newest), ours(str(after)), ours(str(half_life)))
        left = say("power(0.5::float8, greatest(least({}, 1000), 0))", halvings)
        factors.append(say("CASE WHEN {} > '-infinity' THEN {} ELSE 1 END", newest, left))
    return array(factors, "float8")


def faded_groups(groups: Sequence[GroupPlace]) -> Composable:
    faded = [_faded(place) for place in groups]
    return array(faded, "bigint")


def _faded(place: GroupPlace) -> Composable:
    points = item("group_bounded", place.index)
    if place.group.inactivity is None:
        return points
    left = rounded(say("abs({}) * {}", points, item("fades", place.index)))
    return say("(sign({}) * {})::bigint", points, left)


def dimension_sums(groups: Sequence[GroupPlace]) -> list[tuple[str, Composable]]:
    sums = [
        (f"{dimension}_raw", total([item("group_points", p.index) for p in groups if p.group.dimension is dimension]))
        for dimension in Dimension
    ]
    everything = total([item("group_points", place.index) for place in groups])
    return [*sums, ("total_raw", say("{} + adjustments", everything))]


def shown_scores() -> list[tuple[str, Composable]]:
    """Everything a person sees lies within 0 and 100 points."""
    names = (*Dimension, "total")
    return [(name, say("{}::integer", clamped(ours(f"{name}_raw"), 0, HUNDRED_POINTS))) for name in names]


def band(document: Document) -> Composable:
    return _steps("total", [(document.bands.hot, "hot"), (document.bands.warm, "warm")], "cold")


def grade(document: Document) -> Composable:
    grades = document.grades
    letter = _steps("fit", [(grades.a, "A"), (grades.b, "B")], "C")
    return say("{} || {}", letter, _steps("engagement", [(grades.one, "1"), (grades.two, "2")], "3"))


def _steps(score: str, steps: Sequence[tuple[Decimal, str]], below: str) -> Composable:
    cases = [say("WHEN {} >= {} THEN {}", ours(score), whole(hundredths(at)), ours(f"'{name}'")) for at, name in steps]
    return say("CASE {} ELSE {} END", SQL(" ").join(cases), ours(f"'{below}'"))
