"""How far a lead is from being hot, and what it meets already: line by line, in both languages."""

# ruff: noqa: E501 - a table of sentences is read line by line

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

import engine
from engine import Sources
from engine.explanation import ConditionVerdict, HotVerdict
from tests.engine.oracle import Act, Given, Person
from tests.engine.world import catalog, document, settle

pytestmark = pytest.mark.django_db
T = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def verdict(when: dict[str, Any], who: Person, language: str) -> HotVerdict:
    raw = {"model": "m", "groups": [], "hot": [{"name": "h", "when": when}]}
    (pk,) = settle([who])
    said = engine.explain(
        document(raw), catalog(), sources=Sources(), t=T, lead=pk, connection=connection, language=language
    )
    assert said is not None
    return said.hot[0]


WHO = Person(
    attributes={"company.employees": 18, "company.revenue": 200, "title_level": 1, "country": "Japan"},
    activities=[Act("page_view", T - DAY, "a"), Act("complaint", T - DAY), Act("complaint", T - 2 * DAY)],
    answers=[Given("bant.budget", "planned", T - 40 * DAY), Given("bant.authority", "influences", T - DAY)],
)
BIG = {"field": "company.employees", "op": ">=", "value": 100}


@pytest.mark.parametrize(
    ("when", "english", "japanese"),
    [
        (BIG, "82 more employees", "従業員数があと82名"),
        (BIG | {"value": 19}, "1 more employee", "従業員数があと1名"),
        (BIG | {"op": "<", "value": 10}, "9 employees too many", "従業員数が9名超過"),
        ({"field": "company.revenue", "op": ">=", "value": 2000}, "annual revenue: 1,800 more needed", "年商があと1,800"),
        ({"field": "company.revenue", "op": "<=", "value": 100}, "annual revenue: 100 too many", "年商が100超過"),
        ({"field": "title_level", "op": ">=", "value": "manager"}, "currently title level: staff", "現在の役職レベル：一般社員"),
        ({"field": "country", "op": "=", "value": "France"}, "currently country: “Japan”", "現在の国：「Japan」"),
        ({"field": "planned_on", "op": "within_next", "value": "90d"}, "planned start is empty", "導入予定日が未入力"),
        ({"activity": "page_view", "count": {"op": ">=", "value": 3}}, "2 more page views", "ページ閲覧があと2回"),
        ({"activity": "quote_request"}, "1 more quote request", "見積依頼があと1回"),
        ({"activity": "page_view", "distinct": "object", "count": {"op": ">=", "value": 3}}, "2 more different pages", "ページがあと2種類"),
        ({"activity": "page_view", "distinct": "object", "count": {"op": "<", "value": 1}}, "1 different page too many", "ページが1種類多い"),
        ({"not": {"activity": "complaint"}}, "2 complaints too many", "クレームが2回多い"),
        ({"score": "total", "op": ">=", "value": 70}, "70 more points needed", "あと70点"),
        ({"score": "total", "op": ">", "value": 0}, "0.01 more points needed", "あと0.01点"),
        ({"answer": "bant.need", "op": "known"}, "Need not answered yet", "ニーズが未確認"),
        ({"answer": "bant.authority", "op": "=", "value": "decides"}, "currently Authority: Influences the decision", "現在の決裁権：決裁に影響力あり"),
        (
            {"answer": "bant.budget", "op": "known", "within": "30d"},
            "Budget was last answered “Budget planned” on Wed 22 Apr 2026. Ask again.",
            "予算は2026年4月22日(水)の回答「予算化を予定」が最新です。再確認してください。",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_says_how_much(when: dict[str, Any], english: str, japanese: str) -> None:
    (one,), (other,) = (verdict(when, WHO, language).missing for language in ("en", "ja"))
    assert (one.gap, other.gap) == (english, japanese)


def read(name: str) -> dict[str, Any]:
    where = {"field": "properties.reading_quote", "op": "=", "value": True}
    return {"activity": name, "where": where, "within": "14d"}


QUOTE = {"any": [{"activity": "quote_request", "within": "14d"}, read("form_submit"), read("chat_question")]}


def test_what_one_of_several_would_meet_is_said_as_the_line_that_has_them_all() -> None:
    (missing,) = verdict(QUOTE, WHO, "ja").missing
    assert missing.text == "14日以内に見積もりを依頼（見積依頼・フォーム送信・チャットでの質問）"
    assert missing.gap == "見積依頼があと1回"


def test_a_verdict_has_the_shape_of_the_condition() -> None:
    """A line of several is met while one of them is; it ends with the last of those that are met."""
    who = Person(
        attributes={"company.employees": 200},
        activities=[
            Act("quote_request", T - 3 * DAY),
            Act("form_submit", T - 5 * DAY, properties={"reading_quote": True}),
        ],
    )
    when = {"any": [{"score": "total", "op": ">=", "value": 70}, {"all": [BIG, QUOTE]}]}
    said = verdict(when, who, "en").when

    def shape(line: ConditionVerdict) -> Any:
        return (line.text, line.met, [shape(part) for part in line.parts if line.is_group])

    quote = "Asked for a quote in the last 14 days (quote request, form submission or chat question)"
    assert shape(said) == (
        "Any of these:",
        True,
        [
            ("Total score of 70 or more", False, []),
            ("All of these:", True, [("At least 100 employees", True, []), (quote, True, [])]),
        ],
    )
    folded = said.parts[1].parts[1]
    assert [part.met for part in folded.parts] == [True, True, False]
    assert folded.expires_at == T + 11 * DAY
    assert [part.expires_at for part in folded.parts] == [T + 11 * DAY, T + 9 * DAY, None]
    assert [leaf.text for leaf in said.leaves()][:2] == ["Total score of 70 or more", "At least 100 employees"]
