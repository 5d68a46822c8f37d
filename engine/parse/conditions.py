"""Reads the typed tree of all / any / not over leaves, and the smaller one inside an activity's `where`."""

# A refusal ends its reader: `return reader.refuse(...)` notes the problem and gives None in one line.
# mypy: disable-error-code="func-returns-value"

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine import limits
from engine.matrix import MatrixAction
from engine.nodes import (
    BARE,
    COMPARISONS,
    LISTS,
    SCORES,
    SPANS,
    ActionLeaf,
    ActivityLeaf,
    AllOf,
    AnswerLeaf,
    AnyOf,
    Condition,
    CountComparison,
    Duration,
    FieldLeaf,
    Not,
    Op,
    Scalar,
    ScoreLeaf,
    SegmentLeaf,
    leaves,
)
from engine.parse.reader import DocumentReader

COMBINATORS = ("all", "any", "not")
LEAVES = ("field", "activity", "answer", "score", "segment", "action")
COMPARED = frozenset({"op", "value"})
Value = Scalar | tuple[Scalar, ...] | Duration | None


def read_condition(
    reader: DocumentReader, raw: Any, *, depth: int = 1, kinds: tuple[str, ...] = LEAVES
) -> Condition | None:
    """A condition, or None with the reason noted. `kinds` are the leaves that may stand here."""
    if depth > limits.MAX_DEPTH:
        return reader.refuse("too_deep", limit=limits.MAX_DEPTH)
    if not isinstance(raw, Mapping):
        return reader.refuse("not_a_mapping")
    present = [kind for kind in (*COMBINATORS, *kinds) if kind in raw]
    if len(present) != 1:
        return reader.refuse("not_one_kind", kinds=[*COMBINATORS, *kinds])
    kind = present[0]
    if kind in ("all", "any"):
        return read_combination(reader, raw, kind, depth=depth, kinds=kinds)
    if kind == "not":
        return read_negation(reader, raw, depth=depth, kinds=kinds)
    return READERS[kind](reader, raw)


def read_combination(
    reader: DocumentReader, raw: Any, kind: str, *, depth: int, kinds: tuple[str, ...]
) -> Condition | None:
    reader.mapping(raw, allowed=frozenset({kind}))
    with reader.at(kind):
        members = reader.items(raw[kind], at_most=limits.MAX_LEAVES)
        parts = [read_condition(reader, member, depth=depth + 1, kinds=kinds) for member in members]
        if not parts and isinstance(raw[kind], list | tuple) and not raw[kind]:
            return reader.refuse("empty_list")
    good = tuple(part for part in parts if part is not None)
    return AllOf(parts=good) if kind == "all" else AnyOf(parts=good)


def read_negation(reader: DocumentReader, raw: Any, *, depth: int, kinds: tuple[str, ...]) -> Condition | None:
    reader.mapping(raw, allowed=frozenset({"not"}))
    with reader.at("not"):
        part = read_condition(reader, raw["not"], depth=depth + 1, kinds=kinds)
    return None if part is None else Not(part=part)


def read_field_leaf(reader: DocumentReader, raw: Any) -> Condition | None:
    name, op, value = _compared(reader, raw, "field")
    return None if name is None or op is None else FieldLeaf(field=name, op=op, value=value)


def read_answer_leaf(reader: DocumentReader, raw: Any) -> Condition | None:
    name, op, value = _compared(reader, raw, "answer", "within")
    within = None
    if "within" in raw:
        with reader.at("within"):
            within = reader.duration(raw["within"])
    return None if name is None or op is None else AnswerLeaf(answer=name, op=op, value=value, within=within)


def _compared(reader: DocumentReader, raw: Any, subject: str, *more: str) -> tuple[str | None, Op | None, Value]:
    reader.mapping(raw, allowed=COMPARED | {subject, *more}, required=("op",))
    with reader.at(subject):
        name = reader.text(raw[subject])
    with reader.at("op"):
        op = reader.choice(raw["op"], Op) if "op" in raw else None
    if op is not None:
        return name, op, read_value(reader, raw, op)
    # Without an operator the shape of the value is open, but a value that none could take is still a problem.
    with reader.at("value"):
        if isinstance(raw.get("value"), list | tuple):
            _values(reader, raw["value"])
        elif "value" in raw:
            reader.scalar(raw["value"])
    return name, None, None


def read_value(reader: DocumentReader, raw: Any, op: Op) -> Value:
    """The value in the shape its operator asks for."""
    with reader.at("value"):
        if op in BARE:
            return reader.refuse("value_not_wanted", op=op) if "value" in raw else None
        if "value" not in raw:
            return reader.refuse("missing")
        if op in SPANS:
            return reader.duration(raw["value"])
        if op in LISTS:
            return _values(reader, raw["value"])
        return reader.scalar(raw["value"])


