"""Every touch of a lead keeps its source; the first and the last are named (S15)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from intake.queries.touches import touches_of
from intake.tracking.touches import source_code, touch_of
from leads.models import Lead
from tests.clients import as_
from tests.factories import LeadFactory, activity
from tests.published import document

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 1, tzinfo=UTC)
PAGE = "https://www.example.com/lp"


@pytest.mark.parametrize(
    ("query", "referrer", "source", "medium", "code"),
    [
        ("", "", "direct", "none", "direct_traffic"),
        ("", "https://www.example.com/before", "direct", "none", "direct_traffic"),
        ("", "https://www.google.co.jp/", "google", "organic", "organic_search"),
        ("", "https://search.yahoo.co.jp/search?p=x", "yahoo", "organic", "organic_search"),
        ("", "https://t.co/abc", "x", "social", "social"),
        ("", "https://m.facebook.com/", "facebook", "social", "social"),
        ("", "https://blog.partner.example/a?mail=x@y.z", "blog.partner.example", "referral", "website_link"),
        ("?gclid=1", "https://www.google.com/", "google", "cpc", "paid_search"),
        ("?yclid=1", "", "yahoo", "cpc", "paid_search"),
        ("?fbclid=1", "https://l.facebook.com/", "facebook", "social", "social"),
        ("?utm_source=Newsletter&utm_medium=Email", "https://mail.google.com/", "newsletter", "email", "email"),
        ("?utm_source=Partner", "", "partner", "", "other"),
        ("?utm_source=gdn&utm_medium=Display", "", "gdn", "display", "display"),
        ("?UTM_SOURCE=x&utm_medium=paid-social", "", "x", "paid-social", "paid_search"),
    ],
)
def test_a_visit_says_where_it_came_from(query: str, referrer: str, source: str, medium: str, code: str) -> None:
    touch = touch_of(PAGE + query, referrer)
    assert (touch["source"], touch.get("medium", ""), source_code(touch)) == (source, medium, code)


@pytest.mark.parametrize(
    ("url", "referrer"), [("", ""), ("http://[", "http://]"), ("javascript:1", "ftp://x"), (PAGE, "x" * 9000)]
)
def test_odd_addresses_are_a_direct_visit(url: str, referrer: str) -> None:
    assert touch_of(url, referrer)["source"] == "direct"


def test_what_follows_a_question_mark_in_the_page_before_is_not_kept() -> None:
    assert touch_of(PAGE, "https://a.example/b?mail=x@y.z")["referrer"] == "a.example/b"


def touched(number: int) -> Lead:
    """A lead with so many touches, and activities between them that are none."""
    lead = LeadFactory()
    for day in range(number):
        about = {"source": f"source-{day}", "medium": "email", "campaign": "autumn"}
        activity(lead, "page_view", AT + timedelta(days=day), object=f"/{day}", properties=about)
        activity(lead, "page_view", AT + timedelta(days=day, hours=1), object="/inside")
    return lead


def test_all_touches_stand_in_their_order_with_the_first_and_the_last_named() -> None:
    touches = touches_of(touched(3))
    assert [(touch.source, touch.page, touch.is_first, touch.is_last) for touch in touches.first] == [
        ("source-0", "/0", True, False),
        ("source-1", "/1", False, False),
        ("source-2", "/2", False, True),
    ]
    assert (touches.number, touches.between, touches.last) == (3, 0, [])


def test_of_many_the_first_and_the_last_are_shown_and_those_between_counted() -> None:
    touches = touches_of(touched(25))
    assert [touch.source for touch in touches.first] == [f"source-{day}" for day in range(10)]
    assert [touch.source for touch in touches.last] == [f"source-{day}" for day in range(15, 25)]
    assert (touches.number, touches.between) == (25, 5)
    assert (touches.first[0].is_first, touches.last[-1].is_last) == (True, True)


def test_the_names_of_other_tools_are_read_and_a_lead_without_touches_has_none(rep) -> None:
    lead = LeadFactory(owner=rep)
    assert touches_of(lead).number == 0
    assert as_(rep).get(f"/leads/{lead.pk}/touches/").content.strip() == b""
    activity(lead, "event_attend", AT, object="Fair", properties={"utm_source": "fair", "utm_campaign": 2026})
    found = touches_of(lead).first[0]
    assert (found.source, found.campaign, found.page) == ("fair", "2026", "Fair")
    assert "fair" in as_(rep).get(f"/leads/{lead.pk}/touches/").content.decode()


def test_a_rule_counts_visits_of_a_source(publish, now) -> None:
    lead = LeadFactory()
    about = {"source": "google", "medium": "cpc"}
    activity(lead, "page_view", now - timedelta(days=1), object="/", properties=about)
    activity(lead, "page_view", now - timedelta(days=1), object="/b")
    where = {"field": "properties.source", "op": "=", "value": "google"}
    publish(document({"name": "Ads", "each": {"activity": "page_view", "where": where}, "points": 7}))
    from scoring.models import LeadScore

    assert LeadScore.objects.get(lead=lead).total == 700
