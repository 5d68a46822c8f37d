"""Words for what every installation knows: what its activities are about, and what intake reads in people's own words.

What an installation adds has the names that it gives; only these can be said in a phrase of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from engine.catalog import Label
from engine.nodes import ActivityLeaf, FieldLeaf, Op

PREFIX = "properties."


class Objects(NamedTuple):
    """How different objects of a type of activity are counted: `views of` … `pages`, … `のページを閲覧`."""

    doing: str
    one: str
    many: str
    name_ja: str
    doing_ja: str


OBJECTS: Mapping[str, Objects] = {
    "page_view": Objects("views of", "page", "pages", "ページ", "を閲覧"),
    "price_view": Objects("views of", "pricing page", "pricing pages", "価格ページ", "を閲覧"),
    "compare_view": Objects("views of", "comparison page", "comparison pages", "機能比較ページ", "を閲覧"),
    "case_view": Objects("views of", "case study", "case studies", "導入事例", "を閲覧"),
    "page_dwell": Objects("stays on", "page", "pages", "ページ", "に滞在"),
    "link_click": Objects("clicks on", "link", "links", "リンク", "をクリック"),
    "file_download": Objects("downloads of", "file", "files", "ファイル", "をダウンロード"),
    "email_open": Objects("opens of", "email", "emails", "メール", "を開封"),
    "email_click": Objects("clicks in", "email", "emails", "メール", "内のリンクをクリック"),
    "document_request": Objects("requests for", "document", "documents", "資料", "を請求"),
    "whitepaper_download": Objects("downloads of", "white paper", "white papers", "ホワイトペーパー", "をダウンロード"),
    "webinar_attend": Objects("attendances at", "webinar", "webinars", "ウェビナー", "に参加"),
    "event_attend": Objects(
        "visits to", "exhibition or seminar", "exhibitions or seminars", "展示会・セミナー", "に参加"
    ),
    "business_card": Objects("business cards from", "event", "events", "イベント", "で名刺を交換"),
    "survey_answer": Objects("responses to", "survey", "surveys", "アンケート", "に回答"),
    "form_submit": Objects("submissions of", "form", "forms", "フォーム", "を送信"),
}


class Sign(NamedTuple):
    """What a text says: `form submission asking for a quote`, and of whoever wrote it `asked for a quote`."""

    of_activity: str
    of_lead: str
    ja: str


SIGNS: Mapping[str, Sign] = {
    "reading_quote": Sign("asking for a quote", "asked for a quote", "見積もりを依頼"),
    "reading_comparison": Sign("comparing suppliers", "compared suppliers", "他社と比較"),
    "reading_demo": Sign("asking for a demo", "asked for a demo", "デモを依頼"),
    "reading_trial": Sign("asking for a trial", "asked for a trial", "トライアルを依頼"),
    "reading_documents": Sign("asking for documents", "asked for documents", "資料を依頼"),
    "reading_contact": Sign("asking to be contacted", "asked to be contacted", "連絡を依頼"),
    "reading_no_contact": Sign("asking never to be contacted", "asked never to be contacted", "今後の連絡を拒否"),
}
SAY_IT_THEMSELVES: Mapping[str, str] = {"quote_request": "reading_quote"}
"""Types of activity that are a sign, whatever their text."""

PROPERTIES: Mapping[str, Label] = {
    "source": Label("source of the visit", "訪問の流入元"),
    "medium": Label("medium of the visit", "訪問のメディア"),
    "campaign": Label("campaign of the visit", "訪問のキャンペーン"),
    "referrer": Label("page before the visit", "訪問前のページ"),
    "host": Label("website", "Webサイト"),
    "reading_kind": Label("kind of enquiry", "問い合わせの種類"),
    "reading_temperature": Label("urgency of the enquiry", "問い合わせの温度感"),
    "reading_headcount": Label("people mentioned", "問い合わせの利用人数"),
    "reading_headcount_to": Label("most people mentioned", "問い合わせの最大利用人数"),
    "reading_comparison": Label("supplier comparison", "他社との比較"),
    "reading_timing": Label("timing mentioned", "問い合わせの導入時期"),
    "reading_quote": Label("quote request in the text", "見積もりの依頼"),
    "reading_demo": Label("demo request in the text", "デモの依頼"),
    "reading_trial": Label("trial request in the text", "トライアルの依頼"),
    "reading_documents": Label("document request in the text", "資料の依頼"),
    "reading_contact": Label("contact request in the text", "連絡の依頼"),
    "reading_no_contact": Label("contact refusal in the text", "連絡の拒否"),
}
KINDS: Mapping[str, Label] = {
    "enquiry": Label("enquiry", "問い合わせ"),
    "pitch": Label("sales pitch", "営業・売り込み"),
    "job": Label("job application", "採用への応募"),
    "support": Label("support request", "サポート依頼"),
    "other": Label("other message", "その他の連絡"),
}
TEMPERATURES: Mapping[str, Label] = {
    "hot": Label("hot", "ホット"),
    "neutral": Label("neutral", "通常"),
    "cold": Label("no plans", "導入予定なし"),
}
TIMINGS: Mapping[str, Label] = {
    "now": Label("as soon as possible", "至急"),
    "this_week": Label("this week", "今週"),
    "next_week": Label("next week", "来週"),
    "this_month": Label("this month", "今月"),
    "next_month": Label("next month", "来月"),
    "this_quarter": Label("this quarter", "今四半期"),
    "next_quarter": Label("next quarter", "来四半期"),
    "this_term": Label("this fiscal year", "今期"),
    "next_term": Label("next fiscal year", "来期"),
    "this_year": Label("this year", "年内"),
    "next_year": Label("next year", "来年"),
}
WITHIN = re.compile(r"within_([0-9]{1,4})_(month|week)s")
MONTH = re.compile(r"(?:month_|(20[0-9]{2})-)(0[1-9]|1[0-2])")
QUARTER = re.compile(r"(?:quarter_|(20[0-9]{2})-q)([1-4])")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def sign_of(leaf: ActivityLeaf) -> str | None:
    """The sign that the activity is asked to give and nothing else: read in its text, or meant by its type."""
    match leaf.where:
        case None:
            return SAY_IT_THEMSELVES.get(leaf.activity)
        case FieldLeaf(field=field, op=Op.EQ, value=True) if field.removeprefix(PREFIX) in SIGNS:
            return field.removeprefix(PREFIX)
    return None


def property_label(name: str) -> Label | None:
    """What `properties.NAME` is called; None for somebody else's."""
    return PROPERTIES.get(name.removeprefix(PREFIX))


def property_value(name: str, value: str) -> Label | None:
    """What a code stands for that intake writes into `properties.NAME`; None for any other."""
    own = name.removeprefix(PREFIX)
    if own == "reading_kind":
        return KINDS.get(value)
    if own == "reading_temperature":
        return TEMPERATURES.get(value)
    return _timing(value) if own == "reading_timing" else None


def _timing(code: str) -> Label | None:
    if within := WITHIN.fullmatch(code):
        count, unit = int(within[1]), within[2]
        japanese = f"{count}か月以内" if unit == "month" else f"{count}週間以内"
        return Label(f"within {count} {unit}{'' if count == 1 else 's'}", japanese)
    if month := MONTH.fullmatch(code):
        number = int(month[2])
        english, japanese = MONTHS[number - 1], f"{number}月"
        return Label(f"{english} {month[1]}", f"{month[1]}年{japanese}") if month[1] else Label(english, japanese)
    if quarter := QUARTER.fullmatch(code):
        year = quarter[1]
        english, japanese = f"Q{quarter[2]}", f"第{quarter[2]}四半期"
        return Label(f"{english} {year}", f"{year}年{japanese}") if year else Label(english, japanese)
    return TIMINGS.get(code)
