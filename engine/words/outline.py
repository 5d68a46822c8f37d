"""A condition as people read it: negation at the leaves, groups of one kind as one, and like parts in one line.

It means what the condition means: every step is a law of three-valued logic, in which what is unknown is never met.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from engine.nodes import (
    ActivityLeaf,
    AllOf,
    AnswerLeaf,
    AnyOf,
    Condition,
    CountComparison,
    Duration,
    FieldLeaf,
    Leaf,
    Not,
    Op,
    Scalar,
    ScoreLeaf,
)
from engine.words.known import sign_of

Join = Literal["all", "any"]

OPPOSITE = {
    Op.EQ: Op.NE, Op.NE: Op.EQ, Op.GT: Op.LE, Op.GE: Op.LT, Op.LT: Op.GE, Op.LE: Op.GT,
    Op.IN: Op.NOT_IN, Op.NOT_IN: Op.IN, Op.KNOWN: Op.UNKNOWN, Op.UNKNOWN: Op.KNOWN,
    Op.BEFORE: Op.GE, Op.AFTER: Op.LE,
}  # fmt: skip
NO_COUNTS = (
    CountComparison(op=Op.EQ, value=0),
    CountComparison(op=Op.LT, value=1),
    CountComparison(op=Op.LE, value=0),
)
"""The counts that say that something did not happen."""
SOME_COUNTS = (CountComparison(op=Op.GT, value=0), CountComparison(op=Op.NE, value=0))
LOWER, UPPER = (Op.GE, Op.GT), (Op.LE, Op.LT)
TEXT_PARTS = (Op.CONTAINS, Op.STARTS_WITH)


@dataclass(frozen=True, kw_only=True, slots=True)
class Between:
    """A number between two bounds of one field or score."""

    low: FieldLeaf | ScoreLeaf
    high: FieldLeaf | ScoreLeaf


@dataclass(frozen=True, kw_only=True, slots=True)
class Alike:
    """Activities of several types that are asked for in the same way: the leaves differ in nothing but the type."""

    leaves: tuple[ActivityLeaf, ...]
    join: Join


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """Activities of one or several types that say the same: it was read in their text, or the type itself says it."""

    sign: str
    within: Duration | None
    activities: tuple[str, ...]


Line = Leaf | Not | Between | Alike | Read
"""What one line says. Only a leaf that has no opposite operator stands under `Not`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outline:
    """A line, or a group of several parts that are joined by `join`.

    Of a line that says several conditions at once, `join` joins them, and each is a part of its own.
    """

    condition: Condition
    line: Line | None = None
    join: Join | None = None
    parts: tuple[Outline, ...] = ()


def outline(condition: Condition) -> Outline:
    """The condition as people read it."""
    return _outlined(_plain(condition, wanted=True))


def _plain(node: Condition, *, wanted: bool) -> Condition:
    """The node, or when not `wanted` its contrary, with `not` at no other place than a leaf."""
    match node:
        case Not(part=part):
            return _plain(part, wanted=not wanted)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            kind = AllOf if isinstance(node, AllOf) is wanted else AnyOf
            plain = [_plain(part, wanted=wanted) for part in parts]
            flat = [inner for part in plain for inner in (part.parts if isinstance(part, kind) else (part,))]
            return flat[0] if len(flat) == 1 else kind(parts=tuple(flat))
    return node if wanted else Not(part=node)


def _outlined(node: Condition) -> Outline:
    if not isinstance(node, AllOf | AnyOf):
        return Outline(condition=node, line=_line(node))
    join: Join = "all" if isinstance(node, AllOf) else "any"
    parts = tuple(_folded(node.parts, join))
    return parts[0] if len(parts) == 1 else Outline(condition=node, join=join, parts=parts)


def _folded(parts: Sequence[Condition], join: Join) -> Iterator[Outline]:
    """The parts in reading order; like ones stand together where the first of them stood."""
    left = list(parts)
    while left:
        first = left.pop(0)
        others = [part for part in left if not isinstance(part, AllOf | AnyOf)]
        like, line = ([], None) if isinstance(first, AllOf | AnyOf) else _like(first, others, join)
        if line is None:
            yield _outlined(first)
            continue
        left = [part for part in left if part not in like]
        members = (first, *like)
        yield Outline(
            condition=AllOf(parts=members) if join == "all" else AnyOf(parts=members),
            line=line,
            join=join,
            parts=tuple(_outlined(member) for member in members),
        )


def _like(first: Condition, others: Sequence[Condition], join: Join) -> tuple[list[Condition], Line | None]:
    """Those of the others that one line can say together with the first, and that line."""
    for fold in (_read_together, _same_value, _range, _alike):
        like, line = fold(first, others, join)
        if like:
            return like, line
    return [], None


