"""Everything that can be wrong is said at once, with its path; what is right comes back as it was."""

# ruff: noqa: E501 - tables are read line by line

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings

from engine import dump, parse, parse_condition
from engine.nodes import default_exit
from engine.words.problems import SENTENCES
from tests.engine.random_models import documents

EXAMPLE = yaml.safe_load((Path(__file__).parent / "example.yaml").read_text())


def rule(**changes: Any) -> dict[str, Any]:
    return {"name": "Asked", "each": {"activity": "document_request"}, "points": 20} | changes


def document(*rules: dict[str, Any], **rest: Any) -> dict[str, Any]:
    group = {"name": "Interest", "dimension": "engagement", "rules": list(rules)}
    return {"model": "Default", "groups": [group]} | rest


def problems(raw: Any) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in parse(raw).problems]


def of_rule(**changes: Any) -> list[tuple[str, str]]:
    return [
        (path.removeprefix("groups[0].rules[0]").lstrip("."), code)
        for path, code in problems(document(rule(**changes)))
    ]


def of_when(condition: Any) -> list[tuple[str, str]]:
    _, found = parse_condition(condition)
    return [(problem.path, problem.code) for problem in found]


def test_the_example_of_the_design_parses_and_comes_back() -> None:
    parsed = parse(EXAMPLE)
    assert parsed.problems == ()
    assert parsed.document is not None
    assert parse(dump(parsed.document)).document == parsed.document


@settings(max_examples=60, deadline=None, database=None)
@given(raw=documents())
def test_any_document_survives_dump_and_parse(raw: dict[str, Any]) -> None:
    seen = parse(raw).document
    assert seen is not None
    assert parse(dump(seen)).document == seen


def test_all_problems_are_said_at_once() -> None:
    raw = document(
        rule(points=float("nan"), repeat="twice", decay={"half_life": "0d"}),
        {"name": "", "when": {"all": [{"field": "country", "op": "~", "value": 1e400}]}, "points": True},
        extra=1,
    )
    assert problems(raw) == [
        ("extra", "unknown_key"),
        ("groups[0].rules[0].points", "not_finite"),
        ("groups[0].rules[0].repeat", "not_a_choice"),
        ("groups[0].rules[0].decay.half_life", "duration_out_of_range"),
        ("groups[0].rules[1].name", "empty"),
        ("groups[0].rules[1].points", "not_a_number"),
        ("groups[0].rules[1].when.all[0].op", "not_a_choice"),
        ("groups[0].rules[1].when.all[0].value", "not_finite"),
    ]


@pytest.mark.parametrize(
    "points", [float("nan"), float("inf"), 1e400, True, "20", None, 10_001, -10_000.5, [], 10**400]
)
def test_points_are_numbers_within_reason(points: Any) -> None:
    assert [path for path, _ in of_rule(points=points)] == ["points"]


@pytest.mark.parametrize("length", ["0d", "30", "1.5d", "-3d", "3661d", "10000000000d", "3 d", "３d", 30, None, "d"])
def test_durations_are_whole_hours_or_days_within_ten_years(length: Any) -> None:
    assert [path for path, _ in of_rule(decay={"half_life": length})] == ["decay.half_life"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"each": None}, [("each", "not_a_mapping")]),
        ({"when": {"activity": "page_view"}}, [("", "each_or_when")]),
        ({"at_most": 0}, [("at_most", "out_of_range")]),
        ({"at_most": True}, [("at_most", "not_a_whole_number")]),
        ({"cap": -1}, [("cap", "out_of_range")]),
        ({"decay": {}}, [("decay", "empty_decay")]),
        ({"decay": {"half_life": "3d", "linear": "3d"}}, [("decay", "two_decays")]),
        ({"review_on": "2026-02-30"}, [("review_on", "no_such_date")]),
        ({"name": "x" * 201}, [("name", "too_long")]),
        ({"name": "a\x00b"}, [("name", "unstorable_text")]),
        ({"name": "\ud800"}, [("name", "unstorable_text")]),
    ],
)
def test_a_rule_is_refused_for(changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert of_rule(**changes) == expected


def test_repeat_and_decay_belong_to_each() -> None:
    raw = document({"name": "x", "when": {"activity": "page_view"}, "points": 1, "repeat": "once", "at_most": 1})
    assert [code for _, code in problems(raw)] == ["only_with_each", "only_with_each"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ([], [("", "not_a_mapping")]),
        ({}, [("", "not_one_kind")]),
        ({"all": []}, [("all", "empty_list")]),
        ({"all": [{"field": "country", "op": "known"}], "any": []}, [("", "not_one_kind")]),
        ({"field": "country", "op": "known", "value": 1}, [("value", "value_not_wanted")]),
        ({"field": "country", "op": "="}, [("value", "missing")]),
        ({"field": "country", "op": "in", "value": "Japan"}, [("value", "not_a_list")]),
        ({"field": "country", "op": "in", "value": []}, [("value", "empty_list")]),
        ({"field": "country", "op": "=", "value": ""}, [("value", "empty")]),
        ({"field": "country", "op": "=", "value": {}}, [("value", "not_a_value")]),
        ({"activity": "page_view", "distinct": "page"}, [("distinct", "not_a_choice")]),
        ({"activity": "page_view", "count": {"op": "in", "value": 1.5}}, [("count.op", "not_a_choice"), ("count.value", "not_a_whole_number")]),
        ({"activity": "page_view", "where": {"activity": "page_view"}}, [("where", "not_one_kind")]),
        ({"score": "luck", "op": ">=", "value": 70}, [("score", "not_a_choice")]),
    ],
)  # fmt: skip
def test_a_condition_is_refused_for(condition: Any, expected: list[tuple[str, str]]) -> None:
    assert of_when(condition) == expected


