"""Rules and conditions read as sentences of the trade, in both languages."""

# ruff: noqa: E501 - tables of sentences are read line by line

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

import engine
from engine import Label, describe
from engine.catalog import CatalogActivity, Choice, FieldType, custom_field
from engine.nodes import Condition
from engine.words import wording
from engine.words.phrases import ConditionLine
from tests.engine.random_models import documents
from tests.engine.small_catalog import small_catalog
from tests.engine.test_check import CRITERION, condition
from tests.engine.test_check import catalog as plain_catalog

NAMES = (
    ("page_view", "Page view", "ページ閲覧"),
    ("document_request", "Document request", "資料請求"),
    ("quote_request", "Quote request", "見積依頼"),
    ("form_submit", "Form submission", "フォーム送信"),
    ("chat_question", "Chat question", "チャットでの質問"),
    ("phone_call", "Phone call", "電話"),
    ("complaint", "Complaint", "クレーム"),
    ("case_study", "Case study", "事例"),
    ("booked", "Trial booked", "トライアル予約"),
)


def catalog(**segments: Condition) -> engine.Catalog:
    size = (Choice(code="s", label=Label("Small", "小")), Choice(code="l", label=Label("Large", "大")))
    return small_catalog(
        activities=[CatalogActivity(code=code, pk=pk, label=Label(en, ja)) for pk, (code, en, ja) in enumerate(NAMES)],
        criteria=[CRITERION],
        custom=[
            custom_field(name="seats", type=FieldType.INTEGER, label=Label("seats", "席数")),
            custom_field(name="share", type=FieldType.DECIMAL, label=Label("market share", "シェア")),
            custom_field(name="client", type=FieldType.BOOLEAN, label=Label("existing customer", "既存顧客")),
            custom_field(name="size", type=FieldType.CHOICE, label=Label("size", "規模"), choices=size),
        ],
        segments=segments,
    )


def said(raw: Any) -> tuple[str, str]:
    seen, names = condition(raw), catalog(big=condition({"field": "custom.seats", "op": "known"}))
    return describe(seen, names, "en"), describe(seen, names, "ja")


EMPLOYEES, SEATS, COUNTRY, PLANNED = "company.employees", "custom.seats", "country", "planned_on"


def field(name: str, op: str, *value: Any) -> dict[str, Any]:
    return {"field": name, "op": op, **({"value": value[0]} if value else {})}


