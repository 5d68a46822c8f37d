"""Whether comparisons of one and the same thing leave any value that meets them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine import Catalog
from engine.distances import OPPOSITE
from engine.missing_conditions import Requirement
from engine.nodes import ActionLeaf, ActivityLeaf, AnswerLeaf, FieldLeaf, Leaf, Op, ScoreLeaf
from engine.values import FieldValueError, typed_value

NEGATED = {**OPPOSITE, Op.IN: Op.NOT_IN, Op.NOT_IN: Op.IN, Op.KNOWN: Op.UNKNOWN, Op.UNKNOWN: Op.KNOWN}
COUNTED = (Op.EQ, Op.NE, Op.GT, Op.GE, Op.LT, Op.LE)
DAYS = {Op.BEFORE: Op.LT, Op.AFTER: Op.GT}


@dataclass
class Range:
    """The values that are left. `None` as a bound is none; `only` are the values named, None for any."""

    low: Any = None
    high: Any = None
    low_open: bool = False
    high_open: bool = False
    only: set[Any] | None = None
    but: set[Any] = field(default_factory=set)
    known: bool = False
    unknown: bool = False
    whole: bool = False

    def narrow(self, op: Op, value: Any) -> None:
        """Take in one more comparison; what cannot be put into bounds is left out."""
        match op:
            case Op.UNKNOWN:
                self.unknown = True
                return
            case Op.GT | Op.GE if self.low is None or value >= self.low:
                self.low_open = (op is Op.GT) or (self.low_open and value == self.low)
                self.low = value
            case Op.LT | Op.LE if self.high is None or value <= self.high:
                self.high_open = (op is Op.LT) or (self.high_open and value == self.high)
                self.high = value
            case Op.EQ | Op.IN:
                named = set(value) if op is Op.IN else {value}
                self.only = named if self.only is None else self.only & named
            case Op.NE | Op.NOT_IN:
                self.but |= set(value) if op is Op.NOT_IN else {value}
        self.known = True

    @property
    def is_empty(self) -> bool:
        if self.unknown:
            return self.known
        if self.only is not None:
            return not any(self.includes(value) for value in self.only - self.but)
        if self.low is None or self.high is None:
            return False
        low = self.low + 1 if self.whole and self.low_open else self.low
        high = self.high - 1 if self.whole and self.high_open else self.high
        is_point = low == high
        closed = self.whole or not (self.low_open or self.high_open)
        return bool(low > high or (is_point and (not closed or low in self.but)))

    def includes(self, value: Any) -> bool:
        """Whether `value` lies between the bounds."""
        above = self.low is None or value > self.low or (value == self.low and not self.low_open)
        return bool(above and (self.high is None or value < self.high or (value == self.high and not self.high_open)))


def clash(way: Sequence[Requirement], catalog: Catalog) -> tuple[Requirement, Requirement] | None:
    """The first two wishes about one thing that cannot come true together."""
    by_subject: dict[Any, list[Requirement]] = {}
    for wish in dict.fromkeys(way):
        for other in by_subject.get(subject(wish.leaf), ()):
            if range_of((other, wish), catalog).is_empty and not differ_in_age(other, wish):
                return other, wish
        by_subject.setdefault(subject(wish.leaf), []).append(wish)
    return None


def differ_in_age(one: Requirement, other: Requirement) -> bool:
    """Whether an answer may be too old for one of them and young enough for the other."""
    for lacking, having in ((one, other), (other, one)):
        none, some = lacking.leaf, having.leaf
        if isinstance(none, AnswerLeaf) and isinstance(some, AnswerLeaf) and none.within and _asks_for_none(lacking):
            return not _asks_for_none(having) and (some.within is None or some.within.delta > none.within.delta)
    return False


def _asks_for_none(wish: Requirement) -> bool:
    return isinstance(wish.leaf, AnswerLeaf) and wish.leaf.op is (Op.UNKNOWN if wish.wanted else Op.KNOWN)


def subject(leaf: Leaf) -> Any:
    """What a leaf compares."""
    match leaf:
        case FieldLeaf(field=name):
            return "field", name
        case AnswerLeaf(answer=name):
            return "answer", name
        case ScoreLeaf(score=name):
            return "score", name
        case ActionLeaf():
            return "action"
        case ActivityLeaf():
            return "activity", leaf.activity, leaf.where, leaf.within, leaf.distinct
    return leaf


def range_of(wishes: Iterable[Requirement], catalog: Catalog) -> Range:
    """The values that meet all wishes about one thing."""
    left = Range()
    for wish in wishes:
        op, value, left.whole = comparison_of(wish.leaf, catalog)
        if op is not None:
            op = op if wish.wanted else NEGATED.get(op)
        if op is not None:
            left.narrow(op, value)
    return left


def comparison_of(leaf: Leaf, catalog: Catalog) -> tuple[Op | None, Any, bool]:
    """The operator and the value in a form that can be ordered; no operator where it cannot."""
    match leaf:
        case ScoreLeaf():
            return leaf.op, leaf.value, False
        case ActivityLeaf():
            return leaf.count.op, leaf.count.value, True
        case ActionLeaf():
            return Op.IN, list(leaf.actions), False
        case FieldLeaf() if leaf.field in catalog.fields:
            field = catalog.fields[leaf.field]
            kind, choices = field.type, field.choices
            if leaf.op in (Op.KNOWN, Op.UNKNOWN):
                return leaf.op, None, False
            op = DAYS.get(leaf.op, leaf.op) if kind == "date" else leaf.op
            try:
                if isinstance(leaf.value, tuple):
                    return leaf.op, [typed_value(kind, value, choices) for value in leaf.value], False
                if op in COUNTED and isinstance(leaf.value, str | int | bool | Decimal):
                    return op, typed_value(kind, leaf.value, choices), kind in ("integer", "ordered")
            except FieldValueError:
                pass
        case AnswerLeaf() if leaf.op in NEGATED:
            return leaf.op, list(leaf.value) if isinstance(leaf.value, tuple) else leaf.value, False
    return None, None, False
