"""Compares a document with a catalog: whether all that it names exists. Every problem has its path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from engine import limits
from engine.catalog import OBJECT_OPERATORS, OPERATORS, Catalog, Choice, FieldType
from engine.matrix import Matrix
from engine.matrix_conditions import action_condition
from engine.nodes import (
    ANY_ACTIVITY,
    BARE,
    LISTS,
    SPANS,
    ActionLeaf,
    ActivityLeaf,
    AllOf,
    AnswerLeaf,
    AnswerPoints,
    AnyOf,
    Condition,
    Document,
    FieldLeaf,
    Not,
    Op,
    Scalar,
    ScoreLeaf,
    SegmentLeaf,
    leaves,
)
from engine.problems import Problem
from engine.values import FieldValueError, property_type, typed_value

PROPERTY = re.compile(r"properties\.[A-Za-z0-9_\-]{1,60}")
MAX_EXPANDED = 500


def check(document: Document, catalog: Catalog) -> tuple[Problem, ...]:
    """Every field, operator, value, activity, answer and segment that the catalog does not have."""
    return tuple(document_problems(document, catalog))[: limits.MAX_PROBLEMS]


def check_condition(condition: Condition, catalog: Catalog, *, scores: bool = True) -> tuple[Problem, ...]:
    """The same for one condition by itself; `scores` says whether it may look at scores."""
    return tuple(_condition(condition, "", catalog, scores=scores))


def document_problems(document: Document, catalog: Catalog) -> Iterator[Problem]:
    """In the order of the document."""
    if document.audience:
        yield from _condition(document.audience, "audience", catalog, scores=False)
    for g, group in enumerate(document.groups):
        for r, rule in enumerate(group.rules):
            path = f"groups[{g}].rules[{r}]"
            if rule.each:
                yield from _stream(rule.each.activity, rule.each.where, f"{path}.each", catalog)
            if rule.when:
                yield from _condition(rule.when, f"{path}.when", catalog, scores=False)
            if rule.answer:
                yield from _answered(rule.answer, path, catalog)
    for h, definition in enumerate(document.hot):
        yield from _condition(definition.when, f"hot[{h}].when", catalog, scores=True, matrix=document.matrix)
    for written in document.stages.rules:
        path = f"stages.{written.stage}"
        yield from _condition(written.when, path, catalog, scores=True, matrix=document.matrix)
        yield from _of_itself(written.when, path, catalog)


def _of_itself(node: Condition, path: str, catalog: Catalog) -> Iterator[Problem]:
    """A stage must not depend on the stage: nobody could say which of the two comes first."""
    match node:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for index, part in enumerate(parts):
                yield from _of_itself(part, _step(path, f"{_word(node)}[{index}]"), catalog)
        case Not(part=part):
            yield from _of_itself(part, _step(path, "not"), catalog)
        case FieldLeaf(field="stage"):
            yield Problem(path=_step(path, "field"), code="stage_of_itself")
        case SegmentLeaf(segment=name) if name in catalog.segments and not _in_circle(name, catalog, ()):
            if any(_of_itself(catalog.segments[name], "", catalog)):
                yield Problem(path=_step(path, "segment"), code="stage_of_itself")
        case _:
            return


def _condition(
    node: Condition, path: str, catalog: Catalog, *, scores: bool, matrix: Matrix | None = None
) -> Iterator[Problem]:
    match node:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for index, part in enumerate(parts):
                place = _step(path, f"{_word(node)}[{index}]")
                yield from _condition(part, place, catalog, scores=scores, matrix=matrix)
        case Not(part=part):
            yield from _condition(part, _step(path, "not"), catalog, scores=scores, matrix=matrix)
        case ActivityLeaf(activity=activity, where=where):
            yield from _stream(activity, where, path, catalog)
        case FieldLeaf() | AnswerLeaf():
            yield from _compared(node, path, catalog)
        case SegmentLeaf(segment=name):
            yield from _segment(name, _step(path, "segment"), catalog, scores=scores)
        case ScoreLeaf() if not scores:
            yield Problem(path=_step(path, "score"), code="score_in_rule")
        case ActionLeaf():
            yield from _action(node, _step(path, "action"), scores=scores, matrix=matrix)
        case _:
            return


def _step(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _word(node: Condition) -> str:
    return "all" if isinstance(node, AllOf) else "any"


def _action(leaf: ActionLeaf, path: str, *, scores: bool, matrix: Matrix | None) -> Iterator[Problem]:
    """Only a hot definition or a stage of a model with a matrix can look at one, and some cell has to lead there."""
    if not scores:
        yield Problem(path=path, code="score_in_rule")
    elif matrix is None:
        yield Problem(path=path, code="no_matrix")
    elif not action_condition(leaf, matrix).parts:
        yield Problem(path=path, code="action_nowhere", params={"actions": [str(action) for action in leaf.actions]})


def _answered(answered: AnswerPoints, path: str, catalog: Catalog) -> Iterator[Problem]:
    criterion = catalog.criteria.get(answered.criterion)
    if criterion is None:
        params = {"criterion": answered.criterion}
        yield Problem(path=_step(path, "answer"), code="unknown_criterion", params=params)
        return
    for option, _ in answered.points:
        if criterion.option(option) is None:
            known = {"option": option, "options": [each.code for each in criterion.options]}
            yield Problem(path=_step(path, f"points.{option}"), code="unknown_option", params=known)


def _compared(leaf: FieldLeaf | AnswerLeaf, path: str, catalog: Catalog) -> Iterator[Problem]:
    """A field or an answer that exists, compared by one of its operators with values of its type."""
    if isinstance(leaf, FieldLeaf):
        field = catalog.fields.get(leaf.field)
        if field is None:
            yield Problem(path=_step(path, "field"), code="unknown_field", params={"field": leaf.field})
        else:
            yield from _comparison(leaf, path, field.type, field.operators, field.choices)
        return
    criterion = catalog.criteria.get(leaf.answer)
    if criterion is None:
        yield Problem(path=_step(path, "answer"), code="unknown_criterion", params={"criterion": leaf.answer})
    else:
        yield from _comparison(leaf, path, FieldType.CHOICE, OPERATORS[FieldType.CHOICE], criterion.options)


def _comparison(
    leaf: FieldLeaf | AnswerLeaf, path: str, kind: FieldType, operators: tuple[Op, ...], choices: tuple[Choice, ...]
) -> Iterator[Problem]:
    if leaf.op not in operators:
        allowed = [str(op) for op in operators]
        yield Problem(
            path=_step(path, "op"), code="operator_not_offered", params={"op": str(leaf.op), "allowed": allowed}
        )
        return
    if leaf.op in BARE | SPANS:
        return
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    for index, value in enumerate(values):
        place = f"value[{index}]" if leaf.op in LISTS else "value"
        try:
            typed_value(kind, cast("Scalar", value), choices)  # parse gave scalars to every operator left here
        except FieldValueError as bad:
            yield Problem(path=_step(path, place), code=bad.code, params=bad.params)


def _stream(activity: str, where: Condition | None, path: str, catalog: Catalog) -> Iterator[Problem]:
    if activity != ANY_ACTIVITY and activity not in catalog.activities:
        yield Problem(path=_step(path, "activity"), code="unknown_activity", params={"activity": activity})
    if where:
        yield from _where(where, _step(path, "where"))


def _where(node: Condition, path: str) -> Iterator[Problem]:
    match node:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for index, part in enumerate(parts):
                yield from _where(part, _step(path, f"{_word(node)}[{index}]"))
        case Not(part=part):
            yield from _where(part, _step(path, "not"))
        case FieldLeaf(field="object"):
            yield from _comparison(node, path, FieldType.TEXT, OBJECT_OPERATORS, ())
        case FieldLeaf(field=name) if PROPERTY.fullmatch(name):
            kind = FieldType.TEXT if node.op in BARE | SPANS else property_type(cast("Scalar", node.value))
            yield from _comparison(node, path, kind, OPERATORS[kind], ())
        case FieldLeaf(field=name):
            yield Problem(path=_step(path, "field"), code="unknown_where_field", params={"field": name})
        case _:
            return


def _segment(name: str, path: str, catalog: Catalog, *, scores: bool) -> Iterator[Problem]:
    """A segment is read as if its condition stood in the segment's place, so it has to be sound itself."""
    if name not in catalog.segments:
        yield Problem(path=path, code="unknown_segment", params={"segment": name})
    elif _in_circle(name, catalog, ()):
        yield Problem(path=path, code="segment_circle", params={"segment": name})
    elif _size(catalog.segments[name], catalog) > MAX_EXPANDED:
        yield Problem(path=path, code="segment_too_large", params={"segment": name, "limit": MAX_EXPANDED})
    elif any(_condition(catalog.segments[name], "", catalog, scores=scores)):
        yield Problem(path=path, code="segment_unsound", params={"segment": name})


def _in_circle(name: str, catalog: Catalog, above: tuple[str, ...]) -> bool:
    if name in above:
        return True
    inner = {leaf.segment for leaf in leaves(catalog.segments.get(name)) if isinstance(leaf, SegmentLeaf)}
    return any(_in_circle(other, catalog, (*above, name)) for other in inner)


def _size(node: Condition, catalog: Catalog) -> int:
    """Leaves after every segment is written out; stops counting once it is too many."""
    total = 0
    for leaf in leaves(node):
        inner = catalog.segments.get(leaf.segment) if isinstance(leaf, SegmentLeaf) else None
        total += _size(inner, catalog) if inner else 1
        if total > MAX_EXPANDED:
            break
    return total