@pytest.mark.parametrize(
    ("raw", "english", "japanese"),
    [
        # numbers, with and without a unit
        (field(EMPLOYEES, "=", 100), "Exactly 100 employees", "従業員数が100名"),
        (field(EMPLOYEES, "!=", 100), "Not exactly 100 employees", "従業員数が100名以外"),
        (field(EMPLOYEES, ">", 1000), "More than 1,000 employees", "従業員数が1,000名を超える"),
        (field(EMPLOYEES, ">=", 100), "At least 100 employees", "従業員数が100名以上"),
        (field(EMPLOYEES, "<", 100), "Fewer than 100 employees", "従業員数が100名未満"),
        (field(EMPLOYEES, "<=", 100), "Up to 100 employees", "従業員数が100名以下"),
        (field(EMPLOYEES, ">=", 1), "At least 1 employee", "従業員数が1名以上"),
        (field(EMPLOYEES, "in", [10, 20, 30]), "10, 20 or 30 employees", "従業員数が10名、20名、30名のいずれか"),
        (field(EMPLOYEES, "not_in", [10, 20]), "Not 10 or 20 employees", "従業員数が10名、20名のいずれにも該当しない"),
        (field(EMPLOYEES, "known"), "Number of employees is filled in", "従業員数が入力されている"),
        (field(EMPLOYEES, "unknown"), "Number of employees is empty", "従業員数が未入力"),
        (field("custom.share", ">=", 2.5), "Market share is at least 2.5", "シェアが2.5以上"),
        (field("custom.share", "<", -1000), "Market share is less than −1,000", "シェアが−1,000未満"),
        (field("custom.share", "=", 5), "Market share is 5", "シェアが5"),
        # an order of choices
        (field("title_level", "=", "manager"), "Title level is manager", "役職レベルが課長・マネージャー"),
        (field("title_level", "!=", "manager"), "Title level isn’t manager", "役職レベルが課長・マネージャー以外"),
        (field("title_level", ">", "manager"), "Above manager", "役職レベルが課長・マネージャーより上"),
        (field("title_level", ">=", "manager"), "Manager or above", "役職レベルが課長・マネージャー以上"),
        (field("title_level", "<", "manager"), "Below manager", "役職レベルが課長・マネージャー未満"),
        (field("title_level", "<=", "lead"), "Team lead or below", "役職レベルが係長・主任以下"),
        (field("title_level", "in", ["director", "executive"]), "Title level is director or executive", "役職レベルが部長または役員・経営者"),
        # choices and text
        (field("origin", "=", "sales"), "Origin is from sales", "発生元が営業発（引き合い）"),
        (field("channel", "in", ["search", "ads", "web"]), "Channel is search, advertising or website", "チャネルが検索、広告、Webサイトのいずれか"),
        (field("custom.size", "not_in", ["s", "l"]), "Size isn’t Small or Large", "規模が小、大のいずれにも該当しない"),
        (field(COUNTRY, "in", ["Japan"]), "Country is “Japan”", "国が「Japan」"),
        (field(COUNTRY, "not_in", ["Japan"]), "Country isn’t “Japan”", "国が「Japan」以外"),
        (field(COUNTRY, "in", ["Japan", "France"]), "Country is “Japan” or “France”", "国が「Japan」または「France」"),
        (field(COUNTRY, "contains", "pan"), "Country contains “pan”", "国に「pan」が含まれる"),
        (field(COUNTRY, "starts_with", "Ja"), "Country starts with “Ja”", "国が「Ja」で始まる"),
        (field("custom.client", "=", True), "Existing customer is yes", "既存顧客が「はい」"),
        (field("custom.client", "!=", True), "Existing customer is no", "既存顧客が「いいえ」"),
        (field("consent", "=", True), "Consent to contact", "連絡の同意あり"),
        (field("consent", "=", False), "No consent to contact", "連絡の同意なし"),
        # days and spans
        (field(PLANNED, "before", "2026-06-01"), "Planned start is before Mon 1 Jun 2026", "導入予定日が2026年6月1日(月)より前"),
        (field(PLANNED, "after", "2026-06-01"), "Planned start is after Mon 1 Jun 2026", "導入予定日が2026年6月1日(月)より後"),
        (field(PLANNED, ">=", "2026-06-01"), "Planned start is on or after Mon 1 Jun 2026", "導入予定日が2026年6月1日(月)以降"),
        (field(PLANNED, "<=", "2026-06-01"), "Planned start is on or before Mon 1 Jun 2026", "導入予定日が2026年6月1日(月)以前"),
        (field(PLANNED, "within_next", "90d"), "Planned start is within the next 90 days", "導入予定日が今後90日以内"),
        (field(PLANNED, "within_last", "1d"), "Planned start is within the last 1 day", "導入予定日が過去1日以内"),
        (field("created_at", "within_last", "36h"), "Created is within the last 36 hours", "登録日時が過去36時間以内"),
        (field("created_at", "after", "2026-06-01T10:00:00+09:00"), "Created is after Mon 1 Jun 2026 10:00 +09:00", "登録日時が2026年6月1日(月) 10:00 +09:00より後"),
    ],
)  # fmt: skip
def test_an_attribute_says_itself(raw: Any, english: str, japanese: str) -> None:
    assert said(raw) == (english, japanese)


def activity(name: str, **more: Any) -> dict[str, Any]:
    return {"activity": name, **more}


def count(op: str, value: int) -> dict[str, Any]:
    return {"count": {"op": op, "value": value}}


TWO_WEEKS = {"within": "14d"}


