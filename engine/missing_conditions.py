"""What a condition still lacks: the smallest set of leaves that would have to turn for it to hold.

The verdicts are the statement's own. Here only `all`, `any` and `not` are weighed against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.nodes import AllOf, AnyOf, Condition, Leaf, Not, SegmentLeaf

Verdict = Callable[[Condition], bool]


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """A leaf that has to hold, or (`wanted` false) has to be known not to hold."""

    leaf: Leaf
    wanted: bool

    @property
    def condition(self) -> Condition:
        return self.leaf if self.wanted else Not(part=self.leaf)


def unmet_requirements(node: Condition, verdict: Verdict, segments: Mapping[str, Condition]) -> tuple[Requirement, ...]:
    """The fewest requirements that make `node` hold; none where it holds. Of equally many, those written first."""
    return tuple(_lacking(node, True, verdict, segments))


def requirements(node: Condition, segments: Mapping[str, Condition], wanted: bool = True) -> Iterator[Requirement]:
    """Every requirement there could be, in reading order; the caller has these decided to give verdicts."""
    match node:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from requirements(part, segments, wanted)
        case Not(part=part):
            yield from requirements(part, segments, not wanted)
        case SegmentLeaf(segment=name):
            yield from requirements(segments[name], segments, wanted)
        case _:
            yield Requirement(leaf=node, wanted=wanted)


def _lacking(
    node: Condition, wanted: bool, verdict: Verdict, segments: Mapping[str, Condition]
) -> dict[Requirement, None]:
    """A set in reading order: a leaf that stands twice counts once."""
    match node:
        case Not(part=part):
            return _lacking(part, not wanted, verdict, segments)
        case SegmentLeaf(segment=name):
            return _lacking(segments[name], wanted, verdict, segments)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            found = [_lacking(part, wanted, verdict, segments) for part in parts]
            if isinstance(node, AllOf) is wanted:
                return {requirement: None for one in found for requirement in one}
            return min(found, key=len)
    requirement = Requirement(leaf=node, wanted=wanted)
    return {} if verdict(requirement.condition) else {requirement: None}
