"""What both languages share: which words stand where is theirs, how a tree is walked is said once."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal

from engine.catalog import Catalog, Choice
from engine.matrix import MatrixAction, MatrixCell, MatrixLevel
from engine.nodes import (
    ANY_ACTIVITY,
    ActionLeaf,
    ActivityLeaf,
    AllOf,
    AnswerLeaf,
    AnswerPoints,
    AnyOf,
    Condition,
    Duration,
    Each,
    FieldLeaf,
    Group,
    HotDefinition,
    Not,
    Op,
    Rule,
    ScoreLeaf,
    SegmentLeaf,
    StageRule,
)

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class RuleDetail:
    """How often or how long points count, in words; `field` is what an editor calls the part of the rule it says."""

    field: str
    words: str


class Language(ABC):
    """Says nodes in one language, with the names that the catalog gives things."""

    code: str
    any_activity: str
    yes_no: tuple[str, str]
    scores: dict[str, str]
    actions: dict[MatrixAction, str]
    levels: dict[MatrixLevel, str]

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def condition(self, node: Condition, *, inside: bool = False) -> str:
        """A condition; one of several parts is put in brackets when it stands `inside` another."""
        match node:
            case AllOf(parts=parts) | AnyOf(parts=parts):
                said = [self.condition(part, inside=len(parts) > 1) for part in parts]
                joined = self.both(said) if isinstance(node, AllOf) else self.either(said)
                return self.bracket(joined) if inside and len(parts) > 1 else joined
            case Not(part=part):
                return self.negation(self.condition(part, inside=True))
            case FieldLeaf(field=name, op=op, value=value):
                return self.compared(self.field(name), op, value, self.choices(name))
            case AnswerLeaf(answer=name, op=op, value=value, within=within):
                answer = self.compared(self.criterion(name), op, value, self.options(name))
                return self.recently(answer, self.duration(within)) if within else answer
            case ScoreLeaf(score=score, op=op, value=points):
                return self.compared(self.scores[score], op, points, ())
            case SegmentLeaf(segment=name):
                return self.segment(name)
            case ActionLeaf(actions=actions):
                return self.action([self.quoted(self.actions[action]) for action in actions])
            case ActivityLeaf():
                return self.activity(node)

    def rule(self, rule: Rule) -> str:
        """A whole rule as a sentence."""
        points = signed(rule.points)
        if rule.each:
            return self.each(points, self.stream(rule.each), self.policies(rule))
        if rule.answer:
            return self.answered(
                self.criterion(rule.answer.criterion), self.by_option(rule.answer), self.policies(rule)
            )
        return self.when(points, self.condition(rule.when) if rule.when else "", self.policies(rule))

    def stream(self, each: Each) -> str:
        return self.activity_name(each.activity) + self.where(each.where)

    def by_option(self, answered: AnswerPoints) -> list[str]:
        """Each option's name with its points, in the order in which the framework has them."""
        options = self.options(answered.criterion)
        places = {option.code: place for place, option in enumerate(options)}
        given = sorted(answered.points, key=lambda one: places.get(one[0], len(places)))
        return [f"{self.option(code, options)} {signed(points)}" for code, points in given]

    def compared(self, subject: str, op: Op, value: object, choices: tuple[Choice, ...]) -> str:
        """One of a single value is that value."""
        if isinstance(value, tuple) and len(value) == 1:
            op, value = Op.EQ if op is Op.IN else Op.NE, value[0]
        return self.comparison(subject, op, self.values(value, choices))

    # --- names

    def field(self, name: str) -> str:
        field = self.catalog.fields.get(name)
        return field.label.say(self.code) if field else self.plain_field(name)

    def choices(self, name: str) -> tuple[Choice, ...]:
        field = self.catalog.fields.get(name)
        return field.choices if field else ()

    def criterion(self, name: str) -> str:
        criterion = self.catalog.criteria.get(name)
        return criterion.label.say(self.code) if criterion else name

    def options(self, name: str) -> tuple[Choice, ...]:
        criterion = self.catalog.criteria.get(name)
        return criterion.options if criterion else ()

    def option(self, code: str, options: tuple[Choice, ...]) -> str:
        return next((option.label.say(self.code) for option in options if option.code == code), code)

    def activity_name(self, code: str) -> str:
        if code == ANY_ACTIVITY:
            return self.any_activity
        kind = self.catalog.activities.get(code)
        return kind.label.say(self.code) if kind else code

    def values(self, value: object, choices: tuple[Choice, ...]) -> str:
        match value:
            case tuple():
                return self.listed([self.values(member, choices) for member in value])
            case Duration():
                return self.duration(value)
            case bool():
                return self.yes_no[0 if value else 1]
            case int() | Decimal():
                return number(Decimal(value))
            case None:
                return ""
        label = next((choice.label.say(self.code) for choice in choices if choice.code == value), None)
        return label or (str(value) if DATE.match(str(value)) else self.quoted(str(value)))

    # --- what each language brings

    @abstractmethod
    def both(self, parts: list[str]) -> str: ...
    @abstractmethod
    def either(self, parts: list[str]) -> str: ...
    @abstractmethod
    def bracket(self, text: str) -> str: ...
    @abstractmethod
    def negation(self, text: str) -> str: ...
    @abstractmethod
    def comparison(self, subject: str, op: Op, value: str) -> str: ...
    @abstractmethod
    def activity(self, leaf: ActivityLeaf) -> str: ...
    @abstractmethod
    def where(self, node: Condition | None) -> str: ...
    @abstractmethod
    def recently(self, condition: str, span: str) -> str: ...
    @abstractmethod
    def action(self, actions: list[str]) -> str: ...
    @abstractmethod
    def cell(self, cell: MatrixCell) -> str: ...
    @abstractmethod
    def segment(self, name: str) -> str: ...
    @abstractmethod
    def plain_field(self, name: str) -> str: ...
    @abstractmethod
    def quoted(self, text: str) -> str: ...
    @abstractmethod
    def listed(self, texts: list[str]) -> str: ...
    @abstractmethod
    def duration(self, length: Duration) -> str: ...
    @abstractmethod
    def each(self, points: str, stream: str, policies: list[str]) -> str: ...
    @abstractmethod
    def when(self, points: str, condition: str, policies: list[str]) -> str: ...
    @abstractmethod
    def answered(self, criterion: str, options: list[str], policies: list[str]) -> str: ...
    @abstractmethod
    def details(self, rule: Rule) -> list[RuleDetail]: ...

    def policies(self, rule: Rule) -> list[str]:
        """How often and how long the points of a rule count."""
        return [detail.words for detail in self.details(rule)]

    @abstractmethod
    def group(self, group: Group) -> str: ...
    @abstractmethod
    def hot(self, definition: HotDefinition) -> str: ...
    @abstractmethod
    def stage(self, rule: StageRule) -> str: ...
    @abstractmethod
    def line(self, kind: str, name: str) -> str: ...


def signed(points: Decimal) -> str:
    """`+20`, `−5` and `0`."""
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{number(abs(points))}"


def number(value: Decimal) -> str:
    """`1,000` and `2.5`, without zeros nobody needs."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
