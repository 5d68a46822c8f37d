"""Why one lead has its score at one instant, as data.

Points are whole hundredths with their sign. Instants carry the model's time zone. Texts are in the language that the
explanation was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from engine.matrix import MatrixAction, MatrixLevel
from engine.nodes import Dimension, StageCode


@dataclass(frozen=True, kw_only=True)
class ExplainedLead:
    pk: int
    email: str
    external_id: str


@dataclass(frozen=True, kw_only=True)
class MatrixPlace:
    """The cell of the decision matrix that the lead's scores lead to."""

    engagement: MatrixLevel
    qualification: MatrixLevel
    action: MatrixAction
    text: str


@dataclass(frozen=True, kw_only=True)
class ActivityEvidence:
    """An activity that still gives points: `full` when it happened, `points` now."""

    activity: str | None
    """Code of the activity's type; None for a type that the catalog no longer has."""
    object: str
    occurred_at: datetime
    full: int
    points: int
    pk: int = field(default=0, compare=False)
    """The stored row, for whoever shows the points beside it."""


@dataclass(frozen=True, kw_only=True)
class AnswerEvidence:
    """The answer that gives points: `full` when it was given, `points` now."""

    answer: str
    """The criterion as `framework.criterion`."""
    option: str
    text: str
    answered_at: datetime
    by: str | None
    full: int
    points: int
    expires_at: datetime | None
    """When nothing is left of the points; None for what only halves."""


Evidence = ActivityEvidence | AnswerEvidence


@dataclass(frozen=True, kw_only=True)
class ConditionVerdict:
    """One line of a condition, or the head of a group; `expires_at` is when it stops holding by itself.

    The parts of a group are its lines; those of a line that says several conditions at once are these, one by one.
    `join` is `all` or `any` where there are parts.
    """

    text: str
    met: bool
    expires_at: datetime | None
    join: str = ""
    parts: tuple[ConditionVerdict, ...] = ()
    is_group: bool = False

    def leaves(self) -> Iterator[ConditionVerdict]:
        """The single conditions of it, in reading order."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True, kw_only=True)
class RulePoints:
    """What a rule gives: before fading (`full`), before its cap (`uncapped`), and in the end (`points`)."""

    name: str
    text: str
    full: int
    uncapped: int
    points: int
    evidence: tuple[Evidence, ...] = ()
    when: ConditionVerdict | None = None
    """None for rules by activity or answer."""


@dataclass(frozen=True, kw_only=True)
class GroupPoints:
    """The sum of a group's rules (`uncapped`), and what counts after bounds and inactivity (`points`)."""

    name: str
    dimension: Dimension
    text: str
    uncapped: int
    points: int
    rules: tuple[RulePoints, ...]


@dataclass(frozen=True, kw_only=True)
class AdjustmentPoints:
    """Points given by hand that count at the instant."""

    reason: str
    by: str | None
    until: datetime | None
    points: int


@dataclass(frozen=True, kw_only=True)
class SumLine:
    """A line of the sum. `kind` is rule, decay, cap, max, min, inactivity, adjustment, floor or ceiling.

    `path` leads to what the line is about (`groups[0].rules[2]`); of a rule or group, they stand here too.
    """

    kind: str
    name: str
    path: str
    text: str
    points: int
    group: GroupPoints | None = None
    rule: RulePoints | None = None


@dataclass(frozen=True, kw_only=True)
class MissingCondition:
    """A condition that would have to hold, how far it is from that, and the distance where it is a number."""

    text: str
    gap: str
    short_by: Decimal | None


@dataclass(frozen=True, kw_only=True)
class HotVerdict:
    """A hot definition: whether its condition is met, and whether a lead that is hot by it stays so (`holds`)."""

    name: str
    text: str
    met: bool
    holds: bool
    since: datetime | None
    when: ConditionVerdict
    missing: tuple[MissingCondition, ...]
    """The fewest conditions that would make it met; empty where it is."""

    @property
    def one_short(self) -> bool:
        return len(self.missing) == 1


@dataclass(frozen=True, kw_only=True)
class StageVerdict:
    """The rule of a stage: whether it is met, condition by condition, and what is missing."""

    stage: StageCode
    text: str
    met: bool
    when: ConditionVerdict
    missing: tuple[MissingCondition, ...]

    @property
    def one_short(self) -> bool:
        return len(self.missing) == 1


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """The whole. The points of `lines` sum to `total`, to the hundredth."""

    lead: ExplainedLead
    model: str
    version: int | None
    at: datetime
    inside_audience: bool
    total: int
    fit: int
    engagement: int
    qualification: int
    band: str
    grade: str
    matrix: MatrixPlace | None
    groups: tuple[GroupPoints, ...]
    adjustments: tuple[AdjustmentPoints, ...]
    lines: tuple[SumLine, ...]
    hot: tuple[HotVerdict, ...]
    stage: str
    stages: tuple[StageVerdict, ...]
    next_change_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Annotations:
    """What an explanation says and the engine does not know: the version's number, since when the lead is hot by which
    definition, and the names of people by id."""

    version: int | None = None
    hot_since: Mapping[str, datetime] = field(default_factory=dict)
    person: Callable[[int | None], str | None] = lambda pk: None if pk is None else str(pk)
