"""Leads made up to show what rules do to each other: one for every combination of what the rules can tell apart.

Each field takes the values at, below and above every boundary that a rule names, and none. What is no field becomes
one: a score and a count of activities a number, an answer and the matrix's action a choice, a segment a truth. The
rules are rewritten to speak of these fields, and the engine decides: nobody else has to know what a condition means.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import permutations, product
from math import prod
from typing import Any

from engine import Catalog, Condition, FieldType, Label, custom_field
from engine.catalog import CatalogField
from engine.matrix import MatrixAction
from engine.nodes import (
    ActionLeaf,
    ActivityLeaf,
    AllOf,
    AnswerLeaf,
    AnyOf,
    CountComparison,
    Duration,
    FieldLeaf,
    Leaf,
    Not,
    Op,
    ScoreLeaf,
    SegmentLeaf,
)

MOST_LEADS = 20_000
"""More combinations are not made: the rules then look at too much to be checked while somebody edits them."""
OTHER = "~"  # a text that no rule names
HUNDREDTH = Decimal("0.01")
JOINED_TEXTS = 4  # of so many texts every order is tried, for rules that look for parts

Value = Any  # what JSON holds
_NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.ORDERED)


@dataclass(frozen=True, kw_only=True)
class MadeUp:
    """Rewritten conditions, the catalog they speak of, and the leads: each the JSON of its fields."""

    conditions: tuple[Condition, ...]
    catalog: Catalog
    leads: list[dict[str, Value]]


def made_up(conditions: Sequence[Condition], catalog: Catalog, t: datetime) -> MadeUp | None:
    """The leads that show everything about these conditions at `t`; None where there would be too many."""
    rewriter = _Rewriter(catalog, t)
    rewritten = tuple(rewriter.condition(condition) for condition in conditions)
    values = {name: rewriter.told_apart(name) for name in rewriter.values}
    if prod(map(len, values.values())) > MOST_LEADS:
        return None
    leads = [
        {name: value for name, value in zip(values, lead, strict=True) if value is not None}
        for lead in product(*values.values())
    ]
    fields = {field.code: field for field in rewriter.fields.values()}
    return MadeUp(conditions=rewritten, catalog=Catalog(fields=fields, activities={}), leads=leads)


class _Rewriter:
    """Rewrites conditions and collects, by field, the values that they tell apart."""

    def __init__(self, catalog: Catalog, t: datetime) -> None:
        self.catalog, self.t = catalog, t
        self.fields: dict[Any, CatalogField] = {}
        self.values: dict[str, set[Value]] = {}
        self.others: dict[str, str | None] = {}

    def condition(self, condition: Condition) -> Condition:
        match condition:
            case AllOf(parts=parts):
                return AllOf(parts=tuple(map(self.condition, parts)))
            case AnyOf(parts=parts):
                return AnyOf(parts=tuple(map(self.condition, parts)))
            case Not(part=part):
                return Not(part=self.condition(part))
            case _:
                return self.leaf(condition)

    def told_apart(self, name: str) -> list[Value]:
        """The values that a made-up field takes, in one order whatever named them, unknown last."""
        values = set(self.values[name])
        if other := self.others.get(name):
            values.add(other)
        if OTHER in values:
            values |= _joined(values)
        return sorted(values, key=lambda value: (value is None, str(type(value)), str(value)))

    def leaf(self, leaf: Leaf) -> FieldLeaf:
        match leaf:
            case FieldLeaf(field=code):
                return self._field(leaf, self.catalog.fields[code])
            case ScoreLeaf(score=score, op=op, value=value):
                return self._known_number(("score", score), op, value, step=HUNDREDTH, high=100)
            case ActivityLeaf(count=count):
                asked = replace(leaf, count=CountComparison())
                return self._known_number(asked, count.op, count.value, step=Decimal(1), high=None)
            case AnswerLeaf(answer=answer, op=op, value=value, within=within):
                options = [option.code for option in self.catalog.criteria[answer].options]
                return self._choice(("answer", answer, within), op, value, options)
            case ActionLeaf(actions=actions):
                return self._choice("action", Op.IN, tuple(map(str, actions)), list(map(str, MatrixAction)))
            case SegmentLeaf(segment=segment):
                return self._truth(("segment", segment))

    def _name(self, key: Any, kind: FieldType) -> str:
        """The made-up field of a key."""
        if key not in self.fields:
            name = f"f{len(self.fields)}"
            self.fields[key] = custom_field(name=name, type=kind, label=Label(name, name))
            self.values[name] = set()
        return self.fields[key].path[-1]

    def _said(self, name: str, op: Op, value: Any) -> FieldLeaf:
        return FieldLeaf(field=f"custom.{name}", op=op, value=value)

    def _field(self, leaf: FieldLeaf, field: CatalogField) -> FieldLeaf:
        if field.type is FieldType.CHOICE:
            return self._choice(field.code, leaf.op, leaf.value, [choice.code for choice in field.choices])
        kind = FieldType.DECIMAL if field.type in _NUMBERS else field.type
        name = self._name(field.code, kind)
        value = _ranked(leaf.value, field) if field.type is FieldType.ORDERED else leaf.value
        if kind is FieldType.DECIMAL:
            value = tuple(map(_decimal, value)) if isinstance(value, tuple) else _decimal(value)
        self.values[name] |= {None, *self._around(field, _listed(value), leaf.op)}
        return self._said(name, leaf.op, value)

    def _known_number(self, key: Any, op: Op, value: Any, *, step: Decimal, high: int | None) -> FieldLeaf:
        """A number that every lead has, from nought."""
        name, number = self._name(key, FieldType.DECIMAL), Decimal(value)
        near = (number - step, number, number + step)
        self.values[name] |= {float(each) for each in near if each >= 0 and (high is None or each <= high)}
        return self._said(name, op, number)

    def _choice(self, key: Any, op: Op, value: Any, offered: Sequence[str]) -> FieldLeaf:
        """One of those that are offered, or none. Of those that no rule names one stands for all."""
        name = self._name(key, FieldType.TEXT)
        self.values[name] |= {None, *map(str, _listed(value))}
        others = [code for code in offered if code not in self.values[name]]
        self.others[name] = others[0] if others else None
        return self._said(name, op, value)

    def _truth(self, key: Any) -> FieldLeaf:
        name = self._name(key, FieldType.BOOLEAN)
        self.values[name] |= {True, False}
        return self._said(name, Op.EQ, True)

    def _around(self, field: CatalogField, values: Sequence[Any], op: Op) -> Iterator[Value]:
        """The values that a comparison with these tells apart."""
        match field.type:
            case FieldType.BOOLEAN:
                yield from (True, False)
            case FieldType.ORDERED:
                yield from (float(choice.rank) for choice in field.choices if choice.rank is not None)
            case FieldType.INTEGER | FieldType.DECIMAL:
                step = Decimal(1) if field.type is FieldType.INTEGER else HUNDREDTH
                for number in values or (Decimal(0),):
                    yield from (float(number - step), float(number), float(number + step))
            case FieldType.DATE | FieldType.DATETIME:
                for value in values or (self.t.date().isoformat(),):
                    yield from self._days_around(value, op)
            case _:
                yield from self._texts_around(list(map(str, values)), op)

    def _texts_around(self, texts: Sequence[str], op: Op) -> Iterator[str]:
        yield from (OTHER, *texts)
        if op in (Op.CONTAINS, Op.STARTS_WITH):
            yield from (shown for text in texts for shown in (f"{text}{OTHER}", f"{OTHER}{text}"))

    def _days_around(self, value: Any, op: Op) -> Iterator[str]:
        """The days about a boundary; of a span those about its end, and about today."""
        today = self.t.date()
        if isinstance(value, Duration):
            far = value.delta if op is Op.WITHIN_NEXT else -value.delta
            edges = [today, today + far]
        else:
            edges = [date.fromisoformat(str(value)[:10])]
        for edge in edges:
            yield from ((edge + timedelta(days=days)).isoformat() for days in (-1, 0, 1))


def _ranked(value: Any, field: CatalogField) -> Any:
    """The ranks of an ordered choice's codes."""
    if isinstance(value, tuple):
        return tuple(_ranked(each, field) for each in value)
    choice = field.choice(value)
    return choice.rank if choice else value


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _listed(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else () if value is None else (value,)


def _joined(values: set[Value]) -> set[str]:
    """Of few texts every one that holds several of them: rules may look for more than one part."""
    texts = sorted(value for value in values if isinstance(value, str) and OTHER not in value)
    if len(texts) > JOINED_TEXTS:
        return set()
    return {"".join(some) for size in (2, 3) for some in permutations(texts, size)}
