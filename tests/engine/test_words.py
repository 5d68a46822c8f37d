"""Rules read as sentences, in both languages."""

# ruff: noqa: E501 - a table of sentences is read line by line

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

import engine
from engine import describe
from tests.engine.random_models import documents
from tests.engine.test_check import catalog, condition


@pytest.mark.parametrize(
    ("raw", "english", "japanese"),
    [
        ({"field": "company.employees", "op": ">=", "value": 1000}, "Employees is at least 1,000", "従業員数が1,000以上"),
        ({"field": "title_level", "op": ">=", "value": "manager"}, "Title level is at least manager", "役職レベルが課長・マネージャー以上"),
        ({"field": "country", "op": "in", "value": ["Japan"]}, "Country is “Japan”", "国が「Japan」"),
        ({"field": "planned_on", "op": "within_next", "value": "90d"}, "Planned introduction is within the next 90 days", "導入予定日が今後90日以内"),
        ({"field": "planned_on", "op": "before", "value": "2026-06-01"}, "Planned introduction is before 2026-06-01", "導入予定日が2026-06-01より前"),
        ({"activity": "document_request", "within": "14d"}, "Document request within 14 days", "直近14日以内に資料請求がある"),
        ({"activity": "any", "within": "60d", "count": {"op": "=", "value": 0}}, "No activity within 60 days", "直近60日以内に行動がない"),
        ({"activity": "page_view", "distinct": "object", "count": {"op": ">=", "value": 3}}, "Page view of at least 3 different objects", "異なる対象のページ閲覧が3件以上"),
        ({"activity": "page_view", "where": {"field": "object", "op": "starts_with", "value": "/pricing"}}, "Page view (the object starts with “/pricing”)", "ページ閲覧（対象が「/pricing」で始まる）がある"),
        ({"answer": "bant.authority", "op": "=", "value": "decides"}, "Authority is decides", "決裁権が決裁者"),
        ({"score": "total", "op": ">=", "value": 70}, "The total score is at least 70", "総合スコアが70以上"),
        ({"not": {"field": "consent", "op": "=", "value": True}}, "Not (consent to contact is yes)", "「連絡の同意がはい」に当てはまらない"),
    ],
)  # fmt: skip
def test_a_condition_says_itself(raw: Any, english: str, japanese: str) -> None:
    seen, names = condition(raw), catalog()
    assert (describe(seen, names, "en"), describe(seen, names, "ja")) == (english, japanese)


def rule(**changes: Any) -> engine.Document:
    raw = {"name": "Asked", "each": {"activity": "document_request"}, "points": 20} | changes
    group = {"name": "g", "dimension": "fit", "rules": [raw]}
    document = engine.parse({"model": "m", "groups": [group]}).document
    assert document is not None
    return document


def test_a_rule_says_itself_with_its_policies() -> None:
    policies = {"repeat": "once_per_object", "at_most": 3, "cap": 40, "decay": {"half_life": "30d", "window": "90d"}}
    seen = rule(**policies).rules[0]
    assert describe(seen, catalog(), "en") == (
        "+20 for each Document request, once per object, only the 3 most recent, halved every 30 days,"
        " counted for 90 days, at most 40 in all"
    )
    assert describe(seen, catalog(), "ja") == (
        "資料請求ごとに+20点（対象ごとに1回、直近3件まで、30日ごとに半減、90日間有効、合計40点まで）"
    )


def test_what_intake_reads_in_a_text_has_a_name_and_other_properties_keep_theirs() -> None:
    def said(name: str, language: str) -> str:
        where = {"field": f"properties.{name}", "op": "known"}
        seen = rule(each={"activity": "document_request", "where": where}).rules[0]
        return describe(seen, catalog(), language)

    assert "headcount in the text" in said("reading_headcount", "en")
    assert "文面の人数" in said("reading_headcount", "ja")
    assert "device" in said("device", "ja")


@settings(max_examples=40, deadline=None, database=None)
@given(raw=documents())
def test_anything_that_parses_can_be_said(raw: dict[str, Any]) -> None:
    document = engine.parse(raw).document
    assert document is not None
    for node in (*document.groups, *document.rules, *document.hot):
        english, japanese = describe(node, catalog(), "en"), describe(node, catalog(), "ja")
        assert english
        assert japanese
        assert "None" not in english + japanese
