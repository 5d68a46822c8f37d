"""The published schema and `parse` take and refuse the same documents, as far as a schema can count."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

import engine
from scoring.starters import starters
from tests.engine.random_models import SEGMENTS, documents
from tests.engine.world import catalog

BARE = jsonschema.Draft202012Validator(engine.json_schema())
GOOD: dict[str, Any] = {
    "model": "M",
    "groups": [
        {"name": "G", "dimension": "fit", "rules": [{"name": "R", "points": 5, "each": {"activity": "page_view"}}]}
    ],
    "hot": [{"name": "H", "when": {"score": "total", "op": ">=", "value": 70}, "exit": {"total": 60}}],
}


def with_rule(**changes: Any) -> dict[str, Any]:
    rule = {"name": "R", "points": 5, "each": {"activity": "page_view"}} | changes
    rule = {key: value for key, value in rule.items() if value is not None}
    return GOOD | {"groups": [{"name": "G", "dimension": "fit", "rules": [rule]}]}


def when(condition: Any) -> dict[str, Any]:
    return with_rule(each=None, when=condition)


def nested(depth: int) -> dict[str, Any]:
    condition: dict[str, Any] = {"field": "country", "op": "known"}
    for _ in range(depth - 1):
        condition = {"not": condition}
    return condition


def by_answer(**changes: Any) -> dict[str, Any]:
    return with_rule(**{"each": None, "answer": "bant.need", "points": {"clear": 20, "none": -5}} | changes)


def hot(condition: Any, **rest: Any) -> dict[str, Any]:
    return GOOD | {"hot": [{"name": "H", "when": condition}]} | rest


KNOWN = {"field": "country", "op": "known"}
CELL = {"engagement": "high", "qualification": "low", "action": "wait"}
BROKEN = {
    "no model": {},
    "empty name": GOOD | {"model": " "},
    "unknown key": GOOD | {"colour": "red"},
    "not a list": GOOD | {"groups": {}},
    "no dimension": GOOD | {"groups": [{"name": "G"}]},
    "another dimension": GOOD | {"groups": [{"name": "G", "dimension": "luck"}]},
    "points as text": with_rule(points="5"),
    "too many points": with_rule(points=10_001),
    "long name": with_rule(name="x" * 201),
    "each and when": with_rule(when={"field": "country", "op": "known"}),
    "neither": with_rule(each=None),
    "repeat on when": with_rule(each=None, when={"field": "country", "op": "known"}, repeat="once"),
    "another repeat": with_rule(repeat="twice"),
    "at most none": with_rule(at_most=0),
    "negative cap": with_rule(cap=-1),
    "two decays": with_rule(decay={"half_life": "3d", "linear": "3d"}),
    "no decay": with_rule(decay={}),
    "duration without a unit": with_rule(decay={"window": "14"}),
    "no duration": with_rule(decay={"window": "0d"}),
    "eleven years": with_rule(decay={"window": "3661d"}),
    "too many hours": with_rule(decay={"window": "87841h"}),
    "disabled as text": with_rule(disabled="yes"),
    "no such form of a date": with_rule(review_on="1.6.2026"),
    "two kinds": when({"field": "country", "op": "known", "activity": "page_view"}),
    "no operator": when({"field": "country"}),
    "another operator": when({"field": "country", "op": "like", "value": "x"}),
    "a value too many": when({"field": "country", "op": "known", "value": 1}),
    "no value": when({"field": "country", "op": "="}),
    "a list for one": when({"field": "country", "op": "=", "value": ["a"]}),
    "one for a list": when({"field": "country", "op": "in", "value": "a"}),
    "an empty list": when({"field": "country", "op": "in", "value": []}),
    "empty all": when({"all": []}),
    "too deep": when(nested(7)),
    "a count below none": when({"activity": "page_view", "count": {"op": ">=", "value": -1}}),
    "a count that contains": when({"activity": "page_view", "count": {"op": "contains", "value": 1}}),
    "distinct by day": when({"activity": "page_view", "distinct": "day"}),
    "an activity in where": when({"activity": "page_view", "where": {"activity": "page_view"}}),
    "when and answer": with_rule(each=None, when=KNOWN, answer="bant.need"),
    "answer with one number": with_rule(each=None, answer="bant.need"),
    "points by option without an answer": with_rule(points={"clear": 5}),
    "no option": by_answer(points={}),
    "an option of nothing": by_answer(points={" ": 5}),
    "points of an option as text": by_answer(points={"clear": "5"}),
    "too many options": by_answer(points={f"option {number}": 1 for number in range(51)}),
    "repeat on answer": by_answer(repeat="once"),
    "at most on answer": by_answer(at_most=2),
    "decay on when": with_rule(each=None, when=KNOWN, decay={"window": "3d"}),
    "each and when that fades": with_rule(when=KNOWN, decay={"window": "3d"}),
    "an answer within nothing": when({"answer": "bant.need", "op": "known", "within": "soon"}),
    "a field within a time": when({"field": "country", "op": "known", "within": "3d"}),
    "no action": hot({"action": []}),
    "one action for a list": hot({"action": "hand_over"}),
    "another action": hot({"action": ["dance"]}),
    "a matrix of something else": GOOD | {"matrix": {"fit": {"high": 60}}},
    "a level above 100": GOOD | {"matrix": {"engagement": {"high": 101}}},
    "half a cell": GOOD | {"matrix": {"actions": [{"engagement": "high", "action": "wait"}]}},
    "another level": GOOD | {"matrix": {"actions": [CELL | {"engagement": "huge"}]}},
    "ten cells": GOOD | {"matrix": {"actions": [CELL] * 10}},
    "hot without when": GOOD | {"hot": [{"name": "H"}]},
    "exit by nothing": GOOD | {"hot": [GOOD["hot"][0] | {"exit": {}}]},
    "another stage": GOOD | {"stages": {"customer": {"score": "total", "op": ">=", "value": 50}}},
    "stages as a list": GOOD | {"stages": [{"score": "total", "op": ">=", "value": 50}]},
    "a stage of nothing": GOOD | {"stages": {"mql": {}}},
    "a stage with a name": GOOD | {"stages": {"mql": {"name": "MQL", "when": KNOWN}}},
    "bands above 100": GOOD | {"bands": {"hot": 101}},
}


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(engine.json_schema())
    assert BARE.is_valid(GOOD)
    assert engine.parse(GOOD).problems == ()


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_refused_by_both(broken: Any) -> None:
    assert not BARE.is_valid(broken)
    assert engine.parse(broken).problems != ()


@pytest.mark.parametrize(
    "good",
    [
        with_rule(decay={"window": "3660d"}),
        with_rule(decay={"window": "87840h"}),
        when(nested(6)),
        by_answer(),
        by_answer(cap=10, decay={"half_life": "30d", "window": "90d"}),
        by_answer(points={f"option {number}": number for number in range(50)}),
        when({"answer": "bant.need", "op": "=", "value": "clear", "within": "90d"}),
        hot({"action": ["hand_over", "qualify"]}, matrix={}),
        GOOD | {"stages": {}},
        GOOD | {"stages": {"sql": KNOWN}},
        GOOD | {"matrix": {}, "stages": {"mql": GOOD["hot"][0]["when"], "sql": {"not": {"action": ["wait"]}}}},
        hot({"not": {"action": ["wait"]}}, matrix={"engagement": {"middle": 0}, "actions": [CELL]}),
    ],
)
def test_what_just_fits_is_taken_by_both(good: Any) -> None:
    assert BARE.is_valid(good)
    assert engine.parse(good).problems == ()


@pytest.mark.django_db
def test_every_document_that_the_engine_takes_is_taken() -> None:
    """Random documents over the whole language, with this installation's catalog and without one."""
    known = catalog(**{name: engine.parse_condition(written)[0] for name, written in SEGMENTS.items()})
    own = jsonschema.Draft202012Validator(engine.json_schema(known))

    @settings(max_examples=20, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(raw=documents())
    def taken(raw: dict[str, Any]) -> None:
        document = engine.parse(raw).document
        assert document is not None
        assert engine.check(document, known) == ()
        for validator in (BARE, own):
            for form in (raw, engine.dump(document)):
                assert list(validator.iter_errors(form)) == []

    taken()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_starter_is_taken(language: str) -> None:
    for each in starters(language):
        assert list(BARE.iter_errors(each.document | {"model": "X"})) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "condition",
    [
        {"score": "total", "op": ">=", "value": 1},
        {"field": "colour", "op": "known"},
        {"field": "country", "op": ">=", "value": "a"},
        {"field": "company.employees", "op": ">=", "value": "many"},
        {"field": "title_level", "op": "=", "value": "king"},
        {"activity": "dance"},
        {"answer": "bant.mood", "op": "known"},
        {"answer": "bant.need", "op": "=", "value": "perhaps"},
        {"answer": "bant.need", "op": "=", "value": "perhaps", "within": "30d"},
        {"action": ["wait"]},
        {"segment": "nobody"},
        {"activity": "page_view", "where": {"field": "colour", "op": "known"}},
    ],
)
def test_what_the_catalog_does_not_have_is_refused_by_both(condition: Any) -> None:
    own, document = (
        jsonschema.Draft202012Validator(engine.json_schema(catalog())),
        engine.parse(when(condition)).document,
    )
    assert document is not None
    assert engine.check(document, catalog()) != ()
    assert not own.is_valid(when(condition))


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"answer": "bant.mood"}, {"points": {"clear": 20, "perhaps": 5}}])
def test_answers_that_the_catalog_does_not_have_give_no_points(changes: Any) -> None:
    own, document = (
        jsonschema.Draft202012Validator(engine.json_schema(catalog())),
        engine.parse(by_answer(**changes)).document,
    )
    assert document is not None
    assert engine.check(document, catalog()) != ()
    assert not own.is_valid(by_answer(**changes))
    assert own.is_valid(by_answer())