def nested(depth: int) -> dict[str, Any]:
    condition: dict[str, Any] = {"field": "country", "op": "known"}
    for _ in range(depth - 1):
        condition = {"not": condition}
    return condition


def test_conditions_may_be_nested_six_deep_and_a_thousand_does_no_harm() -> None:
    assert of_when(nested(6)) == []
    assert [code for _, code in of_when(nested(7))] == ["too_deep"]
    assert [code for _, code in of_when(nested(900))] == ["too_deep"]


def test_a_condition_may_have_50_leaves_and_a_version_200_rules() -> None:
    leaf = {"field": "country", "op": "known"}
    assert of_when({"all": [{"any": [leaf] * 25}, {"any": [leaf] * 25}]}) == []
    assert of_when({"all": [{"any": [leaf] * 25}, {"any": [leaf] * 26}]}) == [("", "too_many_leaves")]
    many = [rule(name=f"rule {index}") for index in range(201)]
    assert problems(document(*many[:200])) == []
    assert problems(document(*many)) == [("groups[0].rules", "too_many")]


def test_a_million_values_are_refused_at_once() -> None:
    assert of_when({"field": "country", "op": "in", "value": ["x"] * 1_000_000}) == [("value", "too_many")]


def test_names_are_used_once() -> None:
    assert problems(document(rule(), rule())) == [("groups[0].rules[1].name", "duplicate_name")]


@pytest.mark.parametrize(
    "raw", [None, 1, "x", [], {"model": 1}, {}, {"model": "x", "groups": {}}, {"model": "x", 1: 2}]
)
def test_whatever_comes_is_answered_with_problems(raw: Any) -> None:
    assert parse(raw).document is None
    assert parse(raw).problems


def test_bands_and_grades_have_defaults_and_must_fall() -> None:
    seen = parse(document()).document
    assert seen is not None
    assert (seen.bands.hot, seen.bands.warm, seen.timezone) == (70, 40, "Asia/Tokyo")
    assert problems(document(bands={"hot": 30, "warm": 40})) == [("bands", "thresholds_rise")]
    assert problems(document(grades={"engagement": {1: 40, "2": 50}})) == [("grades.engagement", "thresholds_rise")]
    assert problems(document(timezone="Mars/Olympus")) == [("timezone", "unknown_timezone")]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"score": "total", "op": ">=", "value": 70}, 60),
        ({"any": [{"score": "total", "op": ">=", "value": 70}, {"activity": "demo_request"}]}, 60),
        ({"all": [{"score": "total", "op": ">=", "value": 70}]}, None),
        ({"score": "fit", "op": ">=", "value": 70}, None),
    ],
)
def test_hysteresis_is_ten_points_where_a_total_alone_makes_hot(when: Any, expected: int | None) -> None:
    condition, _ = parse_condition(when)
    assert condition is not None
    assert default_exit(condition) == expected


def test_dates_of_yaml_are_read_like_their_text() -> None:
    condition, _ = parse_condition({"field": "planned_on", "op": "before", "value": date(2026, 6, 1)})
    assert condition == parse_condition({"field": "planned_on", "op": "before", "value": "2026-06-01"})[0]


def test_every_problem_has_words_in_both_languages() -> None:
    for english, japanese in SENTENCES.values():
        assert english != japanese
        assert english.endswith((".", "}."))
    raw = document(rule(points="x", at_most=0), rule(), zone=1)
    for problem in parse(raw).problems:
        assert problem.text("en") != problem.text("ja")
        assert "{" not in problem.text("en") + problem.text("ja")
