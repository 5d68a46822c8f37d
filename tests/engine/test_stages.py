"""Stages in the rule language: read and written, refused where they make no sense, and said in words."""

from __future__ import annotations

from typing import Any

import pytest

import engine
from engine import check, describe, dump, parse
from engine.nodes import Stages
from tests.engine.test_check import catalog, condition

AT_50, AT_80 = ({"score": "total", "op": ">=", "value": value} for value in (50, 80))
DECIDES = {"answer": "bant.authority", "op": "in", "value": ["decides"]}
BOTH = {"mql": AT_50, "sql": {"all": [AT_80, DECIDES]}}


def read(stages: Any, **rest: Any) -> engine.Document:
    parsed = parse({"model": "m", "stages": stages} | rest)
    assert parsed.document is not None, parsed.problems
    return parsed.document


def refused(stages: Any, *, segments: dict[str, Any] | None = None, **rest: Any) -> list[tuple[str, str]]:
    problems = check(read(stages, **rest), catalog(**(segments or {})))
    for problem in problems:
        assert "{" not in problem.text("en") + problem.text("ja")
    return [(problem.path, problem.code) for problem in problems]


@pytest.mark.parametrize("stages", [BOTH, {"mql": AT_50}, {"sql": DECIDES}])
def test_each_of_the_two_is_optional_and_written_as_it_was_read(stages: Any) -> None:
    seen = read(stages)
    assert dump(seen)["stages"] == stages
    assert parse(dump(seen)).document == seen
    assert [rule.stage for rule in seen.stages.rules] == list(stages)


def test_a_document_without_stages_says_nothing_of_them() -> None:
    assert read({}).stages == Stages()
    assert "stages" not in dump(read({}))


def test_what_is_wrong_is_said_with_its_path() -> None:
    raw = {"mql": {"all": [{"score": "luck", "op": ">=", "value": 50}]}, "customer": AT_50}
    problems = parse({"model": "m", "stages": raw}).problems
    assert [(problem.path, problem.code) for problem in problems] == [
        ("stages.customer", "unknown_key"),
        ("stages.mql.all[0].score", "not_a_choice"),
    ]


def test_a_stage_asks_for_what_hot_definitions_may_ask_for() -> None:
    assert refused(BOTH) == []
    assert refused({"sql": {"action": ["hand_over"]}}, matrix={}) == []
    assert refused({"sql": {"action": ["hand_over"]}}) == [("stages.sql.action", "no_matrix")]
    assert refused({"mql": {"not": {"field": "luck", "op": "known"}}}) == [("stages.mql.not.field", "unknown_field")]


def test_a_stage_does_not_depend_on_the_stage_not_even_through_a_segment() -> None:
    stage = {"field": "stage", "op": "=", "value": "mql"}
    assert refused({"sql": stage}) == [("stages.sql.field", "stage_of_itself")]
    assert refused({"sql": {"any": [AT_80, {"not": stage}]}}) == [("stages.sql.any[1].not.field", "stage_of_itself")]
    segments = {"mine": {"all": [{"segment": "inner"}, AT_80]}, "inner": {"not": stage}, "other": AT_80}
    assert refused({"mql": {"segment": "mine"}}, segments=segments) == [("stages.mql.segment", "stage_of_itself")]
    assert refused({"mql": {"segment": "other"}}, segments=segments) == []
    hot = [{"name": "Hot", "when": stage}]
    assert refused({"mql": AT_50}, hot=hot) == [], "elsewhere the stage is a field like any other"


def test_a_segment_that_goes_round_in_circles_is_refused_once() -> None:
    segments = {"one": {"segment": "two"}, "two": {"segment": "one"}}
    assert refused({"mql": {"segment": "one"}}, segments=segments) == [("stages.mql.segment", "segment_circle")]


def test_a_stage_says_itself_in_both_languages() -> None:
    mql, sql = read(BOTH).stages.rules
    assert describe(mql, catalog(), "en") == "MQL when total score of 50 or more"
    assert describe(mql, catalog(), "ja") == "MQLの条件：総合スコアが50点以上"
    assert describe(sql, catalog(), "en") == "SQL when total score of 80 or more and Authority answered “decides”"
    assert describe(sql, catalog(), "ja") == "SQLの条件：総合スコアが80点以上、かつ決裁権の回答が「決裁者」"


def test_conditions_of_stages_count_towards_the_limit_of_leaves() -> None:
    many = {"all": [{"any": [AT_50] * 17}] * 3}
    problems = parse({"model": "m", "stages": {"mql": many}}).problems
    assert [(problem.path, problem.code) for problem in problems] == [("stages.mql", "too_many_leaves")]
    assert condition(AT_50) == read({"mql": AT_50}).stages.mql