@pytest.mark.parametrize(
    ("raw", "english", "japanese"),
    [
        (activity("document_request", **TWO_WEEKS), "Document request in the last 14 days", "14日以内に資料請求がある"),
        (activity("document_request", within="36h"), "Document request in the last 36 hours", "36時間以内に資料請求がある"),
        (activity("document_request"), "Document request", "資料請求がある"),
        (activity("any", within="60d", **count("=", 0)), "No activity in the last 60 days", "60日以内に行動がない"),
        (activity("page_view", **count("<", 1)), "No page view", "ページ閲覧がない"),
        (activity("page_view", **count("=", 1)), "Exactly 1 page view", "ページ閲覧がちょうど1回"),
        (activity("page_view", **count("!=", 3)), "Not exactly 3 page views", "ページ閲覧が3回ではない"),
        (activity("page_view", **count(">", 1000)), "More than 1,000 page views", "ページ閲覧が1,000回を超える"),
        (activity("page_view", **TWO_WEEKS, **count(">=", 2)), "At least 2 page views in the last 14 days", "14日以内にページ閲覧が2回以上"),
        (activity("page_view", **count("<", 3)), "Fewer than 3 page views", "ページ閲覧が3回未満"),
        (activity("page_view", **count("<=", 3)), "Up to 3 page views", "ページ閲覧が3回以下"),
        (activity("case_study", **count(">=", 2)), "At least 2 case studies", "事例が2回以上"),
        (activity("any", **count(">=", 2)), "At least 2 activities", "行動が2回以上"),
        # a name that is no noun is quoted
        (activity("booked", **count(">=", 2), **TWO_WEEKS), "“Trial booked” at least 2 times in the last 14 days", "14日以内にトライアル予約が2回以上"),
        # different pages, documents and the like
        (activity("page_view", distinct="object", **count(">=", 3)), "Views of at least 3 different pages", "3種類以上のページを閲覧"),
        (activity("page_view", distinct="object", within="30d", **count(">", 3)), "Views of more than 3 different pages in the last 30 days", "30日以内に3種類を超えるページを閲覧"),
        (activity("document_request", distinct="object", **count("=", 2)), "Requests for exactly 2 different documents", "ちょうど2種類の資料を請求"),
        (activity("case_study", distinct="object", **count(">=", 2)), "At least 2 different case studies", "事例が2種類以上"),
        (activity("page_view", distinct="object"), "Page view", "ページ閲覧がある"),
        (activity("page_view", distinct="object", **count("=", 0)), "No page view", "ページ閲覧がない"),
    ],
)  # fmt: skip
def test_an_activity_says_itself(raw: Any, english: str, japanese: str) -> None:
    assert said(raw) == (english, japanese)


@pytest.mark.parametrize(
    ("where", "english", "japanese"),
    [
        (field("object", "=", "a"), "Page view (“a”)", "ページ閲覧（「a」）がある"),
        (field("object", "!=", "a"), "Page view (not “a”)", "ページ閲覧（「a」以外）がある"),
        (field("object", "in", ["a", "b"]), "Page view (“a” or “b”)", "ページ閲覧（「a」または「b」）がある"),
        (field("object", "not_in", ["a", "b"]), "Page view (not “a” or “b”)", "ページ閲覧（「a」または「b」以外）がある"),
        (field("object", "contains", "a"), "Page view (containing “a”)", "ページ閲覧（「a」を含む）がある"),
        (field("object", "starts_with", "/pricing"), "Page view (starting with “/pricing”)", "ページ閲覧（「/pricing」で始まる）がある"),
        (field("object", "known"), "Page view (with its name)", "ページ閲覧（ページ・資料名あり）がある"),
        (field("properties.device", "=", "phone"), "Page view (“device” is “phone”)", "ページ閲覧（「device」が「phone」）がある"),
        (field("properties.seconds", ">=", 30.5), "Page view (“seconds” is at least 30.5)", "ページ閲覧（「seconds」が30.5以上）がある"),
        (field("properties.vip", "=", True), "Page view (“vip” is yes)", "ページ閲覧（「vip」が「はい」）がある"),
        (
            {"all": [field("object", "starts_with", "/a"), field("properties.device", "known")]},
            "Page view (page or document starts with “/a” and “device” is filled in)",
            "ページ閲覧（ページ・資料名が「/a」で始まる、かつ「device」が入力されている）がある",
        ),
        (
            {"not": {"any": [field("object", "contains", "a"), field("object", "contains", "b")]}},
            "Page view (page or document doesn’t contain “a” or “b”)",
            "ページ閲覧（ページ・資料名に「a」「b」のいずれも含まれない）がある",
        ),
    ],
)  # fmt: skip
def test_what_an_activity_is_about_stands_beside_it(where: Any, english: str, japanese: str) -> None:
    assert said(activity("page_view", where=where)) == (english, japanese)


