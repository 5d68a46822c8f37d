"""The rule language as data: frozen nodes, one per thing that can be written, with no behaviour but arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Literal

from engine.matrix import Matrix, MatrixAction

Scalar = str | int | Decimal | bool
Unit = Literal["h", "d"]
StageCode = Literal["mql", "sql"]
STAGES: tuple[StageCode, ...] = ("mql", "sql")
"""Those that can have a rule, the furthest last."""


class Dimension(StrEnum):
    FIT = "fit"
    ENGAGEMENT = "engagement"
    QUALIFICATION = "qualification"


class Repeat(StrEnum):
    EVERY_TIME = "every_time"
    ONCE = "once"
    ONCE_PER_OBJECT = "once_per_object"
    ONCE_PER_DAY = "once_per_day"


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


# --- conditions ------------------------------------------------------------------------------------------------------


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


# --- rules -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Decay:
    """At most one of half-life and linear; a window may stand alone or join either."""

    half_life: Duration | None = None
    linear: Duration | None = None
    window: Duration | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Each:
    """Every activity of a type (or `any`), optionally only those whose object or properties match."""

    activity: str
    where: Condition | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerPoints:
    """What each option of a criterion, `framework.criterion`, gives; any other answer and none give nothing."""

    criterion: str
    points: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Points for `each` matching activity, `when` a condition holds, or by the newest `answer`: exactly one is set.

    By an answer, the points stand with its options, and `points` is 0.
    """

    name: str
    points: Decimal
    each: Each | None = None
    when: Condition | None = None
    answer: AnswerPoints | None = None
    repeat: Repeat = Repeat.EVERY_TIME
    at_most: int | None = None
    cap: Decimal | None = None
    decay: Decay | None = None
    disabled: bool = False
    hypothesis: str = ""
    owner: str = ""
    review_on: date | None = None

    @property
    def gives(self) -> tuple[Decimal, ...]:
        """All that one activity, the condition or an answer can give, before decay and cap."""
        return tuple(points for _, points in self.answer.points) if self.answer else (self.points,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Inactivity:
    after: Duration
    half_life: Duration


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    name: str
    dimension: Dimension
    min: Decimal | None = None
    max: Decimal | None = None
    inactivity: Inactivity | None = None
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class HotDefinition:
    """What makes a lead hot, and what lets it stay hot."""

    name: str
    when: Condition
    exit: Decimal | None = None
    grace: Duration | None = None

    @property
    def exit_total(self) -> Decimal | None:
        """The total to exceed to stay hot once `when` no longer holds; by default ten points under the threshold."""
        return self.exit if self.exit is not None else default_exit(self.when)


def default_exit(when: Condition) -> Decimal | None:
    """N - 10 when the condition is `total >= N`, or offers it directly under `any` (the lowest, if several)."""
    candidates = when.parts if isinstance(when, AnyOf) else (when,)
    totals = [c.value for c in candidates if isinstance(c, ScoreLeaf) and c.score == "total" and c.op is Op.GE]
    return min(totals) - 10 if totals else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Bands:
    hot: Decimal = Decimal(70)
    warm: Decimal = Decimal(40)


@dataclass(frozen=True, kw_only=True, slots=True)
class Grades:
    """Thresholds of the letters (fit) and the digits (engagement); below both is C and 3."""

    a: Decimal = Decimal(25)
    b: Decimal = Decimal(10)
    one: Decimal = Decimal(40)
    two: Decimal = Decimal(20)


@dataclass(frozen=True, kw_only=True, slots=True)
class StageRule:
    """What makes a lead an MQL or an SQL."""

    stage: StageCode
    when: Condition


@dataclass(frozen=True, kw_only=True, slots=True)
class Stages:
    """Each rule is optional: without it the hand-off alone makes an MQL, and its acceptance an SQL."""

    mql: Condition | None = None
    sql: Condition | None = None

    @property
    def rules(self) -> tuple[StageRule, ...]:
        """Those there are, the furthest stage last."""
        written: tuple[tuple[StageCode, Condition | None], ...] = tuple((code, getattr(self, code)) for code in STAGES)
        return tuple(StageRule(stage=stage, when=when) for stage, when in written if when is not None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One version of a scoring model, complete."""

    model: str
    timezone: str = "Asia/Tokyo"
    audience: Condition | None = None
    bands: Bands = field(default_factory=Bands)
    grades: Grades = field(default_factory=Grades)
    matrix: Matrix | None = None
    groups: tuple[Group, ...] = ()
    hot: tuple[HotDefinition, ...] = ()
    stages: Stages = field(default_factory=Stages)

    @property
    def verdicts(self) -> tuple[Condition, ...]:
        """Every condition that may look at scores: of the hot definitions, then of the stages."""
        return (*(hot.when for hot in self.hot), *(rule.when for rule in self.stages.rules))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules in version order: the order of every per-rule array."""
        return tuple(rule for group in self.groups for rule in group.rules)
