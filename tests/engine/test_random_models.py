"""What engine and oracle are compared on speaks the whole language: whatever the nodes can say is said."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from decimal import Decimal, localcontext
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from engine import nodes
from engine.catalog import OBJECT_OPERATORS, OPERATORS, FieldType
from engine.matrix import SHIPPED, MatrixAction, MatrixLevels
from engine.values import property_type
from tests.engine import whole_language
from tests.engine.oracle import Oracle, half_life_factor, round_half_away
from tests.engine.random_models import BASE, SPANS, TYPES, documents, person
from tests.engine.small_catalog import base_fields
from tests.engine.world import CUSTOM, document

MODELS = 8_000
FIELD_TYPES = {field.code: field.type for field in (*base_fields(), *CUSTOM)}
COUNTS = tuple(nodes.COMPARISONS)
KINDS = ("each", "when", "answer")
YES_NO = (False, True)


def _said(read: nodes.Document) -> Iterator[Any]:
    yield "timezone", read.timezone
    yield "bands", read.bands == nodes.Bands()
    yield "grades", read.grades == nodes.Grades()
    yield "audience", read.audience is not None
    yield "matrix", read.matrix is not None
    if read.matrix is not None:
        yield "levels", read.matrix.engagement == MatrixLevels(), read.matrix.qualification == MatrixLevels()
        yield "cells", read.matrix.cells == SHIPPED
    for group in read.groups:
        yield "dimension", group.dimension
        yield "group", group.min is not None, group.max is not None
        yield "inactivity", group.inactivity is not None
    for rule in read.rules:
        yield from _of_rule(rule)
    for hot in read.hot:
        yield "exit", hot.exit is not None, nodes.default_exit(hot.when) is not None
        yield "grace", hot.grace is not None
    yield "stages", read.stages.mql is not None, read.stages.sql is not None
    for place, condition in _conditions(read):
        yield from _of_condition(place, condition, negated=False)


def _of_rule(rule: nodes.Rule) -> Iterator[Any]:
    kind = "each" if rule.each else "answer" if rule.answer else "when"
    yield "kind", kind, rule.disabled
    yield from (("sign", kind, points > 0) for points in rule.gives if points)
    yield "cap", rule.cap is not None, kind
    decay = rule.decay or nodes.Decay()
    faded = "half_life" if decay.half_life else "linear" if decay.linear else "none"
    yield "decay", kind, faded, decay.window is not None, rule.cap is not None
    if rule.answer:
        yield "gives", min(rule.gives) < 0, max(rule.gives) > 0, 0 in rule.gives
    if rule.each:
        yield "repeat", rule.repeat, rule.at_most is not None
        yield "repeat fades", rule.repeat, faded
        yield "each", rule.each.activity, rule.each.where is not None


def _conditions(read: nodes.Document) -> Iterator[tuple[str, nodes.Condition]]:
    if read.audience is not None:
        yield "audience", read.audience
    yield from (("rule", rule.when) for rule in read.rules if rule.when)
    yield from (("hot", hot.when) for hot in read.hot)
    yield from (("stage", rule.when) for rule in read.stages.rules)


def _of_condition(place: str, node: nodes.Condition, negated: bool) -> Iterator[Any]:
    yield "node", place, type(node).__name__
    match node:
        case nodes.AllOf(parts=parts) | nodes.AnyOf(parts=parts):
            for part in parts:
                yield from _of_condition(place, part, negated)
        case nodes.Not(part=part):
            yield from _of_condition(place, part, not negated)
        case nodes.FieldLeaf(field=code, op=op):
            yield "field", code
            yield "operator", FIELD_TYPES[code], op, negated
        case nodes.AnswerLeaf(op=op):
            yield "answer", op, negated, node.within is not None
        case nodes.ActionLeaf(actions=actions):
            yield from (("action", action, len(actions) > 1, negated) for action in actions)
        case nodes.SegmentLeaf(segment=name):
            yield "segment", name, negated
        case nodes.ScoreLeaf(score=score, op=op):
            yield "score", score, op
        case nodes.ActivityLeaf():
            yield "activity", node.activity
            yield "count", node.count.op, node.distinct, node.within is not None
            yield from _of_where(node.where)


def _of_where(where: nodes.Condition | None) -> Iterator[Any]:
    for leaf in nodes.leaves(where):
        assert isinstance(leaf, nodes.FieldLeaf)
        if leaf.field == "object":
            yield "object", leaf.op
        elif leaf.op in nodes.BARE:
            yield "property", "any", leaf.op
        else:
            yield "property", property_type(leaf.value), leaf.op  # type: ignore[arg-type]


def wanted() -> Iterator[Any]:
    """Everything that the language has."""
    yield from (("operator", kind, op, negated) for kind in FieldType for op in OPERATORS[kind] for negated in (0, 1))
    yield from (("field", code) for code in FIELD_TYPES)
    yield from (("answer", op, *how) for op in OPERATORS[FieldType.CHOICE] for how in product(YES_NO, YES_NO))
    yield from (("action", action, *how) for action in MatrixAction for how in product(YES_NO, YES_NO))
    yield from (("levels", *how) for how in product(YES_NO, YES_NO))
    yield from (("cells", shipped) for shipped in YES_NO)
    yield from (("gives", taken, given, nothing) for taken, given, nothing in product(YES_NO, YES_NO, YES_NO)
                if (taken, given) != (False, False) and not (nothing and taken))  # fmt: skip
    yield from (("object", op) for op in OBJECT_OPERATORS)
    properties = (FieldType.TEXT, FieldType.DECIMAL, FieldType.BOOLEAN)
    yield from (("property", kind, op) for kind in properties for op in OPERATORS[kind] if op not in nodes.BARE)
    yield from (("property", "any", op) for op in nodes.BARE)
    yield from (("score", score, op) for score in nodes.SCORES for op in COUNTS)
    yield from (("count", op, distinct, within) for op in COUNTS for distinct in (0, 1) for within in (0, 1))
    yield from ((kind, activity) for kind in ("activity",) for activity in (*TYPES, nodes.ANY_ACTIVITY))
    yield from (("each", activity, where) for activity in (*TYPES, nodes.ANY_ACTIVITY) for where in (0, 1))
    yield from (("segment", name, negated) for name in ("big", "big in Japan") for negated in (False, True))
    fading = ("half_life", "linear", "none")
    aging = product(("each", "answer"), fading, YES_NO, YES_NO)
    yield from (("decay", kind, faded, window, capped) for kind, faded, window, capped in aging)
    yield from (("repeat", repeat, at_most) for repeat in nodes.Repeat for at_most in (False, True))
    yield from (("repeat fades", repeat, faded) for repeat in nodes.Repeat for faded in fading)
    yield from (("kind", kind, disabled) for kind in KINDS for disabled in YES_NO)
    yield from (("cap", capped, kind) for capped in YES_NO for kind in KINDS)
    yield from (("sign", kind, positive) for kind in KINDS for positive in YES_NO)
    yield from (("group", low, high) for low in (False, True) for high in (False, True))
    yield from (("exit", own, by_default) for own in (False, True) for by_default in (False, True))
    yield from (
        (name, yes) for name in ("audience", "matrix", "inactivity", "grace", "bands", "grades") for yes in YES_NO
    )
    yield from (("dimension", dimension) for dimension in nodes.Dimension)
    leaves = ("FieldLeaf", "ActivityLeaf", "AnswerLeaf", "SegmentLeaf", "AllOf", "AnyOf", "Not")
    yield from (("node", place, leaf) for place in ("audience", "rule", "hot", "stage") for leaf in leaves)
    yield from (("node", place, leaf) for place in ("hot", "stage") for leaf in ("ScoreLeaf", "ActionLeaf"))
    yield from (("stages", *how) for how in product(YES_NO, YES_NO))


def reached(raws: Iterable[dict[str, Any]]) -> Counter[Any]:
    """How many of the documents say each thing."""
    found: Counter[Any] = Counter()
    for raw in raws:
        found.update(set(_said(document(raw))))
    return found


def test_the_whole_language_is_said_at_least_once_whatever_chance_brings() -> None:
    said = reached(whole_language.documents())
    assert [thing for thing in wanted() if not said[thing]] == []


@pytest.mark.deep
def test_random_models_reach_every_node_operator_and_option() -> None:
    raws: list[dict[str, Any]] = []
    settings(
        max_examples=MODELS, derandomize=True, deadline=None, database=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )(given(raw=documents())(lambda raw: raws.append(raw)))()  # fmt: skip
    said = reached(raws)
    assert [thing for thing in wanted() if not said[thing]] == []


@pytest.mark.parametrize(
    ("what", "holds"),
    [
        ("no activity", lambda who: not who.activities),
        ("an activity that was received late", lambda who: any(a.received_at > a.occurred_at for a in who.activities)),
        ("an activity dated ahead", lambda who: any(a.occurred_at > BASE for a in who.activities)),
        ("two activities at one instant", lambda who: len({a.occurred_at for a in who.activities}) < _acts(who)),
        ("an activity without an object", lambda who: any(not a.object for a in who.activities)),
        ("an excluded activity", lambda who: any(a.is_excluded for a in who.activities)),
        ("an activity counted again", lambda who: any(a.counted_again_at for a in who.activities)),
        ("an excluded activity as the newest", lambda who: _newest(who) is not None and _newest(who).is_excluded),
        ("an answer recorded late", lambda who: any(a.recorded_at > a.answered_at for a in who.answers)),
        ("an answer dated ahead", lambda who: any(a.answered_at > BASE for a in who.answers)),
        ("a valid adjustment", lambda who: any(_valid(a) for a in who.adjustments)),
        ("an expired adjustment", lambda who: any(a.until and a.until <= BASE for a in who.adjustments)),
        ("an adjustment that begins later", lambda who: any(a.starts_at > BASE for a in who.adjustments)),
        ("an adjustment without an end", lambda who: any(a.until is None for a in who.adjustments)),
        ("no company", lambda who: "company.name" not in who.attributes),
        *((f"{code} unknown", lambda who, code=code: who.attributes.get(code) in (None, "")) for code in FIELD_TYPES
          if code not in ("origin", "stage", "created_at")),
        *((f"{code} known", lambda who, code=code: who.attributes.get(code) not in (None, "")) for code in FIELD_TYPES),
    ],
)  # fmt: skip
def test_random_people_have(what: str, holds: Callable[[Any], bool]) -> None:
    dice = random.Random(20260615)
    assert any(holds(person(dice, number)) for number in range(120)), what


def _newest(who: Any) -> Any:
    return max(who.activities, key=lambda act: act.occurred_at, default=None)


def _acts(who: Any) -> int:
    return len(who.activities)


def _valid(adjustment: Any) -> bool:
    return adjustment.starts_at <= BASE and (adjustment.until is None or adjustment.until > BASE)


def test_half_lives_in_doubles_round_as_forty_digits_do() -> None:
    """The oracle's short cut for what lies far from a tie."""
    raw = {"name": "rule", "each": {"activity": "any"}, "points": 33.33}
    dice = random.Random(1)
    for span in SPANS:
        read = document(
            {
                "model": "One",
                "groups": [{"name": "g", "dimension": "fit", "rules": [raw | {"decay": {"half_life": span}}]}],
            }
        )
        (rule,) = read.rules
        for _ in range(50):
            who = person(dice)
            for act in who.activities:
                exact = _exactly(rule, max(BASE - act.occurred_at, timedelta()))
                at = max(BASE, act.occurred_at)
                assert Oracle(read, at).activity_points(rule, act) == exact


def _exactly(rule: nodes.Rule, age: timedelta) -> int:
    with localcontext() as context:
        context.prec = 40
        assert rule.decay is not None
        assert rule.decay.half_life is not None
        return round_half_away(Decimal(rule.points) * 100 * half_life_factor(age, rule.decay.half_life.delta))