def test_different_pages_say_which_ones() -> None:
    leaf = activity(
        "page_view", where=field("object", "starts_with", "/products/"), distinct="object", **count(">=", 2)
    )
    assert said(leaf) == (
        "Views of at least 2 different pages (starting with “/products/”)",
        "2種類以上のページ（「/products/」で始まる）を閲覧",
    )


# --- what was read in people's own words


def read(name: str, property: str, op: str = "=", value: Any = True, **more: Any) -> dict[str, Any]:
    return activity(name, where=field(f"properties.reading_{property}", op, value), **more)


@pytest.mark.parametrize(
    ("raw", "english", "japanese"),
    [
        (read("any", "quote", **TWO_WEEKS), "Asked for a quote in the last 14 days", "14日以内に見積もりを依頼"),
        (read("any", "quote"), "Asked for a quote", "見積もりを依頼"),
        (read("any", "comparison", **TWO_WEEKS), "Compared suppliers in the last 14 days", "14日以内に他社と比較"),
        (read("form_submit", "quote", **TWO_WEEKS), "Form submission asking for a quote in the last 14 days", "14日以内のフォーム送信で見積もりを依頼"),
        (read("form_submit", "comparison"), "Form submission comparing suppliers", "フォーム送信で他社と比較"),
        (read("form_submit", "quote", value=False), "Form submission (quote request in the text is no)", "フォーム送信（見積もりの依頼が「いいえ」）がある"),
        (read("form_submit", "quote", **count(">=", 2)), "At least 2 form submissions (quote request in the text is yes)", "フォーム送信（見積もりの依頼が「はい」）が2回以上"),
        (read("form_submit", "temperature", value="hot"), "Form submission (urgency of the enquiry is hot)", "フォーム送信（問い合わせの温度感がホット）がある"),
        (read("form_submit", "headcount", ">=", 30), "Form submission (at least 30 people)", "フォーム送信（問い合わせの利用人数が30名以上）がある"),
        (read("form_submit", "timing", value="within_3_months"), "Form submission (timing mentioned is within 3 months)", "フォーム送信（問い合わせの導入時期が3か月以内）がある"),
        (read("form_submit", "timing", "in", ["now", "2027-04", "month_05"]), "Form submission (timing mentioned is as soon as possible, April 2027 or May)", "フォーム送信（問い合わせの導入時期が至急、2027年4月、5月のいずれか）がある"),
    ],
)  # fmt: skip
def test_a_read_enquiry_is_one_phrase(raw: Any, english: str, japanese: str) -> None:
    assert said(raw) == (english, japanese)


def test_bounds_of_choices_in_an_order_are_said_one_by_one() -> None:
    """Only numbers have a range: "manager or above, and below staff" is no number of anything."""
    low, high = (
        {"field": "title_level", "op": op, "value": level} for op, level in ((">=", "manager"), ("<", "staff"))
    )
    english, japanese = said({"all": [low, high]})
    assert english.count(" and ") == 1
    assert japanese.count("、かつ") == 1


def test_activities_that_say_the_same_are_one_line() -> None:
    quote = activity("quote_request", **TWO_WEEKS)
    two = {"any": [quote, read("form_submit", "quote", **TWO_WEEKS)]}
    four = {
        "any": [quote, *(read(name, "quote", **TWO_WEEKS) for name in ("form_submit", "chat_question", "phone_call"))]
    }
    assert said(two) == (
        "Asked for a quote in the last 14 days (quote request or form submission)",
        "14日以内に見積もりを依頼（見積依頼・フォーム送信）",
    )
    assert said(four) == (
        "Asked for a quote in the last 14 days (quote request, form submission, chat question and 1 more)",
        "14日以内に見積もりを依頼（見積依頼・フォーム送信・チャットでの質問など4種類）",
    )


# --- answers, scores and the rest


