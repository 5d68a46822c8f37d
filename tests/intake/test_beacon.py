"""`POST /t`: what a website sends becomes activities of its visitors, once each, at the times they happened."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from intake.models import FilteredEvent, Site, SiteSighting
from leads.models import Activity, Lead, Visitor
from tests.factories import LeadFactory

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
PAGE = "https://www.example.com"
pytestmark = pytest.mark.django_db
Tell = Callable[..., Any]


@pytest.fixture
def site() -> Site:
    return Site.objects.create(
        name="Main", allowed_origins=[PAGE], needs_consent=False, page_types=[["/pricing*", "price_view"]]
    )


@pytest.fixture
def tell(site: Site) -> Tell:
    """Send events of a visitor from a page of the site; what stands in `beacon` replaces parts of it."""
    numbers = iter(range(1000))

    def tell(*events: dict[str, Any], agent: str = CHROME, origin: str = PAGE, address: str = "", **beacon: Any) -> Any:
        now = int(timezone.now().timestamp() * 1000)
        told = [{"id": f"e{next(numbers)}", "type": "page", "at": now, "url": f"{PAGE}/"} | event for event in events]
        body = {"site": site.write_key, "visitor": "visitor-1", "sent": now, "consent": True, "events": told} | beacon
        headers = {"Origin": origin, "User-Agent": agent} | ({"X-Forwarded-For": address} if address else {})
        return Client().post("/t", json.dumps(body), content_type="text/plain;charset=UTF-8", headers=headers)

    return tell


def told() -> list[tuple[str, str]]:
    return list(Activity.objects.order_by("occurred_at", "pk").values_list("type__code", "object"))


def test_a_page_view_is_an_activity_of_an_anonymous_visitor(tell: Tell, site: Site) -> None:
    assert tell({"url": f"{PAGE}/products/a?email=x@example.com#top", "title": "A"}).status_code == 204
    stored = Activity.objects.get()
    assert (stored.type.code, stored.object, stored.source) == ("page_view", "/products/a", site.source)
    assert stored.properties == {"title": "A", "host": "www.example.com"}
    assert (stored.lead.is_anonymous, stored.lead.visitors.get().key) == (True, "visitor-1")


def test_the_same_event_sent_again_counts_once(tell: Tell) -> None:
    for _time in range(3):
        assert tell({"id": "same"}).status_code == 204
    assert Activity.objects.count() == 1


def test_a_path_of_its_own_type_is_an_activity_of_that_type(tell: Tell) -> None:
    tell({"url": f"{PAGE}/pricing/team"})
    assert told() == [("price_view", "/pricing/team")]


def test_every_kind_of_event_becomes_its_activity(tell: Tell) -> None:
    tell(
        {"type": "dwell", "url": f"{PAGE}/a", "seconds": 42},
        {"type": "click", "url": "https://other.example/x"},
        {"type": "download", "url": f"{PAGE}/files/price.pdf"},
        {"type": "form", "name": "document_request", "fields": {"object": "Catalogue", "seats": "30"}},
        {"type": "form", "name": "contact", "fields": {}},
        {"type": "track", "name": "Demo Request", "properties": {"object": "Webinar demo", "minutes": 5}},
    )
    assert sorted(told()) == [
        ("demo_request", "Webinar demo"),
        ("document_request", "Catalogue"),
        ("file_download", "/files/price.pdf"),
        ("form_submit", "contact"),
        ("link_click", "other.example/x"),
        ("page_dwell", "/a"),
    ]
    assert Activity.objects.get(type__code="page_dwell").properties["seconds"] == 42
    assert Activity.objects.get(type__code="document_request").properties["seats"] == 30


def test_a_wrong_clock_is_corrected_and_what_it_said_is_kept(tell: Tell) -> None:
    now = timezone.now()
    wrong = now - timedelta(hours=3)
    tell({"at": int((wrong - timedelta(seconds=90)).timestamp() * 1000)}, sent=int(wrong.timestamp() * 1000))
    stored = Activity.objects.get()
    assert abs(stored.occurred_at - (now - timedelta(seconds=90))) < timedelta(seconds=5)
    said = datetime.fromisoformat(stored.properties["client_time"])
    assert abs(said - (wrong - timedelta(seconds=90))) < timedelta(seconds=1)


def test_a_clock_that_is_right_says_no_more_than_the_time(tell: Tell) -> None:
    tell({})
    assert "client_time" not in Activity.objects.get().properties


def test_a_visit_keeps_where_it_came_from_and_its_first_one_is_the_source_of_the_lead(tell: Tell) -> None:
    tell({"url": f"{PAGE}/lp?utm_source=Google&utm_medium=CPC&utm_campaign=spring&gclid=abc", "visit": True})
    tell({"visit": True, "referrer": "https://www.bing.com/search?q=x"})
    first, second = Activity.objects.order_by("pk")
    touch = {name: first.properties.get(name) for name in ("source", "medium", "campaign", "click_id")}
    assert touch == {"source": "google", "medium": "cpc", "campaign": "spring", "click_id": "gclid"}
    assert (second.properties["source"], second.properties["medium"]) == ("bing", "organic")
    assert second.properties["referrer"] == "www.bing.com/search"
    lead = Lead.objects.get()
    assert (lead.source.code, lead.campaign) == ("paid_search", "spring")


def test_a_form_names_the_visitor_with_the_pages_read_before(tell: Tell) -> None:
    tell({"url": f"{PAGE}/a"}, {"url": f"{PAGE}/b"})
    fields = {
        "email": "Taro@Example.co.jp",
        "name": "佐藤 太郎",
        "company": "アクメ株式会社",
        "message": "30名で検討中",
    }
    tell({"type": "form", "name": "document_request", "fields": fields})
    lead = Lead.objects.get()
    assert (lead.email, lead.name, lead.is_anonymous) == ("taro@example.co.jp", "佐藤 太郎", False)
    assert lead.company.name == "アクメ株式会社"
    assert [about for _type, about in told()] == ["/a", "/b", "/"]
    assert set(Activity.objects.values_list("lead", flat=True)) == {lead.pk}


def test_what_is_known_already_is_not_changed_by_what_a_website_says(tell: Tell) -> None:
    known = LeadFactory(email="taro@example.co.jp", name="佐藤 太郎", phone="", external_id="c-1", consent=False)
    traits = {"email": known.email, "external_id": "forged", "name": "X", "phone": "03-1234-5678", "consent": True}
    tell({"type": "identify", "traits": traits})
    known.refresh_from_db()
    assert (known.name, known.external_id, known.phone) == ("佐藤 太郎", "c-1", "03-1234-5678")
    assert known.consent is False
    assert Visitor.objects.get().lead == known


def test_identify_alone_adds_the_lead_and_no_activity(tell: Tell) -> None:
    tell({"type": "identify", "traits": {"email": "new@example.com", "firstName": "Ann", "lastName": "Lee"}})
    assert (Lead.objects.get().email, Lead.objects.get().name) == ("new@example.com", "Ann Lee")
    assert Activity.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": ""}, 403),
        ({"origin": f"{PAGE}.evil.example"}, 403),
        ({"site": "lqw_unknown"}, 403),
        ({"visitor": "x"}, 400),
        ({"visitor": {"a": 1}}, 400),
        ({"events": []}, 400),
        ({"events": [{}] * 51}, 400),
        ({"events": "page"}, 400),
    ],
)
def test_what_is_not_allowed_is_refused_and_leaves_nothing(tell: Tell, change: dict[str, Any], status: int) -> None:
    assert tell({}, **change).status_code == status
    assert (Lead.objects.count(), Activity.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '{"events": NaN}', '{"a": "\\u0000"}', "[" * 60000, "x" * 70000]
)
def test_hostile_bodies_are_refused(site: Site, body: str) -> None:
    answer = Client().post("/t", body, content_type="text/plain", headers={"Origin": PAGE})
    assert answer.status_code in (400, 403, 413)


@pytest.mark.parametrize(
    "event",
    [
        {"type": None}, {"type": []}, {"url": 5}, {"url": "javascript:alert(1)"}, {"at": "soon"}, {"at": 1e300},
        {"at": -1}, {"referrer": "http://["}, {"visit": "yes"}, {"id": None}, {"type": "form", "fields": [1]},
        {"type": "identify", "traits": 7}, {"type": "identify", "traits": {"email": {"a": 1}}},
        {"type": "identify", "traits": {"email": "no address", "company": []}},
        {"type": "track", "name": "x" * 500}, {"type": "dwell", "seconds": True}, {"title": "x" * 5000},
    ],
)  # fmt: skip
def test_an_odd_event_breaks_nothing(tell: Tell, event: dict[str, Any]) -> None:
    assert tell(event).status_code == 204


def test_without_consent_nothing_is_taken_where_the_site_asks_for_it(tell: Tell, site: Site) -> None:
    Site.objects.update(needs_consent=True)
    assert tell({}, consent=False).status_code == 403
    assert Activity.objects.count() == 0
    assert tell({}).status_code == 204


def test_without_a_cookie_a_visitor_is_one_for_a_day_whatever_the_browser_says(tell: Tell, site: Site) -> None:
    Site.objects.update(uses_cookie=False)
    tell({}, visitor="")
    tell({}, visitor="forged-id")
    tell({}, agent=CHROME.replace("131", "132"))
    keys = sorted(Visitor.objects.values_list("key", flat=True))
    assert [len(keys), all(key.startswith("d-") for key in keys)] == [2, True]


def test_a_site_says_which_host_sent_last(tell: Tell, site: Site) -> None:
    tell({})
    assert SiteSighting.objects.get().host == "www.example.com"


GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.mark.parametrize(
    ("agent", "reason", "mark"),
    [
        (GOOGLEBOT, "bot", "Googlebot"),
        ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "preview", "Slackbot"),
        ("python-requests/2.32", "scanner", "python-requests"),
        ("Mozilla/5.0 HeadlessChrome/131.0", "scanner", "HeadlessChrome"),
        ("Mozilla/5.0 (compatible; Barracuda Sentinel (EE))", "scanner", "barracuda"),
    ],
)
def test_programs_are_set_aside_with_what_gave_them_away(tell: Tell, agent: str, reason: str, mark: str) -> None:
    assert tell({}, agent=agent).status_code == 204
    assert (Activity.objects.count(), Lead.objects.count()) == (0, 0)
    assert (FilteredEvent.objects.get().reason, FilteredEvent.objects.get().mark) == (reason, mark)


def test_own_networks_are_set_aside_and_a_filter_that_is_off_catches_nobody(tell: Tell, site: Site) -> None:
    Site.objects.update(internal_networks=["127.0.0.0/8"])
    tell({})
    assert FilteredEvent.objects.get().mark == "127.0.0.0/8"
    Site.objects.update(filters=["bot"])
    tell({})
    tell({}, agent=GOOGLEBOT)
    assert (Activity.objects.count(), FilteredEvent.objects.count()) == (1, 2)


def test_times_of_events_are_kept_in_the_past_too(tell: Tell) -> None:
    at = timezone.now() - timedelta(minutes=20)
    tell({"at": int(at.timestamp() * 1000)})
    assert abs(Activity.objects.get().occurred_at.astimezone(UTC) - at) < timedelta(seconds=2)