def _line(node: Condition) -> Line:
    """A leaf, with the opposite operator where it is denied and has one; several values as one value of several."""
    denied, leaf = (True, node.part) if isinstance(node, Not) else (False, node)
    assert not isinstance(leaf, AllOf | AnyOf | Not)
    match leaf:
        case FieldLeaf(op=op) | AnswerLeaf(op=op) | ScoreLeaf(op=op) if denied and op in OPPOSITE:
            return replace(leaf, op=OPPOSITE[op])
        case ActivityLeaf() if not denied and leaf.where is not None and (read := _read(leaf)) is not None:
            return read
        case ActivityLeaf(count=count):
            count = replace(count, op=OPPOSITE[count.op]) if denied else count
            return replace(leaf, count=CountComparison() if count in SOME_COUNTS else count)
    return Not(part=leaf) if denied else leaf


def _read(leaf: Condition) -> Read | None:
    """What an activity says, where it is asked for nothing else."""
    if not isinstance(leaf, ActivityLeaf) or leaf.distinct or leaf.count != CountComparison():
        return None
    sign = sign_of(leaf)
    return Read(sign=sign, within=leaf.within, activities=(leaf.activity,)) if sign else None


def _read_together(first: Condition, others: Sequence[Condition], join: Join) -> tuple[list[Condition], Line | None]:
    """Any of several types of activity that say the same within the same time."""
    read = _read(first)
    if read is None or join == "all":
        return [], None
    found = {other: said for other in others if (said := _read(other)) is not None}
    like = {other: said for other, said in found.items() if (said.sign, said.within) == (read.sign, read.within)}
    names = dict.fromkeys([*read.activities, *(name for said in like.values() for name in said.activities)])
    return list(like), replace(read, activities=tuple(names))


def _same_value(first: Condition, others: Sequence[Condition], join: Join) -> tuple[list[Condition], Line | None]:
    """Any of several values of one field or answer; or none of them, where all must be met."""
    mine = _value_of(first)
    if mine is None or mine[2] is (join == "any"):
        return [], None
    like = {other: found for other in others if (found := _value_of(other)) is not None and found[:3] == mine[:3]}
    values = tuple(dict.fromkeys([*mine[3], *(value for found in like.values() for value in found[3])]))
    leaf, op, is_denied, _ = mine
    if op is Op.IN:
        return list(like), replace(leaf, op=Op.NOT_IN if is_denied else Op.IN, value=values)
    together = replace(leaf, op=op, value=values)
    return list(like), Not(part=together) if is_denied else together


ValueLeaf = FieldLeaf | AnswerLeaf


def _value_of(node: Condition) -> tuple[ValueLeaf, Op, bool, tuple[Scalar, ...]] | None:
    """A leaf that compares with a value, bare of it; how it compares, whether it denies that, and with which values."""
    line = _line(node)
    is_denied, leaf = (True, line.part) if isinstance(line, Not) else (False, line)
    if not isinstance(leaf, FieldLeaf | AnswerLeaf):
        return None
    if leaf.value is None or isinstance(leaf.value, Duration):
        return None
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    if leaf.op in (Op.EQ, Op.IN, Op.NE, Op.NOT_IN) and not is_denied and not isinstance(values[0], bool):
        return replace(leaf, op=Op.IN, value=None), Op.IN, leaf.op in (Op.NE, Op.NOT_IN), values
    if leaf.op in TEXT_PARTS:
        return replace(leaf, value=None), leaf.op, is_denied, values
    return None


def _range(first: Condition, others: Sequence[Condition], join: Join) -> tuple[list[Condition], Line | None]:
    """A lower and an upper bound of the same number."""
    mine = _line(first)
    if join == "any" or not isinstance(mine, FieldLeaf | ScoreLeaf) or mine.op not in (*LOWER, *UPPER):
        return [], None
    if _number_of(mine) is None:
        return [], None
    wanted = UPPER if mine.op in LOWER else LOWER
    for other in others:
        line = _line(other)
        if isinstance(line, FieldLeaf | ScoreLeaf) and line.op in wanted and _number_of(line) == _number_of(mine):
            low, high = (mine, line) if mine.op in LOWER else (line, mine)
            return [other], Between(low=low, high=high)
    return [], None


def _number_of(leaf: FieldLeaf | ScoreLeaf) -> tuple[str, str] | None:
    """What the leaf measures; of a choice in an order nothing, since nobody says a range of it."""
    if isinstance(leaf, ScoreLeaf):
        return "score", leaf.score
    return None if isinstance(leaf.value, str) else ("field", leaf.field)


def _alike(first: Condition, others: Sequence[Condition], join: Join) -> tuple[list[Condition], Line | None]:
    """Activities that were or were not there within the same time, whatever their type."""
    mine = _line(first)
    plain = CountComparison()
    if not isinstance(mine, ActivityLeaf) or mine.distinct or mine.where:
        return [], None
    if mine.count != plain and not (join == "all" and mine.count in NO_COUNTS):
        return [], None
    lines = {other: line for other in others if isinstance(line := _line(other), ActivityLeaf)}
    like = {
        other: line
        for other, line in lines.items()
        if replace(line, activity=mine.activity, count=plain) == replace(mine, count=plain)
        and (line.count == plain) is (mine.count == plain)
        and (line.count == plain or line.count in NO_COUNTS)
    }
    return list(like), Alike(leaves=(mine, *like.values()), join=join)