@pytest.mark.parametrize(
    ("raw", "english", "japanese"),
    [
        ({"answer": "bant.authority", "op": "=", "value": "decides"}, "Authority answered “decides”", "決裁権の回答が「決裁者」"),
        ({"answer": "bant.authority", "op": "!=", "value": "decides"}, "Authority answered other than “decides”", "決裁権の回答が「決裁者」以外"),
        ({"answer": "bant.authority", "op": "in", "value": ["decides"], "within": "30d"}, "Authority answered “decides” in the last 30 days", "決裁権の回答が「決裁者」（30日以内の回答）"),
        ({"answer": "bant.authority", "op": "known"}, "Authority answered", "決裁権が確認済み"),
        ({"answer": "bant.authority", "op": "unknown", "within": "30d"}, "Authority not answered in the last 30 days", "決裁権が未確認（30日以内の回答）"),
        ({"score": "total", "op": ">=", "value": 70}, "Total score of 70 or more", "総合スコアが70点以上"),
        ({"score": "fit", "op": ">", "value": 2.5}, "Fit score of more than 2.5", "適合度スコアが2.5点を超える"),
        ({"score": "engagement", "op": "<", "value": -5}, "Engagement score of less than −5", "関心度スコアが−5点未満"),
        ({"score": "qualification", "op": "<=", "value": 5}, "Qualification score of 5 or less", "案件化度スコアが5点以下"),
        ({"score": "total", "op": "=", "value": 5}, "Total score of exactly 5", "総合スコアがちょうど5点"),
        ({"score": "total", "op": "!=", "value": 5}, "Total score of anything but 5", "総合スコアが5点以外"),
        ({"segment": "big"}, "In the segment “big”", "セグメント「big」に属する"),
        ({"action": ["hand_over"]}, "The matrix action is “hand off to sales”", "判断マトリクスの対応が「営業に引き渡す」"),
        ({"action": ["nurture", "wait"]}, "The matrix action is “nurture” or “wait”", "判断マトリクスの対応が「育成を続ける」または「様子を見る」"),
    ],
)  # fmt: skip
def test_answers_scores_segments_and_the_matrix_say_themselves(raw: Any, english: str, japanese: str) -> None:
    assert said(raw) == (english, japanese)


# --- what is denied


@pytest.mark.parametrize(
    ("raw", "english", "japanese"),
    [
        (field("consent", "=", True), "No consent to contact", "連絡の同意なし"),
        (field(EMPLOYEES, ">=", 100), "Fewer than 100 employees", "従業員数が100名未満"),
        (field(COUNTRY, "=", "Japan"), "Country isn’t “Japan”", "国が「Japan」以外"),
        (field(COUNTRY, "in", ["Japan", "France"]), "Country isn’t “Japan” or “France”", "国が「Japan」「France」のいずれにも該当しない"),
        (field(COUNTRY, "contains", "pan"), "Country doesn’t contain “pan”", "国に「pan」が含まれない"),
        (field(COUNTRY, "starts_with", "Ja"), "Country doesn’t start with “Ja”", "国が「Ja」で始まらない"),
        (field(COUNTRY, "known"), "Country is empty", "国が未入力"),
        (field(PLANNED, "before", "2026-06-01"), "Planned start is on or after Mon 1 Jun 2026", "導入予定日が2026年6月1日(月)以降"),
        (field(PLANNED, "after", "2026-06-01"), "Planned start is on or before Mon 1 Jun 2026", "導入予定日が2026年6月1日(月)以前"),
        (field(PLANNED, "within_next", "90d"), "Planned start isn’t within the next 90 days", "導入予定日が今後90日以内ではない"),
        (field(PLANNED, "within_last", "90d"), "Planned start isn’t within the last 90 days", "導入予定日が過去90日以内ではない"),
        (activity("document_request", **TWO_WEEKS), "No document request in the last 14 days", "14日以内に資料請求がない"),
        (activity("page_view", **count(">=", 3)), "Fewer than 3 page views", "ページ閲覧が3回未満"),
        (activity("page_view", **count("=", 0)), "Page view", "ページ閲覧がある"),
        (activity("page_view", **count("<", 1)), "Page view", "ページ閲覧がある"),
        (read("form_submit", "quote", **TWO_WEEKS), "No form submission (quote request in the text is yes) in the last 14 days", "14日以内にフォーム送信（見積もりの依頼が「はい」）がない"),
        ({"answer": "bant.authority", "op": "=", "value": "decides"}, "Authority answered other than “decides”", "決裁権の回答が「決裁者」以外"),
        ({"score": "total", "op": ">=", "value": 70}, "Total score of less than 70", "総合スコアが70点未満"),
        ({"segment": "big"}, "Not in the segment “big”", "セグメント「big」に属さない"),
        ({"action": ["wait"]}, "The matrix action isn’t “wait”", "判断マトリクスの対応が「様子を見る」以外"),
        ({"not": field(COUNTRY, "known")}, "Country is filled in", "国が入力されている"),
    ],
)  # fmt: skip
def test_what_must_not_be_says_the_contrary(raw: Any, english: str, japanese: str) -> None:
    assert said({"not": raw}) == (english, japanese)


