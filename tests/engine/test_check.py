"""A document is compared with what exists: fields, operators, values, activities, criteria, segments."""

# ruff: noqa: E501 - tables are read line by line

from __future__ import annotations

from typing import Any

import pytest

import engine
from engine import Label
from tests.engine.small_catalog import small_catalog

CRITERION = engine.CatalogCriterion(
    code="bant.authority",
    pk=1,
    label=Label("Authority", "決裁権"),
    options=(engine.Choice(code="decides", label=Label("decides", "決裁者")),),
)


def catalog(**segments: Any) -> engine.Catalog:
    return small_catalog(
        activities=[
            engine.CatalogActivity(code="page_view", pk=1, label=Label("Page view", "ページ閲覧")),
            engine.CatalogActivity(code="document_request", pk=2, label=Label("Document request", "資料請求")),
        ],
        criteria=[CRITERION],
        custom=[engine.custom_field(name="seats", type=engine.FieldType.INTEGER, label=Label("seats", "席数"))],
        segments={name: condition(raw) for name, raw in segments.items()},
    )


def condition(raw: Any) -> engine.Condition:
    seen, problems = engine.parse_condition(raw)
    assert seen is not None, problems
    return seen


def found(raw: Any, *, scores: bool = True, **segments: Any) -> list[tuple[str, str]]:
    problems = engine.check_condition(condition(raw), catalog(**segments), scores=scores)
    for problem in problems:
        assert "{" not in problem.text("en") + problem.text("ja")
    return [(problem.path, problem.code) for problem in problems]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"field": "company.employees", "op": ">=", "value": 100}, []),
        ({"field": "custom.seats", "op": "in", "value": [1, 2]}, []),
        ({"field": "planned_on", "op": "within_next", "value": "90d"}, []),
        ({"field": "created_at", "op": "after", "value": "2026-06-01T10:00:00+09:00"}, []),
        ({"field": "shoe_size", "op": "known"}, [("field", "unknown_field")]),
        ({"field": "lead.country", "op": "known"}, [("field", "unknown_field")]),
        ({"field": "company.employees", "op": "contains", "value": "1"}, [("op", "operator_not_offered")]),
        ({"field": "company.employees", "op": ">=", "value": "100"}, [("value", "not_a_whole_number")]),
        ({"field": "company.employees", "op": ">=", "value": 10**14 * 9}, []),
        ({"field": "country", "op": "=", "value": 5}, [("value", "not_text")]),
        ({"field": "title_level", "op": ">=", "value": "boss"}, [("value", "not_a_choice")]),
        ({"field": "origin", "op": "in", "value": ["sales", "luck"]}, [("value[1]", "not_a_choice")]),
        ({"field": "planned_on", "op": "before", "value": "2026-02-30"}, [("value", "no_such_date")]),
        ({"field": "planned_on", "op": "before", "value": "soon"}, [("value", "not_a_date")]),
        ({"field": "created_at", "op": "after", "value": "2026-06-01T10:00"}, [("value", "instant_without_offset")]),
        ({"field": "consent", "op": "=", "value": 1}, [("value", "not_a_boolean")]),
        ({"activity": "any", "within": "60d"}, []),
        ({"activity": "telepathy"}, [("activity", "unknown_activity")]),
        ({"activity": "page_view", "where": {"field": "url", "op": "known"}}, [("where.field", "unknown_where_field")]),
        ({"activity": "page_view", "where": {"field": "object", "op": "unknown"}}, [("where.op", "operator_not_offered")]),
        ({"activity": "page_view", "where": {"field": "properties.seconds", "op": ">=", "value": 30}}, []),
        ({"activity": "page_view", "where": {"field": "properties.s", "op": ">", "value": "x"}}, [("where.op", "operator_not_offered")]),
        ({"answer": "bant.authority", "op": "=", "value": "decides"}, []),
        ({"answer": "bant.luck", "op": "known"}, [("answer", "unknown_criterion")]),
        ({"answer": "bant.authority", "op": "=", "value": "maybe"}, [("value", "not_a_choice")]),
        ({"segment": "nobody"}, [("segment", "unknown_segment")]),
        ({"all": [{"field": "a", "op": "known"}, {"not": {"field": "b", "op": "known"}}]}, [("all[0].field", "unknown_field"), ("all[1].not.field", "unknown_field")]),
    ],
)  # fmt: skip
def test_a_condition_speaks_only_of_what_exists(raw: Any, expected: list[tuple[str, str]]) -> None:
    assert found(raw) == expected


def test_scores_are_for_hot_definitions_only_also_through_a_segment() -> None:
    score = {"score": "total", "op": ">=", "value": 70}
    assert found(score) == []
    assert found(score, scores=False) == [("score", "score_in_rule")]
    assert found({"segment": "high"}, scores=False, high=score) == [("segment", "segment_unsound")]


def test_segments_that_lead_back_to_themselves_are_refused() -> None:
    assert found({"segment": "a"}, a={"segment": "b"}, b={"not": {"segment": "a"}}) == [("segment", "segment_circle")]


def test_segments_that_explode_are_refused() -> None:
    wide = {"all": [{"segment": "b"}] * 30}
    deep = {"b": {"all": [{"field": "country", "op": "known"}] * 30}}
    assert found({"segment": "a"}, a=wide, **deep) == [("segment", "segment_too_large")]


def test_all_problems_of_a_document_have_their_path() -> None:
    raw = {
        "model": "x",
        "audience": {"field": "nothing", "op": "known"},
        "groups": [
            {
                "name": "g",
                "dimension": "fit",
                "rules": [
                    {"name": "a", "each": {"activity": "telepathy"}, "points": 1},
                    {"name": "b", "when": {"score": "fit", "op": ">", "value": 1}, "points": 1},
                ],
            }
        ],
        "hot": [{"name": "h", "when": {"any": [{"answer": "x.y", "op": "known"}]}}],
    }
    document = engine.parse(raw).document
    assert document is not None
    assert [(problem.path, problem.code) for problem in engine.check(document, catalog())] == [
        ("audience.field", "unknown_field"),
        ("groups[0].rules[0].each.activity", "unknown_activity"),
        ("groups[0].rules[1].when.score", "score_in_rule"),
        ("hot[0].when.any[0].answer", "unknown_criterion"),
    ]
