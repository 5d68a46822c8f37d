"""Websites and servers that speak as Segment or PostHog: what they send as they are becomes activities of leads."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from intake.models import BatchReceipt, FilteredEvent, Site
from leads.models import Activity, Lead, Visitor
from tests.factories import LeadFactory

PAGE = "https://www.example.com"
pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return Site.objects.create(name="Main", allowed_origins=[PAGE], page_types=[["/pricing*", "price_view"]])


def tell(site: Site, verb: str, body: Any, *, key: str | None = None, **headers: str) -> Any:
    """As Segment's libraries send: JSON, the write key as the user of Basic, no password."""
    basic = base64.b64encode(f"{site.write_key if key is None else key}:".encode()).decode()
    headers = {"Authorization": f"Basic {basic}"} | headers
    return Client().post(f"/v1/{verb}", json.dumps(body), content_type="application/json", headers=headers)


def told() -> list[tuple[str, str]]:
    return list(Activity.objects.order_by("occurred_at", "pk").values_list("type__code", "object"))


def track(number: int = 1, **rest: Any) -> dict[str, Any]:
    return {"type": "track", "messageId": f"m{number}", "anonymousId": "anon-1", "event": "Demo Request"} | rest


# --- Segment ---


@pytest.mark.parametrize("verb", ["track", "t"])
def test_a_tracked_event_is_an_activity_of_the_type_it_is_called_after(site: Site, verb: str) -> None:
    body = track(properties={"minutes": 5, "path": "/demo"}, timestamp=timezone.now().isoformat())
    answer = tell(site, verb, body)
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    stored = Activity.objects.get()
    assert (stored.type.code, stored.object, stored.properties["minutes"]) == ("demo_request", "/demo", 5)
    assert (stored.lead.is_anonymous, stored.source) == (True, site.source)


def test_an_anonymous_visitor_identifies_and_the_pages_read_before_are_the_leads(site: Site) -> None:
    page = {"anonymousId": "anon-1", "properties": {"url": f"{PAGE}/pricing?utm_source=x", "title": "Prices"}}
    tell(site, "page", page | {"messageId": "p1"})
    traits = {"email": "taro@example.co.jp", "firstName": "太郎", "lastName": "佐藤", "company": {"name": "アクメ"}}
    tell(site, "identify", {"messageId": "i1", "anonymousId": "anon-1", "userId": "u-7", "traits": traits})
    tell(site, "track", track(2, anonymousId=None, userId="u-7"))
    lead = Lead.objects.get()
    assert (lead.email, lead.external_id, lead.name, lead.company.name) == (
        "taro@example.co.jp", "u-7", "佐藤 太郎", "アクメ",
    )  # fmt: skip
    assert [code for code, _object in told()] == ["price_view", "demo_request"]
    view = Activity.objects.get(type__code="price_view")
    assert (view.properties["source"], view.properties["title"]) == ("x", "Prices")


def test_a_known_lead_stays_what_it_is(site: Site) -> None:
    known = LeadFactory(email="taro@example.co.jp", name="佐藤", external_id="own")
    tell(site, "identify", {"userId": "other", "anonymousId": "a-1", "traits": {"email": known.email, "name": "X"}})
    known.refresh_from_db()
    assert (Lead.objects.count(), known.name, known.external_id) == (1, "佐藤", "own")


def test_group_names_the_company_and_alias_joins_a_browser(site: Site) -> None:
    tell(site, "identify", {"userId": "u-1", "traits": {"email": "a@example.com"}})
    tell(site, "group", {"userId": "u-1", "groupId": "g", "traits": {"name": "Acme", "email": "not@the.person"}})
    tell(site, "alias", {"previousId": "anon-9", "userId": "u-1"})
    lead = Lead.objects.get()
    assert (lead.company.name, lead.email) == ("Acme", "a@example.com")
    assert Visitor.objects.get().lead == lead


def test_a_batch_is_taken_in_whole_and_the_same_batch_again_counts_nothing(site: Site) -> None:
    rows = [track(number) for number in range(5)] + [
        {"type": "screen", "name": "Home", "userId": "u", "messageId": "s"}
    ]
    for _time in range(2):
        assert tell(site, "batch", {"batch": rows}).status_code == 200
    assert sorted(told()) == [("demo_request", "")] * 5 + [("page_view", "Home")]
    receipts = BatchReceipt.objects.order_by("pk").values_list("received", "taken", "twice", "kept_back")
    assert list(receipts) == [(6, 6, 0, 0), (6, 0, 6, 0)]


def test_a_wrong_clock_is_corrected_by_the_time_of_sending(site: Site) -> None:
    now = timezone.now()
    wrong = now + timedelta(hours=5)
    times = {"timestamp": (wrong - timedelta(minutes=2)).isoformat(), "sentAt": wrong.isoformat()}
    tell(site, "track", track(**times))
    stored = Activity.objects.get()
    assert abs(stored.occurred_at - (now - timedelta(minutes=2))) < timedelta(seconds=5)
    assert datetime.fromisoformat(stored.properties["client_time"]) == wrong - timedelta(minutes=2)


def test_what_happened_long_ago_keeps_its_time(site: Site) -> None:
    now = timezone.now()
    long_ago = now - timedelta(days=90)
    tell(site, "track", track(timestamp=long_ago.isoformat(), sentAt=(now - timedelta(seconds=3)).isoformat()))
    assert abs(Activity.objects.get().occurred_at - long_ago) < timedelta(seconds=5)


def test_an_event_without_a_type_is_kept_back(site: Site) -> None:
    assert tell(site, "track", track(event="Something New")).status_code == 200
    assert (Activity.objects.count(), BatchReceipt.objects.get().kept_back) == (0, 1)