# --- several conditions

REQUEST, COMPLAINT = activity("document_request", **TWO_WEEKS), activity("complaint", within="90d")
MANY, JAPAN = field(EMPLOYEES, ">=", 100), field(COUNTRY, "=", "Japan")


@pytest.mark.parametrize(
    ("raw", "english", "japanese"),
    [
        ({"all": [REQUEST, MANY]}, "Document request in the last 14 days and at least 100 employees", "14日以内に資料請求がある、かつ従業員数が100名以上"),
        ({"any": [REQUEST, MANY]}, "Document request in the last 14 days or at least 100 employees", "14日以内に資料請求がある、または従業員数が100名以上"),
        ({"any": [JAPAN, {"all": [REQUEST, MANY]}]}, "Country is “Japan” or (document request in the last 14 days and at least 100 employees)", "国が「Japan」、または（14日以内に資料請求がある、かつ従業員数が100名以上）"),
        ({"all": [JAPAN, {"all": [REQUEST, {"all": [MANY]}]}]}, "Country is “Japan” and document request in the last 14 days and at least 100 employees", "国が「Japan」、かつ14日以内に資料請求がある、かつ従業員数が100名以上"),
        ({"not": {"any": [REQUEST, MANY]}}, "No document request in the last 14 days and fewer than 100 employees", "14日以内に資料請求がない、かつ従業員数が100名未満"),
        ({"not": {"all": [REQUEST, MANY]}}, "No document request in the last 14 days or fewer than 100 employees", "14日以内に資料請求がない、または従業員数が100名未満"),
        # like ones in one line
        ({"all": [field(EMPLOYEES, ">=", 50), field(EMPLOYEES, "<", 300)]}, "50–299 employees", "従業員数が50〜299名"),
        ({"all": [field(EMPLOYEES, "<=", 300), field(EMPLOYEES, ">", 50)]}, "51–300 employees", "従業員数が51〜300名"),
        ({"all": [field(EMPLOYEES, ">=", 50), {"not": field(EMPLOYEES, ">=", 300)}]}, "50–299 employees", "従業員数が50〜299名"),
        ({"all": [field(SEATS, ">=", -40), field(SEATS, "<=", 40)]}, "Seats is −40 to 40", "席数が−40〜40"),
        ({"all": [field("custom.share", ">=", 1), field("custom.share", "<", 2)]}, "Market share is at least 1 and less than 2", "シェアが1以上2未満"),
        ({"all": [{"score": "total", "op": ">=", "value": 40}, {"score": "total", "op": "<", "value": 70}]}, "Total score of 40 or more and less than 70", "総合スコアが40点以上70点未満"),
        ({"all": [{"score": "total", "op": ">=", "value": 40}, {"score": "fit", "op": "<", "value": 70}]}, "Total score of 40 or more and fit score of less than 70", "総合スコアが40点以上、かつ適合度スコアが70点未満"),
        ({"any": [field("department", "contains", name) for name in ("IT", "HR", "PR")]}, "Department contains “IT”, “HR” or “PR”", "部署に「IT」「HR」「PR」のいずれかが含まれる"),
        ({"all": [field("department", "contains", name) for name in ("IT", "HR")]}, "Department contains “IT” and department contains “HR”", "部署に「IT」が含まれる、かつ部署に「HR」が含まれる"),
        ({"any": [JAPAN, MANY, field(COUNTRY, "in", ["France", "Italy"])]}, "Country is “Japan”, “France” or “Italy” or at least 100 employees", "国が「Japan」「France」「Italy」のいずれか、または従業員数が100名以上"),
        ({"not": {"any": [field("email", "starts_with", "info"), field("email", "starts_with", "sales")]}}, "Email doesn’t start with “info” or “sales”", "メールアドレスが「info」「sales」のいずれでも始まらない"),
        ({"all": [activity("complaint", within="14d"), REQUEST]}, "Complaint and document request in the last 14 days", "14日以内にクレームと資料請求がある"),
        ({"any": [activity("complaint", within="14d"), REQUEST]}, "Complaint or document request in the last 14 days", "14日以内にクレームまたは資料請求がある"),
        ({"not": {"any": [activity("complaint", within="14d"), REQUEST]}}, "No complaint or document request in the last 14 days", "14日以内にクレームも資料請求もない"),
        ({"all": [COMPLAINT, REQUEST]}, "Complaint in the last 90 days and document request in the last 14 days", "90日以内にクレームがある、かつ14日以内に資料請求がある"),
    ],
)  # fmt: skip
def test_several_conditions_are_one_sentence_and_like_ones_one_clause(raw: Any, english: str, japanese: str) -> None:
    assert said(raw) == (english, japanese)