def _values(reader: DocumentReader, raw: Any) -> tuple[Scalar, ...] | None:
    if isinstance(raw, list | tuple) and not raw:
        return reader.refuse("empty_list")
    values = [reader.scalar(member) for member in reader.items(raw, at_most=limits.MAX_VALUES)]
    return tuple(value for value in values if value is not None)


def read_activity_leaf(reader: DocumentReader, raw: Any) -> Condition | None:
    reader.mapping(raw, allowed=frozenset({"activity", "where", "within", "distinct", "count"}))
    activity, where = read_stream(reader, raw)
    within, distinct, count = None, False, CountComparison()
    if "within" in raw:
        with reader.at("within"):
            within = reader.duration(raw["within"])
    if "distinct" in raw:
        with reader.at("distinct"):
            distinct = raw["distinct"] == "object" or bool(reader.refuse("not_a_choice", choices=["object"]))
    if "count" in raw:
        with reader.at("count"):
            count = read_count(reader, raw["count"]) or count
    if activity is None:
        return None
    return ActivityLeaf(activity=activity, where=where, within=within, distinct=distinct, count=count)


def read_stream(reader: DocumentReader, raw: Any) -> tuple[str | None, Condition | None]:
    """Which activities: the type's code and the optional `where` on their object and properties."""
    with reader.at("activity"):
        activity = reader.text(raw.get("activity"))
    if "where" not in raw:
        return activity, None
    with reader.at("where"):
        return activity, read_condition(reader, raw["where"], kinds=("field",))


def read_count(reader: DocumentReader, raw: Any) -> CountComparison | None:
    if reader.mapping(raw, allowed=COMPARED, required=("op", "value")) is None:
        return None
    with reader.at("op"):
        op = reader.choice(raw["op"], Op) if "op" in raw else None
        if op and op not in COMPARISONS:
            op = reader.refuse("not_a_choice", choices=sorted(COMPARISONS))
    with reader.at("value"):
        value = reader.whole(raw["value"], low=0, high=limits.MAX_COUNT) if "value" in raw else None
    return None if op is None or value is None else CountComparison(op=op, value=value)


def read_score_leaf(reader: DocumentReader, raw: Any) -> Condition | None:
    reader.mapping(raw, allowed=COMPARED | {"score"}, required=("op", "value"))
    with reader.at("score"):
        score = raw["score"] if raw["score"] in SCORES else reader.refuse("not_a_choice", choices=list(SCORES))
    with reader.at("op"):
        op = reader.choice(raw["op"], Op) if "op" in raw else None
        if op and op not in COMPARISONS:
            op = reader.refuse("not_a_choice", choices=sorted(COMPARISONS))
    with reader.at("value"):
        value = reader.number(raw["value"], low=Decimal(-100), high=Decimal(200)) if "value" in raw else None
    return None if score is None or op is None or value is None else ScoreLeaf(score=str(score), op=op, value=value)


def read_segment_leaf(reader: DocumentReader, raw: Any) -> Condition | None:
    reader.mapping(raw, allowed=frozenset({"segment"}))
    with reader.at("segment"):
        name = reader.text(raw["segment"])
    return None if name is None else SegmentLeaf(segment=name)


def read_action_leaf(reader: DocumentReader, raw: Any) -> Condition | None:
    reader.mapping(raw, allowed=frozenset({"action"}))
    with reader.at("action"):
        if isinstance(raw["action"], list | tuple) and not raw["action"]:
            return reader.refuse("empty_list")
        members = reader.items(raw["action"], at_most=len(MatrixAction))
        actions = tuple(action for action in [reader.choice(member, MatrixAction) for member in members] if action)
    return ActionLeaf(actions=actions)


def read_limited_condition(reader: DocumentReader, raw: Any) -> Condition | None:
    """A whole condition: one with no more leaves than a document may have in one place."""
    condition = read_condition(reader, raw)
    count = sum(1 for _ in leaves(condition))
    return (
        reader.refuse("too_many_leaves", limit=limits.MAX_LEAVES, count=count)
        if count > limits.MAX_LEAVES
        else condition
    )


READERS: Mapping[str, Callable[[DocumentReader, Any], Condition | None]] = {
    "field": read_field_leaf,
    "activity": read_activity_leaf,
    "answer": read_answer_leaf,
    "score": read_score_leaf,
    "segment": read_segment_leaf,
    "action": read_action_leaf,
}