def test_programs_are_set_aside_by_what_the_sender_says_of_its_visitor(site: Site) -> None:
    tell(site, "track", track(1, context={"userAgent": "Googlebot/2.1"}))
    tell(site, "track", track(2), **{"User-Agent": "node-fetch/1.0"})
    tell(site, "track", track(3), **{"User-Agent": "Googlebot/2.1", "Origin": PAGE})
    assert (FilteredEvent.objects.count(), Activity.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    ("verb", "body", "headers", "status"),
    [
        ("track", {}, {"key": "lqw_no"}, 401),
        ("track", {}, {"Authorization": "Basic ???"}, 401),
        ("track", {}, {"Authorization": "Bearer x"}, 401),
        ("track", {}, {"Origin": "https://evil.example"}, 403),
        ("nothing", {}, {}, 400),
        ("track", [1], {}, 400),
        ("batch", {"batch": []}, {}, 400),
        ("batch", {"batch": [{}] * 1001}, {}, 400),
        ("batch", {"batch": "x"}, {}, 400),
    ],
)
def test_what_is_not_allowed_is_refused(site: Site, verb: str, body: Any, headers: dict, status: int) -> None:
    assert tell(site, verb, body, **headers).status_code == status
    assert (Lead.objects.count(), Activity.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "row",
    [
        {}, {"type": 5}, {"type": "track", "event": {}}, {"type": "track", "event": "x", "properties": 5},
        {"type": "page", "properties": {"url": "http://["}}, {"type": "identify", "traits": "x", "userId": 7},
        {"type": "identify", "traits": {"email": ["a"]}, "userId": "u"}, {"type": "alias"}, {"type": "group"},
        {"type": "track", "event": "Demo Request", "userId": "u", "timestamp": "never", "context": []},
        {"type": "track", "event": "Demo Request", "userId": "x" * 500, "messageId": "y" * 5000},
    ],
)  # fmt: skip
def test_odd_messages_break_nothing(site: Site, row: dict[str, Any]) -> None:
    assert tell(site, "batch", {"batch": [row]}).status_code == 200


# --- PostHog ---


def capture(path: str, body: Any, **rest: Any) -> Any:
    return Client().post(path, json.dumps(body), content_type="application/json", **rest)


def event(site: Site, name: str, **rest: Any) -> dict[str, Any]:
    properties = {"$current_url": f"{PAGE}/pricing", "title": "Prices"} | rest.pop("properties", {})
    return {"api_key": site.write_key, "event": name, "distinct_id": "d-1", "properties": properties} | rest


@pytest.mark.parametrize("path", ["/capture", "/capture/", "/e/", "/i/v0/e/"])
def test_a_captured_event_is_an_activity(site: Site, path: str) -> None:
    answer = capture(path, event(site, "$pageview", uuid="u1", timestamp=timezone.now().isoformat()))
    assert (answer.status_code, answer.json()) == (200, {"status": "Ok"})
    assert told() == [("price_view", "/pricing")]


@pytest.mark.parametrize("path", ["/batch", "/batch/"])
def test_a_batch_of_captured_events_with_who_it_is(site: Site, path: str) -> None:
    rows = [
        event(site, "$pageview", uuid="1", properties={"$referrer": "https://www.google.com/"}),
        event(site, "demo request", uuid="2", properties={"minutes": 7, "$browser": "Chrome"}),
        event(site, "$pageleave", uuid="3", properties={"$prev_pageview_duration": 33.2}),
        event(site, "$web_vitals", uuid="4"),
        event(site, "$identify", uuid="5", distinct_id="u-1", properties={
            "$anon_distinct_id": "d-1", "$set": {"email": "a@example.com", "name": "Ann Lee"}}),
        event(site, "demo_request", uuid="6", distinct_id="u-1"),
    ]  # fmt: skip
    body = {"api_key": site.write_key, "batch": rows}
    for _time in range(2):
        assert capture(path, body).status_code == 200
    lead = Lead.objects.present().get()
    assert (lead.email, lead.external_id, lead.name) == ("a@example.com", "u-1", "Ann Lee")
    assert sorted(code for code, _object in told()) == ["demo_request", "demo_request", "page_dwell", "price_view"]
    assert set(Activity.objects.values_list("lead", flat=True)) == {lead.pk}
    demo = Activity.objects.get(properties__minutes=7)
    assert "$browser" not in demo.properties
    receipt = BatchReceipt.objects.order_by("pk").first()
    assert (receipt.received, receipt.taken, receipt.filtered) == (5, 4, 1)


def test_a_packed_body_is_unpacked_and_one_that_swells_is_refused(site: Site) -> None:
    body = gzip.compress(json.dumps(event(site, "$pageview")).encode())
    answer = Client().post("/e/?compression=gzip-js", body, content_type="text/plain")
    assert (answer.status_code, len(told())) == (200, 1)
    bomb = gzip.compress(b" " * 50_000_000)
    headers = {"Content-Encoding": "gzip"}
    assert Client().post("/batch", bomb, content_type="application/json", headers=headers).status_code == 413
    assert Client().post("/batch", b"no", content_type="application/json", headers=headers).status_code == 400


@pytest.mark.parametrize("body", [{}, [], 5, None, {"api_key": "lqw_no"}, {"batch": [{}]}])
def test_without_a_key_nothing_is_taken(site: Site, body: Any) -> None:
    assert capture("/batch", body).status_code == 401
    assert Activity.objects.count() == 0


@pytest.mark.parametrize("row", [{"event": 5}, {"properties": []}, {"distinct_id": {}}, {"event": "$identify"}, 7])
def test_odd_captured_events_break_nothing(site: Site, row: Any) -> None:
    rows = [row, {"event": "$pageview", "distinct_id": "d"}]
    assert capture("/batch", {"api_key": site.write_key, "batch": rows}).status_code == 200