def tree(line: ConditionLine) -> Any:
    """A line as its text, a group as its head with its lines."""
    return (line.text, [tree(part) for part in line.parts]) if line.is_group else line.text


def test_a_condition_is_read_as_a_tree() -> None:
    quotes = [activity("quote_request", **TWO_WEEKS), read("form_submit", "quote", **TWO_WEEKS)]
    seen = condition({"any": [{"score": "total", "op": ">=", "value": 70}, {"all": [REQUEST, MANY]}, *quotes]})
    english, japanese = (wording(catalog(), language).lines(seen) for language in ("en", "ja"))
    assert tree(english) == (
        "Any of these:",
        [
            "Total score of 70 or more",
            ("All of these:", ["Document request in the last 14 days", "At least 100 employees"]),
            "Asked for a quote in the last 14 days (quote request or form submission)",
        ],
    )
    assert tree(japanese) == (
        "次の条件のいずれかを満たす：",
        [
            "総合スコアが70点以上",
            ("次の条件をすべて満たす：", ["14日以内に資料請求がある", "従業員数が100名以上"]),
            "14日以内に見積もりを依頼（見積依頼・フォーム送信）",
        ],
    )
    folded = english.parts[2]
    assert (folded.join, [part.text for part in folded.parts]) == (
        "any",
        ["Quote request in the last 14 days", "Form submission asking for a quote in the last 14 days"],
    )


# --- rules


def rule(**changes: Any) -> engine.nodes.Rule:
    raw = {"name": "Asked", "each": {"activity": "document_request"}, "points": 20} | changes
    raw = {key: value for key, value in raw.items() if value is not None}
    document = engine.parse({"model": "m", "groups": [{"name": "g", "dimension": "fit", "rules": [raw]}]}).document
    assert document is not None
    return document.rules[0]


def test_a_rule_says_itself_with_its_policies() -> None:
    policies = {"repeat": "once_per_object", "at_most": 3, "cap": 40, "decay": {"half_life": "30d", "window": "90d"}}
    seen = rule(**policies)
    assert describe(seen, catalog(), "en") == (
        "+20 for each document request, once per document, only the 3 most recent, halves every 30 days,"
        " counts for 90 days, up to 40 points in total"
    )
    assert describe(seen, catalog(), "ja") == (
        "資料請求ごとに+20点（同じ資料では1回、直近3件まで、30日ごとに半減、90日間有効、合計40点まで）"
    )


