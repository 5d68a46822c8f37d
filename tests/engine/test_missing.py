"""What is missing: the fewest leaves that would have to turn, weighed over given verdicts."""

from __future__ import annotations

from typing import Any

import pytest

import engine
from engine.distances import distance
from engine.missing_conditions import requirements, unmet_requirements
from engine.nodes import Condition, FieldLeaf, Op

NAMES = "abcd"


def leaf(name: str) -> dict[str, Any]:
    return {"field": name, "op": "known"}


def missing(raw: dict[str, Any], true: str = "", false: str = "") -> list[str]:
    """The names of what is missing, `-a` where it must not hold; what is in neither list is unknown."""
    condition, problems = engine.parse_condition(raw)
    assert condition is not None, problems
    segments = {"s": engine.parse_condition(leaf("d"))[0]}

    def verdict(one: Condition) -> bool:
        return one.field in true if isinstance(one, FieldLeaf) else one.part.field in false  # type: ignore[union-attr]

    assert all(verdict(wish.condition) in (True, False) for wish in requirements(condition, segments))  # type: ignore[arg-type]
    found = unmet_requirements(condition, verdict, segments)  # type: ignore[arg-type]
    return [("" if wish.wanted else "-") + wish.leaf.field for wish in found]  # type: ignore[union-attr]


A, B, C = leaf("a"), leaf("b"), leaf("c")


@pytest.mark.parametrize(
    ("condition", "true", "false", "expected"),
    [
        (A, "a", "", []),
        (A, "", "a", ["a"]),
        ({"all": [A, B, C]}, "b", "", ["a", "c"]),
        ({"any": [A, B]}, "", "", ["a"]),
        ({"any": [{"all": [A, B]}, C]}, "", "", ["c"]),
        ({"any": [{"all": [A, B]}, {"all": [B, C, leaf("d")]}]}, "", "", ["a", "b"]),
        ({"all": [{"any": [A, B]}, {"any": [A, C]}]}, "", "", ["a"]),
        ({"not": A}, "a", "", ["-a"]),
        ({"not": A}, "", "a", []),
        ({"not": A}, "", "", ["-a"]),
        ({"not": {"all": [A, B]}}, "ab", "", ["-a"]),
        ({"not": {"any": [A, B]}}, "ab", "", ["-a", "-b"]),
        ({"not": {"not": A}}, "", "a", ["a"]),
        ({"all": [{"segment": "s"}, A]}, "a", "", ["d"]),
    ],
)
def test_the_fewest_leaves_that_would_have_to_turn(condition, true, false, expected):
    assert missing(condition, true, false) == expected


@pytest.mark.parametrize(
    ("held", "op", "asked", "short"),
    [
        (88, ">=", 100, 12),
        (100, ">", 100, 1),
        (120, "<", 100, -21),
        (120, "<=", 100, -20),
        (3, "=", 5, 2),
        (5, "!=", 5, 1),
    ],
)
def test_the_distance_to_a_number(held, op, asked, short):
    assert distance(held, Op(op), asked, 1) == short
