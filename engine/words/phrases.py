"""What both languages share: which words stand where is theirs, how a condition is walked is said once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine import measures
from engine.catalog import Catalog, CatalogField, Choice, FieldType, Unit
from engine.measures import number, signed
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
    Leaf,
    Not,
    Op,
    Rule,
    ScoreLeaf,
    SegmentLeaf,
)
from engine.values import property_type
from engine.words.known import SIGNS, property_label, property_value
from engine.words.outline import Alike, Between, Join, Line, Outline, Read, outline
from engine.words.speech import Speech

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL)
DATES = (FieldType.DATE, FieldType.DATETIME)
OBJECT = "object"
SHOWN = 3  # of activities that are said in one line, those that are named


@dataclass(frozen=True, kw_only=True)
class ConditionLine:
    """A condition to read: a sentence; or the head of a group, whose parts follow it.

    A sentence may say several conditions at once: then they are its `parts`. `join` is how the parts are joined.
    """

    text: str
    condition: Condition
    join: Join | None = None
    parts: tuple[ConditionLine, ...] = ()
    is_group: bool = False


class Language(Speech):
    """Says nodes in one language, with the names that the catalog gives things."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def condition(self, node: Condition) -> str:
        """A condition in one sentence, without a capital letter."""
        return self._sentence(outline(node))

    def _sentence(self, said: Outline) -> str:
        """Groups that stand in a group are put in brackets."""
        if said.line is not None:
            return self.line_of(said.line)
        parts = [
            self.bracket(self._sentence(part)) if part.line is None else self._sentence(part) for part in said.parts
        ]
        return self.both(parts) if said.join == "all" else self.either(parts)

    def lines(self, node: Condition) -> ConditionLine:
        """A condition line by line, as a tree."""
        return self._lines(outline(node))

    def _lines(self, said: Outline) -> ConditionLine:
        is_group = said.line is None
        text = self.heads[said.join] if is_group and said.join else self._sentence(said)
        return ConditionLine(
            text=text[:1].upper() + text[1:],
            condition=said.condition,
            join=said.join,
            parts=tuple(self._lines(part) for part in said.parts),
            is_group=is_group,
        )

    def line_of(self, line: Line) -> str:
        """One line of a condition."""
        match line:
            case Not(part=leaf):
                assert not isinstance(leaf, AllOf | AnyOf | Not)  # an outline denies leaves only
                return self._leaf(leaf, denied=True)
            case Between(low=low, high=high):
                return self._between(low, high)
            case Alike(leaves=leaves, join=join):
                return self.alike([self.noun(leaf.activity) for leaf in leaves], leaves[0], join)
            case Read(sign=sign, within=within, activities=activities):
                return self.read(sign, activities, within)
        return self._leaf(line, denied=False)

    def _leaf(self, leaf: Leaf, *, denied: bool) -> str:
        match leaf:
            case FieldLeaf():
                return self._field_leaf(leaf, denied=denied)
            case AnswerLeaf(answer=name, op=op, value=value, within=within):
                op, values = self._compared(op, value, self.options(name))
                return self.answer(self.criterion(name), op, [self.quoted(text) for text in values], within)
            case ScoreLeaf(score=score, op=op, value=points):
                return self.score(self.scores[score], op, number(points))
            case SegmentLeaf(segment=name):
                return self.segment(name, denied=denied)
            case ActionLeaf(actions=actions):
                return self.action([self.quoted(self.actions[action]) for action in actions], denied=denied)
            case ActivityLeaf():
                return self.activity(leaf)

    def _field_leaf(self, leaf: FieldLeaf, *, denied: bool) -> str:
        field = self.catalog.fields.get(leaf.field)
        op, values = self._compared(leaf.op, leaf.value, field.called if field else (), leaf.field)
        subject, kind = self.field(leaf.field), self._kind(leaf, field)
        if kind is FieldType.BOOLEAN and op in (Op.EQ, Op.NE):
            return self.truth(leaf.field, subject, is_true=(leaf.value is True) is (op is Op.EQ))
        if kind in NUMBERS and isinstance(leaf.value, int | Decimal | tuple):
            return self.measured(subject, op, values, field.unit if field else self._property_unit(leaf.field))
        if kind is FieldType.ORDERED:
            return self.ranked(subject, op, values)
        if kind in DATES:
            return self.dated(subject, op, values, denied=denied)
        return self.compared(subject, op, values, denied=denied)

    def _kind(self, leaf: FieldLeaf, field: CatalogField | None) -> FieldType:
        if field is not None:
            return field.type
        return FieldType.TEXT if isinstance(leaf.value, Duration) else property_type(leaf.value)

    def _compared(self, op: Op, value: object, choices: Sequence[Choice], field: str = "") -> tuple[Op, list[str]]:
        """The operator and the values in words; one of a single value is that value."""
        members = value if isinstance(value, tuple) else () if value is None else (value,)
        if len(members) == 1:
            op = {Op.IN: Op.EQ, Op.NOT_IN: Op.NE}.get(op, op)
        return op, [self.value(member, choices, field) for member in members]

    def _between(self, low: FieldLeaf | ScoreLeaf, high: FieldLeaf | ScoreLeaf) -> str:
        """A range of whole numbers with both its ends; of any other number with the bounds as they are written."""
        assert isinstance(low.value, int | Decimal)
        assert isinstance(high.value, int | Decimal)
        if isinstance(low, ScoreLeaf):
            return self.score_between(
                self.scores[low.score], (low.op, number(low.value)), (high.op, number(high.value))
            )
        field = self.catalog.fields.get(low.field)
        unit = field.unit if field else self._property_unit(low.field)
        first, last, ops = low.value, high.value, (low.op, high.op)
        if field and field.type is FieldType.INTEGER:
            first, last, ops = first + (low.op is Op.GT), last - (high.op is Op.LT), (Op.GE, Op.LE)
        return self.between(self.field(low.field), (ops[0], number(first)), (ops[1], number(last)), unit)

    def where(self, node: Condition | None) -> str:
        """What is asked of the object and the properties of an activity, in brackets; of the object alone without
        saying so."""
        if node is None:
            return ""
        if isinstance(node, FieldLeaf) and node.field == OBJECT:
            op, values = self._compared(node.op, node.value, ())
            return self.bracketed(self.about(op, values))
        return self.bracketed(self.condition(node))

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

    def policies(self, rule: Rule) -> list[str]:
        """How often and how long the points of a rule count."""
        return [detail.words for detail in self.details(rule)]

    def stream(self, each: Each) -> str:
        """Every activity of a rule, as a noun."""
        leaf = ActivityLeaf(activity=each.activity, where=each.where)
        line = outline(leaf).line
        if isinstance(line, Read) and each.where:
            return self.saying(self.noun(each.activity), SIGNS[line.sign])
        return self.noun(each.activity) + self.where(each.where)

    def by_option(self, answered: AnswerPoints) -> list[str]:
        """Each option's name with its points, in the order in which the framework has them."""
        options = self.options(answered.criterion)
        places = {option.code: place for place, option in enumerate(options)}
        given = sorted(answered.points, key=lambda one: places.get(one[0], len(places)))
        return [f"{self.option(code, options)} {signed(points)}" for code, points in given]

    # --- names

    def field(self, name: str) -> str:
        """What an attribute, or the object or a property of an activity, is called."""
        field = self.catalog.fields.get(name)
        label = field.label if field else property_label(name)
        if label is not None:
            return label.say(self.code)
        return self.object_name if name == OBJECT else self.quoted(name.removeprefix("properties."))

    def _property_unit(self, name: str) -> Unit | None:
        return Unit("person", "people", "名") if name.startswith("properties.reading_headcount") else None

    def criterion(self, name: str) -> str:
        criterion = self.catalog.criteria.get(name)
        return criterion.label.say(self.code) if criterion else name

    def options(self, name: str) -> tuple[Choice, ...]:
        criterion = self.catalog.criteria.get(name)
        return criterion.options if criterion else ()

    def option(self, code: str, options: tuple[Choice, ...]) -> str:
        return next((option.label.say(self.code) for option in options if option.code == code), code)

    def activity_name(self, code: str) -> str:
        """What a type of activity is called where its name stands alone."""
        if code == ANY_ACTIVITY:
            return self.any_activity
        kind = self.catalog.activities.get(code)
        return kind.label.say(self.code) if kind else code

    def value(self, value: object, choices: Sequence[Choice] = (), field: str = "") -> str:
        """A value in words: a choice by its label, a number, a day, a length of time, or text in quotation marks."""
        match value:
            case Duration():
                return self.duration(value)
            case bool():
                return self.yes_no[0 if value else 1]
            case int() | Decimal():
                return number(value)
        text = str(value)
        label = next((choice.label for choice in choices if choice.code == text), None) or property_value(field, text)
        return label.say(self.code) if label else self.when_written(text) or self.quoted(text)

    def when_written(self, text: str) -> str:
        """A day, or an instant with its offset, that a document writes as ISO 8601; "" for any other text."""
        if not DATE.match(text):
            return ""
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return ""
        on = measures.day(at.date(), self.code)
        return on if len(text) == len("2026-06-01") else f"{on} {at:%H:%M} {text[19:]}".strip()

    def duration(self, length: Duration) -> str:
        return measures.length(length.amount, "day" if length.unit == "d" else "hour", self.code)
