"""Conditions as data: operators, durations, leaves, and what joins them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Literal

from engine.matrix import MatrixAction

Scalar = str | int | Decimal | bool
Unit = Literal["h", "d"]


class Dimension(StrEnum):
    FIT = "fit"
    ENGAGEMENT = "engagement"
    QUALIFICATION = "qualification"


class Op(StrEnum):
    EQ = "="
    NE = "!="
    GT = ">"
    GE = ">="
    LT = "<"
    LE = "<="
    IN = "in"
    NOT_IN = "not_in"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    KNOWN = "known"
    UNKNOWN = "unknown"
    BEFORE = "before"
    AFTER = "after"
    WITHIN_NEXT = "within_next"
    WITHIN_LAST = "within_last"


COMPARISONS = frozenset({Op.EQ, Op.NE, Op.GT, Op.GE, Op.LT, Op.LE})
LISTS = frozenset({Op.IN, Op.NOT_IN})
BARE = frozenset({Op.KNOWN, Op.UNKNOWN})
SPANS = frozenset({Op.WITHIN_NEXT, Op.WITHIN_LAST})

ANY_ACTIVITY = "any"


def hundredths(points: Decimal) -> int:
    """Points as an integer of hundredths, rounded half away from zero."""
    return int((points * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclass(frozen=True, kw_only=True, slots=True)
class Duration:
    """A length of time as written: whole hours or days; a day is 24 hours, whatever the clocks do."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    @property
    def delta(self) -> timedelta:
        return timedelta(hours=self.amount) if self.unit == "h" else timedelta(days=self.amount)

    @property
    def seconds(self) -> int:
        return int(self.delta.total_seconds())


@dataclass(frozen=True, kw_only=True, slots=True)
class AllOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Not:
    part: Condition


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldLeaf:
    """An attribute compared with a scalar, a tuple of scalars, a duration, or nothing (known, unknown)."""

    field: str
    op: Op
    value: Scalar | tuple[Scalar, ...] | Duration | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CountComparison:
    op: Op = Op.GE
    value: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityLeaf:
    """How many activities (or different objects of them) match."""

    activity: str
    where: Condition | None = None
    within: Duration | None = None
    distinct: bool = False
    count: CountComparison = field(default_factory=CountComparison)


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerLeaf:
    """The newest answer to a criterion of a framework, `framework.criterion`; unknown once older than `within`."""

    answer: str
    op: Op
    value: Scalar | tuple[Scalar, ...] | Duration | None = None
    within: Duration | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreLeaf:
    score: str
    op: Op
    value: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class SegmentLeaf:
    segment: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionLeaf:
    """The decision matrix says one of these actions."""

    actions: tuple[MatrixAction, ...]


Leaf = FieldLeaf | ActivityLeaf | AnswerLeaf | ScoreLeaf | SegmentLeaf | ActionLeaf
Condition = AllOf | AnyOf | Not | Leaf
SCORES = ("total", *Dimension)


def leaves(condition: Condition | None) -> Iterator[Leaf]:
    """Every leaf in reading order; the leaves inside an activity's `where` follow it."""
    match condition:
        case None:
            return
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from leaves(part)
        case Not(part=part):
            yield from leaves(part)
        case ActivityLeaf(where=where):
            yield condition
            yield from leaves(where)
        case _:
            yield condition
