"""From every rule's points to groups, dimensions, total, band and grade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from psycopg.sql import SQL, Composable

from engine.nodes import Dimension, Document, Group, hundredths
from engine.sql.fragments import compose, total, trusted
from engine.sql.rules import rounded, seconds_since
from engine.sql.select_chain import Columns

HUNDRED_POINTS = 10_000
ALL_GONE = 200
"""Halvings after which nothing is left of anything; many more would leave numbers that doubles cannot divide by."""


@dataclass(frozen=True, kw_only=True)
class GroupColumns:
    """A group with its index and its rules' indexes, from 1, in version order; and what its columns are called."""

    group: Group
    index: int
    rules: tuple[int, ...]

    @property
    def sum(self) -> Composable:
        return trusted(f"sum{self.index}")

    @property
    def bounded(self) -> Composable:
        return clamped(self.sum, *bounds(self.group))

    @property
    def points(self) -> Composable:
        """What counts: rounded again where inactivity has taken its share."""
        if self.group.inactivity is None:
            return self.bounded
        left = rounded(compose("abs({}) * {}", self.bounded, self.fade))
        return compose("(sign({}) * {})::bigint", self.bounded, left)

    @property
    def fade(self) -> Composable:
        return trusted(f"fade{self.index}")


def group_columns(document: Document) -> list[GroupColumns]:
    found, after = [], 0
    for index, group in enumerate(document.groups, start=1):
        rules = tuple(range(after + 1, after + 1 + len(group.rules)))
        found.append(GroupColumns(group=group, index=index, rules=rules))
        after += len(rules)
    return found


def whole(number: int) -> Composable:
    """A number of ours as a bigint."""
    return trusted(f"{number}::bigint" if number >= 0 else f"({number}::bigint)")


def clamped(value: Composable, low: int | None, high: int | None) -> Composable:
    value = value if high is None else compose("least({}, {})", value, whole(high))
    return value if low is None else compose("greatest({}, {})", value, whole(low))


def bounds(group: Group) -> tuple[int | None, int | None]:
    low, high = group.min, group.max
    return None if low is None else hundredths(low), None if high is None else hundredths(high)


def fades(groups: Sequence[GroupColumns], newest: Composable, t: Composable) -> Columns:
    """What inactivity leaves of a group: 1 until the newest activity is older than `after`."""
    columns: Columns = []
    for place in groups:
        if place.group.inactivity is not None:
            after, half_life = place.group.inactivity.after.seconds, place.group.inactivity.half_life.seconds
            halvings = compose(
                "({} - {}) / {}::float8", seconds_since(t, newest), trusted(str(after)), trusted(str(half_life))
            )
            left = compose("power(0.5::float8, greatest(least({}, {}), 0))", halvings, trusted(str(ALL_GONE)))
            value = compose("CASE WHEN {} > '-infinity' THEN {} ELSE 1 END", newest, left)
            columns.append((f"fade{place.index}", value))
    return columns


def dimension_sums(groups: Sequence[GroupColumns]) -> Columns:
    return [
        (f"{dimension}_raw", total([place.points for place in groups if place.group.dimension is dimension]))
        for dimension in Dimension
    ]


def shown_scores() -> Columns:
    """Everything a person sees lies within 0 and 100 points."""
    total_raw = total([*(trusted(f"{dimension}_raw") for dimension in Dimension), trusted("given")])
    raw: Columns = [*((str(dimension), trusted(f"{dimension}_raw")) for dimension in Dimension), ("total", total_raw)]
    shown = [(name, compose("{}::integer", clamped(value, 0, HUNDRED_POINTS))) for name, value in raw]
    return [*shown, ("total_raw", total_raw)]


def band(document: Document) -> Composable:
    return _steps("total", [(document.bands.hot, "hot"), (document.bands.warm, "warm")], "cold")


def grade(document: Document) -> Composable:
    grades = document.grades
    letter = _steps("fit", [(grades.a, "A"), (grades.b, "B")], "C")
    return compose("{} || {}", letter, _steps("engagement", [(grades.one, "1"), (grades.two, "2")], "3"))


def _steps(score: str, steps: Sequence[tuple[Decimal, str]], below: str) -> Composable:
    cases = [
        compose("WHEN {} >= {} THEN {}", trusted(score), whole(hundredths(at)), trusted(f"'{name}'"))
        for at, name in steps
    ]
    return compose("CASE {} ELSE {} END", SQL(" ").join(cases), trusted(f"'{below}'"))
