"""A condition as people read it means what the condition means, whatever is true, false or unknown."""

from __future__ import annotations

from functools import reduce
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.nodes import (
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
    ScoreLeaf,
)
from engine.words.outline import Outline, outline

DAYS = [None, Duration(amount=14, unit="d"), Duration(amount=30, unit="d")]
COMPARISONS = [Op.EQ, Op.NE, Op.GT, Op.GE, Op.LT, Op.LE]
READ = FieldLeaf(field="properties.reading_quote", op=Op.EQ, value=True)

numbers = st.builds(
    FieldLeaf, field=st.sampled_from(["size", "age"]), op=st.sampled_from(COMPARISONS), value=st.integers(0, 4)
)
texts = st.builds(
    FieldLeaf,
    field=st.just("country"),
    op=st.sampled_from([Op.EQ, Op.NE, Op.CONTAINS, Op.STARTS_WITH]),
    value=st.sampled_from(["a", "b", "c"]),
)
lists = st.builds(
    FieldLeaf, field=st.just("country"), op=st.sampled_from([Op.IN, Op.NOT_IN]), value=st.just(("a", "d"))
)
activities = st.builds(
    ActivityLeaf,
    activity=st.sampled_from(["page_view", "quote_request", "form_submit"]),
    where=st.sampled_from([None, None, READ]),
    within=st.sampled_from(DAYS),
    count=st.builds(CountComparison, op=st.sampled_from(COMPARISONS), value=st.integers(0, 2)),
)
answers = st.builds(AnswerLeaf, answer=st.just("q"), op=st.sampled_from([Op.EQ, Op.NE]), value=st.sampled_from("ab"))
scores = st.builds(ScoreLeaf, score=st.just("total"), op=st.sampled_from(COMPARISONS), value=st.integers(0, 3))
leaves = st.one_of(numbers, texts, lists, activities, activities, answers, scores)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, part=inner),
        st.builds(AllOf, parts=st.lists(inner, min_size=1, max_size=4).map(tuple)),
        st.builds(AnyOf, parts=st.lists(inner, min_size=1, max_size=4).map(tuple)),
    ),
    max_leaves=12,
)
Truth = bool | None


def both(one: Truth, other: Truth) -> Truth:
    return False if one is False or other is False else None if one is None or other is None else True


def either(one: Truth, other: Truth) -> Truth:
    return contrary(both(contrary(one), contrary(other)))


def contrary(truth: Truth) -> Truth:
    return None if truth is None else not truth


def meaning(node: Condition, known: dict[Any, Truth]) -> Truth:
    match node:
        case Not(part=part):
            return contrary(meaning(part, known))
        case AllOf(parts=parts):
            return reduce(both, (meaning(part, known) for part in parts))
        case AnyOf(parts=parts):
            return reduce(either, (meaning(part, known) for part in parts))
    return known[node]


def read(said: Outline, known: dict[Any, Truth]) -> Truth:
    """What a reader makes of it: of the single conditions, joined as the groups and lines say."""
    if not said.parts:
        return meaning(said.condition, known)
    parts = [read(part, known) for part in said.parts]
    return reduce(both if said.join == "all" else either, parts)


def leaves_of(node: Any) -> set[Any]:
    match node:
        case Not(part=part):
            return leaves_of(part)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return {leaf for part in parts for leaf in leaves_of(part)}
    return {node}


@settings(max_examples=400, deadline=None, database=None)
@given(node=conditions, data=st.data())
def test_what_is_read_is_what_is_meant(node: Condition, data: st.DataObject) -> None:
    known = {leaf: data.draw(st.sampled_from([True, False, None])) for leaf in leaves_of(node)}
    assert read(outline(node), known) == meaning(node, known)


@settings(max_examples=400, deadline=None, database=None)
@given(node=conditions)
def test_no_condition_is_lost_and_none_is_added(node: Condition) -> None:
    def single(said: Outline) -> list[Condition]:
        return [leaf for part in said.parts for leaf in single(part)] if said.parts else [said.condition]

    assert {leaf.part if isinstance(leaf, Not) else leaf for leaf in single(outline(node))} == leaves_of(node)