@pytest.mark.parametrize(
    ("changes", "english", "japanese"),
    [
        ({"repeat": "once", "at_most": 1}, "+20 for each document request, once only, only the most recent", "資料請求ごとに+20点（1回のみ、直近1件まで）"),
        ({"repeat": "once_per_day", "cap": 1}, "+20 for each document request, once per day, up to 1 point in total", "資料請求ごとに+20点（1日1回、合計1点まで）"),
        ({"each": {"activity": "booked"}, "repeat": "once_per_object", "points": -1000}, "−1,000 for each “Trial booked”, once per page, document…", "トライアル予約ごとに−1,000点（同じページ・資料では1回）"),
        ({"each": {"activity": "any"}, "decay": {"linear": "90d"}}, "+20 for each activity, falls to 0 over 90 days", "行動ごとに+20点（90日かけて0点まで減少）"),
        ({"each": read("form_submit", "quote"), "disabled": True}, "+20 for each form submission asking for a quote, off", "フォーム送信（見積もりを依頼）ごとに+20点（停止中）"),
        ({"each": None, "when": field(EMPLOYEES, ">=", 100)}, "+20 when at least 100 employees", "従業員数が100名以上：+20点"),
        ({"each": None, "answer": "bant.authority", "points": {"decides": 2.5}}, "by answer (Authority): decides +2.5", "「決裁権」の回答に応じて：決裁者 +2.5点"),
    ],
)  # fmt: skip
def test_every_kind_of_rule_says_itself(changes: Any, english: str, japanese: str) -> None:
    seen = rule(**changes)
    assert (describe(seen, catalog(), "en"), describe(seen, catalog(), "ja")) == (english, japanese)


def document(**parts: Any) -> engine.Document:
    parsed = engine.parse({"model": "m"} | parts)
    assert parsed.document is not None, parsed.problems
    return parsed.document


@pytest.mark.parametrize(
    ("bounds", "english", "japanese"),
    [
        ({"min": -40, "max": 40}, "g: fit, −40 to 40 points", "g（適合度、−40〜40点）"),
        ({"min": 0, "max": 1000}, "g: fit, 0–1,000 points", "g（適合度、0〜1,000点）"),
        ({"min": -40}, "g: fit, at least −40 points", "g（適合度、下限−40点）"),
        ({"max": 1}, "g: fit, up to 1 point", "g（適合度、上限1点）"),
        ({"inactivity": {"after": "30d", "half_life": "45d"}}, "g: fit, halves every 45 days after 30 days without activity", "g（適合度、30日間行動がないと45日ごとに半減）"),
    ],
)  # fmt: skip
def test_a_group_says_its_bounds(bounds: Any, english: str, japanese: str) -> None:
    group = document(groups=[{"name": "g", "dimension": "fit", "rules": [], **bounds}]).groups[0]
    assert (describe(group, catalog(), "en"), describe(group, catalog(), "ja")) == (english, japanese)


def test_a_hot_definition_and_a_stage_say_themselves() -> None:
    seventy = {"score": "total", "op": ">=", "value": 70}
    seen = document(
        hot=[{"name": "h", "when": seventy, "grace": "3d"}, {"name": "i", "when": seventy, "grace": "1d"}],
        stages={"mql": seventy},
    )
    hot, short = seen.hot
    (stage,) = seen.stages.rules
    assert (
        describe(hot, catalog(), "en") == "Hot when total score of 70 or more; stays hot above 60 points; 3 days’ grace"
    )
    assert (
        describe(hot, catalog(), "ja")
        == "ホットになる条件：総合スコアが70点以上。総合スコアが60点を超えている間は維持。猶予期間3日"
    )
    assert describe(short, catalog(), "en").endswith("; 1 day’s grace")
    assert (describe(stage, catalog(), "en"), describe(stage, catalog(), "ja")) == (
        "MQL when total score of 70 or more",
        "MQLの条件：総合スコアが70点以上",
    )


@settings(max_examples=40, deadline=None, database=None)
@given(raw=documents())
def test_anything_that_parses_can_be_said(raw: dict[str, Any]) -> None:
    document = engine.parse(raw).document
    assert document is not None
    for node in (*document.groups, *document.rules, *document.hot):
        english, japanese = describe(node, plain_catalog(), "en"), describe(node, plain_catalog(), "ja")
        assert english
        assert japanese
        assert "None" not in english + japanese
