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
    AnswerPoints,
    AnyOf,
    Bands,
    Condition,
    CountComparison,
    Decay,
    Document,
    Duration,
    Each,
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
    return _kept(
        model=document.model,
        timezone=None if document.timezone == "Asia/Tokyo" else document.timezone,
        audience=document.audience and dump_condition(document.audience),
        bands=None
        if document.bands == Bands()
        else {"hot": _number(document.bands.hot), "warm": _number(document.bands.warm)},
        grades=None if document.grades == Grades() else _grades(document.grades),
        matrix=document.matrix and _matrix(document.matrix),
        groups=[_group(group) for group in document.groups],
        hot=[_hot(definition) for definition in document.hot] or None,
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
            return _kept(field=name, op=str(op), value=_value(value))
        case AnswerLeaf(answer=name, op=op, value=value, within=within):
            return _kept(answer=name, op=str(op), value=_value(value), within=within and str(within))
        case ScoreLeaf(score=score, op=op, value=value):
            return {"score": score, "op": str(op), "value": _number(value)}
        case SegmentLeaf(segment=name):
            return {"segment": name}
        case ActionLeaf(actions=actions):
            return {"action": [str(action) for action in actions]}
        case ActivityLeaf():
            return _activity(condition)


def _activity(leaf: ActivityLeaf) -> dict[str, Any]:
    return _kept(
        activity=leaf.activity,
        where=leaf.where and dump_condition(leaf.where),
        within=leaf.within and str(leaf.within),
        distinct="object" if leaf.distinct else None,
        count=None if leaf.count == CountComparison() else {"op": str(leaf.count.op), "value": leaf.count.value},
    )


def _group(group: Group) -> dict[str, Any]:
    fading = group.inactivity
    return _kept(
        name=group.name,
        dimension=str(group.dimension),
        min=_number(group.min),
        max=_number(group.max),
        inactivity=fading and {"after": str(fading.after), "half_life": str(fading.half_life)},
        rules=[_rule(rule) for rule in group.rules],
    )


def _rule(rule: Rule) -> dict[str, Any]:
    return _kept(
        name=rule.name,
        each=rule.each and _each(rule.each),
        when=rule.when and dump_condition(rule.when),
        answer=rule.answer and rule.answer.criterion,
        points=_options(rule.answer) if rule.answer else _number(rule.points),
        repeat=None if rule.repeat is Repeat.EVERY_TIME else str(rule.repeat),
        at_most=rule.at_most,
        cap=_number(rule.cap),
        decay=rule.decay and _decay(rule.decay),
        disabled=rule.disabled or None,
        hypothesis=rule.hypothesis or None,
        owner=rule.owner or None,
        review_on=rule.review_on and rule.review_on.isoformat(),
    )


def _options(answered: AnswerPoints) -> dict[str, Any]:
    return {option: _number(points) for option, points in answered.points}


def _each(each: Each) -> dict[str, Any]:
    return _kept(activity=each.activity, where=each.where and dump_condition(each.where))


def _decay(decay: Decay) -> dict[str, Any]:
    parts = {"half_life": decay.half_life, "linear": decay.linear, "window": decay.window}
    return {key: str(length) for key, length in parts.items() if length}


def _hot(definition: HotDefinition) -> dict[str, Any]:
    return _kept(
        name=definition.name,
        when=dump_condition(definition.when),
        exit=None if definition.exit is None else {"total": _number(definition.exit)},
        grace=definition.grace and str(definition.grace),
    )


def _grades(grades: Grades) -> dict[str, Any]:
    return {
        "fit": {"A": _number(grades.a), "B": _number(grades.b)},
        "engagement": {"1": _number(grades.one), "2": _number(grades.two)},
    }


def _matrix(matrix: Matrix) -> dict[str, Any]:
    """Levels are always said; of the cells those that are not as shipped."""
    own = [cell for cell, shipped in zip(matrix.cells, SHIPPED, strict=True) if cell != shipped]
    cells = [
        {"engagement": str(c.engagement), "qualification": str(c.qualification), "action": str(c.action)} for c in own
    ]
    return _kept(
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


def _kept(**items: Any) -> dict[str, Any]:
    return {key: value for key, value in items.items() if value is not None}
