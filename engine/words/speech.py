"""What each language brings: its words for a line of a condition, a rule and what else is said of a document."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal

from engine.catalog import Unit
from engine.matrix import MatrixAction, MatrixCell, MatrixLevel
from engine.nodes import ActivityLeaf, Duration, Group, HotDefinition, Op, Rule, StageRule
from engine.words.known import Sign
from engine.words.outline import Join


@dataclass(frozen=True)
class RuleDetail:
    """How often or how long points count, in words; `field` is what an editor calls the part of the rule it says."""

    field: str
    words: str


class Speech(ABC):
    """One language. Subjects, values and nouns come in words; what is returned has no capital letter."""

    code: str
    any_activity: str
    yes_no: tuple[str, str]
    heads: dict[Join, str]
    scores: dict[str, str]
    actions: dict[MatrixAction, str]
    levels: dict[MatrixLevel, str]
    object_name: str

    @abstractmethod
    def both(self, parts: list[str]) -> str: ...
    @abstractmethod
    def either(self, parts: list[str]) -> str: ...
    @abstractmethod
    def listed(self, texts: list[str]) -> str: ...
    @abstractmethod
    def sentences(self, texts: list[str]) -> str:
        """Several sayings in one line."""

    @abstractmethod
    def bracket(self, text: str) -> str: ...
    @abstractmethod
    def bracketed(self, text: str) -> str:
        """What is said of the noun before it."""

    @abstractmethod
    def compared(self, subject: str, op: Op, values: list[str], *, denied: bool) -> str: ...
    @abstractmethod
    def measured(self, subject: str, op: Op, values: list[str], unit: Unit | None) -> str: ...
    @abstractmethod
    def ranked(self, subject: str, op: Op, values: list[str]) -> str: ...
    @abstractmethod
    def dated(self, subject: str, op: Op, values: list[str], *, denied: bool) -> str: ...
    @abstractmethod
    def truth(self, field: str, subject: str, *, is_true: bool) -> str: ...
    @abstractmethod
    def between(self, subject: str, low: tuple[Op, str], high: tuple[Op, str], unit: Unit | None) -> str: ...
    @abstractmethod
    def score(self, score: str, op: Op, points: str) -> str: ...
    @abstractmethod
    def score_between(self, score: str, low: tuple[Op, str], high: tuple[Op, str]) -> str: ...
    @abstractmethod
    def answer(self, criterion: str, op: Op, values: list[str], within: Duration | None) -> str: ...
    @abstractmethod
    def about(self, op: Op, values: list[str]) -> str:
        """What the object of an activity is."""

    @abstractmethod
    def noun(self, code: str) -> str:
        """A type of activity in a sentence."""

    @abstractmethod
    def activities(self, code: str, count: int) -> str:
        """What so many activities of a type are called."""

    @abstractmethod
    def objects(self, code: str, count: int) -> str:
        """What so many different objects of a type are called."""

    @abstractmethod
    def unit(self, unit: Unit, count: Decimal) -> str: ...
    @abstractmethod
    def points(self, count: Decimal) -> str:
        """What so many points are called."""

    @abstractmethod
    def activity(self, leaf: ActivityLeaf) -> str: ...
    @abstractmethod
    def alike(self, nouns: list[str], leaf: ActivityLeaf, join: Join) -> str:
        """Several types of activity that are asked for like the leaf."""

    @abstractmethod
    def read(self, sign: str, activities: tuple[str, ...], within: Duration | None) -> str: ...
    @abstractmethod
    def saying(self, noun: str, sign: Sign) -> str: ...
    @abstractmethod
    def action(self, actions: list[str], *, denied: bool) -> str: ...
    @abstractmethod
    def cell(self, cell: MatrixCell) -> str: ...
    @abstractmethod
    def segment(self, name: str, *, denied: bool) -> str: ...
    @abstractmethod
    def quoted(self, text: str) -> str: ...
    @abstractmethod
    def labelled(self, label: str, text: str) -> str: ...
    @abstractmethod
    def each(self, points: str, stream: str, policies: list[str]) -> str: ...
    @abstractmethod
    def when(self, points: str, condition: str, policies: list[str]) -> str: ...
    @abstractmethod
    def answered(self, criterion: str, options: list[str], policies: list[str]) -> str: ...
    @abstractmethod
    def details(self, rule: Rule) -> list[RuleDetail]: ...

    @abstractmethod
    def group(self, group: Group) -> str: ...
    @abstractmethod
    def hot(self, definition: HotDefinition) -> str: ...
    @abstractmethod
    def stage(self, rule: StageRule) -> str: ...
    @abstractmethod
    def line(self, kind: str, name: str) -> str: ...
