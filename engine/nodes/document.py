"""Rules, groups, hot definitions and stages as data, and the document that has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from engine.matrix import Matrix
from engine.nodes.conditions import AnyOf, Condition, Dimension, Duration, Op, ScoreLeaf

StageCode = Literal["mql", "sql"]
STAGES: tuple[StageCode, ...] = ("mql", "sql")
"""Those that can have a rule, the furthest last."""


class Repeat(StrEnum):
    EVERY_TIME = "every_time"
    ONCE = "once"
    ONCE_PER_OBJECT = "once_per_object"
    ONCE_PER_DAY = "once_per_day"


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
    """What makes a lead hot, what lets it stay hot, and what makes it hot again after a hand-off has ended.

    `again`: an activity that it counts does so, even where it was met all the time. `customers`: it speaks also of
    those who have bought already.
    """

    name: str
    when: Condition
    exit: Decimal | None = None
    grace: Duration | None = None
    again: bool = False
    customers: bool = False

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
