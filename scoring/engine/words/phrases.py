"""What both languages share: which words stand where is theirs, how a tree is walked is said once."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from decimal import Decimal

from scoring.engine.catalog import Catalog, Choice
from scoring.engine.nodes import (
    ANY_ACTIVITY,
    ActivityLeaf,
    AllOf,
    AnswerLeaf,
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
)

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Language(ABC):
    """Says nodes in one language, with the names that the catalog gives things."""

    code: str
    any_activity: str
    yes_no: tuple[str, str]
    scores: dict[str, str]

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
            case AnswerLeaf(answer=name, op=op, value=value):
                criterion = self.catalog.criteria.get(name)
                options = criterion.options if criterion else ()
                return self.compared(self.criterion(name), op, value, options)
            case ScoreLeaf(score=score, op=op, value=points):
                return self.compared(self.scores[score], op, points, ())
            case SegmentLeaf(segment=name):
                return self.segment(name)
            case ActivityLeaf():
                return self.activity(node)

    def rule(self, rule: Rule) -> str:
        """A whole rule as a sentence."""
        points = f"{'+' if rule.points >= 0 else '−'}{number(abs(rule.points))}"
        if rule.each:
            return self.each(points, self.stream(rule.each), self.policies(rule))
        return self.when(points, self.condition(rule.when) if rule.when else "", self.policies(rule))

    def stream(self, each: Each) -> str:
        return self.activity_name(each.activity) + self.where(each.where)

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
    def policies(self, rule: Rule) -> list[str]: ...
    @abstractmethod
    def group(self, group: Group) -> str: ...
    @abstractmethod
    def hot(self, definition: HotDefinition) -> str: ...
    @abstractmethod
    def line(self, kind: str, name: str) -> str: ...


def number(value: Decimal) -> str:
    """`1,000` and `2.5`, without zeros nobody needs."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
