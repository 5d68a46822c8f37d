"""Nodes back to plain data, so that `parse(dump(document))` is the same document; defaults are left out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from scoring.engine.nodes import (
    ActivityLeaf,
    AllOf,
    AnswerLeaf,
    AnyOf,
    Bands,
    Condition,
    Count,
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
        groups=[_group(group) for group in document.groups],
        hot=[_hot(definition) for definition in document.hot] or None,
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
        case AnswerLeaf(answer=name, op=op, value=value):
            return _kept(answer=name, op=str(op), value=_value(value))
        case ScoreLeaf(score=score, op=op, value=value):
            return {"score": score, "op": str(op), "value": _number(value)}
        case SegmentLeaf(segment=name):
            return {"segment": name}
        case ActivityLeaf():
            return _activity(condition)


def _activity(leaf: ActivityLeaf) -> dict[str, Any]:
    return _kept(
        activity=leaf.activity,
        where=leaf.where and dump_condition(leaf.where),
        within=leaf.within and str(leaf.within),
        distinct="object" if leaf.distinct else None,
        count=None if leaf.count == Count() else {"op": str(leaf.count.op), "value": leaf.count.value},
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
        points=_number(rule.points),
        repeat=None if rule.repeat is Repeat.EVERY_TIME else str(rule.repeat),
        at_most=rule.at_most,
        cap=_number(rule.cap),
        decay=rule.decay and _decay(rule.decay),
        disabled=rule.disabled or None,
        hypothesis=rule.hypothesis or None,
        owner=rule.owner or None,
        review_on=rule.review_on and rule.review_on.isoformat(),
    )


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
