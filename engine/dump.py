"""Nodes back to plain data, so that `parse(dump(document))` is the same document; defaults are left out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.matrix import SHIPPED, Matrix, MatrixLevels
from engine.nodes import (
    ActionLeaf,
    ActivityLeaf,
    AllOf,
    AnswerLeaf,
    AnyOf,
    Bands,
    Condition,
    CountComparison,
    Decay,
    Document,
    Duration,
    FieldLeaf,
    Grades,
    Group,
    HotDefinition,
    Not,
    Repeat,
    Rule,
    ScoreLeaf,
    SegmentLeaf,
)


def dump(document: Document) -> dict[str, Any]:
    """The document as JSON-ready data, keys in the order people read them."""
    bands, grades = document.bands, document.grades
    letters_and_digits = {
        "fit": {"A": _number(grades.a), "B": _number(grades.b)},
        "engagement": {"1": _number(grades.one), "2": _number(grades.two)},
    }
    return _present(
        model=document.model,
        timezone=None if document.timezone == "Asia/Tokyo" else document.timezone,
        audience=document.audience and dump_condition(document.audience),
        bands=None if bands == Bands() else {"hot": _number(bands.hot), "warm": _number(bands.warm)},
        grades=None if grades == Grades() else letters_and_digits,
        matrix=document.matrix and dump_matrix(document.matrix),
        groups=[dump_group(group) for group in document.groups],
        hot=[dump_hot(definition) for definition in document.hot] or None,
        stages={rule.stage: dump_condition(rule.when) for rule in document.stages.rules} or None,
    )


def dump_condition(condition: Condition) -> dict[str, Any]:
    """One condition as it would be written."""
    match condition:
        case AllOf(parts=parts):
            return {"all": [dump_condition(part) for part in parts]}
        case AnyOf(parts=parts):
            return {"any": [dump_condition(part) for part in parts]}
        case Not(part=part):
            return {"not": dump_condition(part)}
        case FieldLeaf(field=name, op=op, value=value):
            return _present(field=name, op=str(op), value=_value(value))
        case AnswerLeaf(answer=name, op=op, value=value, within=within):
            return _present(answer=name, op=str(op), value=_value(value), within=within and str(within))
        case ScoreLeaf(score=score, op=op, value=value):
            return {"score": score, "op": str(op), "value": _number(value)}
        case SegmentLeaf(segment=name):
            return {"segment": name}
        case ActionLeaf(actions=actions):
            return {"action": [str(action) for action in actions]}
        case ActivityLeaf(activity=activity, where=where, within=within, distinct=distinct, count=count):
            return _present(
                activity=activity,
                where=where and dump_condition(where),
                within=within and str(within),
                distinct="object" if distinct else None,
                count=None if count == CountComparison() else {"op": str(count.op), "value": count.value},
            )


def dump_group(group: Group) -> dict[str, Any]:
    """One group with its rules as it would be written."""
    fading = group.inactivity
    return _present(
        name=group.name,
        dimension=str(group.dimension),
        min=_number(group.min),
        max=_number(group.max),
        inactivity=fading and {"after": str(fading.after), "half_life": str(fading.half_life)},
        rules=[dump_rule(rule) for rule in group.rules],
    )


def dump_rule(rule: Rule) -> dict[str, Any]:
    """One rule as it would be written."""
    where = {"where": dump_condition(rule.each.where)} if rule.each and rule.each.where else {}
    decay = rule.decay or Decay()
    parts = {"half_life": decay.half_life, "linear": decay.linear, "window": decay.window}
    points = {option: _number(points) for option, points in rule.answer.points} if rule.answer else _number(rule.points)
    lengths = {key: str(length) for key, length in parts.items() if length}
    return _present(
        name=rule.name,
        each=rule.each and {"activity": rule.each.activity} | where,
        when=rule.when and dump_condition(rule.when),
        answer=rule.answer and rule.answer.criterion,
        points=points,
        repeat=None if rule.repeat is Repeat.EVERY_TIME else str(rule.repeat),
        at_most=rule.at_most,
        cap=_number(rule.cap),
        decay=lengths or None,
        disabled=rule.disabled or None,
        hypothesis=rule.hypothesis or None,
        owner=rule.owner or None,
        review_on=rule.review_on and rule.review_on.isoformat(),
    )


def dump_hot(definition: HotDefinition) -> dict[str, Any]:
    """One hot definition as it would be written."""
    return _present(
        name=definition.name,
        when=dump_condition(definition.when),
        exit=None if definition.exit is None else {"total": _number(definition.exit)},
        grace=definition.grace and str(definition.grace),
        again=definition.again or None,
        customers=definition.customers or None,
    )


def dump_matrix(matrix: Matrix) -> dict[str, Any]:
    """The decision matrix as it would be written. Of the cells those that are not as shipped."""
    own = [cell for cell, shipped in zip(matrix.cells, SHIPPED, strict=True) if cell != shipped]
    cells = [
        {"engagement": str(c.engagement), "qualification": str(c.qualification), "action": str(c.action)} for c in own
    ]
    return _present(
        engagement=_levels(matrix.engagement), qualification=_levels(matrix.qualification), actions=cells or None
    )


def _levels(levels: MatrixLevels) -> dict[str, Any]:
    return {"high": _number(levels.high), "middle": _number(levels.middle)}


def _value(value: Any) -> Any:
    match value:
        case tuple():
            return [_value(member) for member in value]
        case Duration():
            return str(value)
        case Decimal():
            return _number(value)
        case _:
            return value


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _present(**items: Any) -> dict[str, Any]:
    """Without the items that are None: defaults are not written."""
    return {key: value for key, value in items.items() if value is not None}
