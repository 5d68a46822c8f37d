"""The settings of websites: what may be typed, the snippet, what filters caught and its release."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.audit import AuditFilter, entries
from intake.enums import FilterReason
from intake.forms.sites import SiteForm
from intake.models import BatchReceipt, DailySalt, FilteredEvent, Site, SiteSighting
from intake.tracking.release import forget
from leads.models import Activity
from tests.clients import as_

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, tzinfo=UTC)


def typed(**changes: Any) -> dict[str, Any]:
    return {"name": "Main", "origins": "https://www.example.com", "zone": "Asia/Tokyo", "pages": ""} | changes


def test_a_new_website_asks_for_consent_has_a_cookie_and_all_filters() -> None:
    form = SiteForm()
    checked = {name: form[name].value() for name in ("needs_consent", "uses_cookie", "filters")}
    assert checked == {"needs_consent": True, "uses_cookie": True, "filters": FilterReason.values}


def test_what_is_typed_line_by_line_is_kept_in_its_shortest_form(admin) -> None:
    lines = "https://WWW.example.com:443/\n\nhttp://127.0.0.1:8080\nhttps://*.example.com\nhttps://www.example.com"
    form = typed(origins=lines, networks="203.0.113.7/24\n2001:db8::1", pages="/pricing* price_view\n/a b/* case_view")
    answer = as_(admin).post("/settings/sites/new/", form)
    site = Site.objects.get()
    assert answer.headers["Location"] == f"/settings/sites/{site.pk}/snippet/"
    assert site.allowed_origins == ["https://www.example.com", "http://127.0.0.1:8080", "https://*.example.com"]
    assert site.internal_networks == ["203.0.113.0/24", "2001:db8::1/128"]
    assert site.page_types == [["/pricing*", "price_view"], ["/a b/*", "case_view"]]
    entry = entries(AuditFilter(kind="site"))[0][0]
    assert (entry.what, entry.who) == ("Main", admin)


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("origins", "www.example.com"), ("origins", "javascript:1"), ("origins", "https://a.example/path"),
        ("origins", "https://*"), ("origins", "https://[x"), ("origins", "ftp://a.example"), ("origins", "  "),
        ("networks", "10.0.0.0/99"), ("networks", "x"), ("pages", "pricing price_view"), ("pages", "/x nothing_such"),
        ("zone", "Mars/Base"), ("origins", "\n".join(f"https://a{number}.example" for number in range(60))),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told_at_its_field(admin, field: str, line: str) -> None:
    form = SiteForm(typed(**{field: line}))
    assert list(form.errors) == [field]
    assert as_(admin).post("/settings/sites/new/", typed(**{field: line})).status_code == 422
    assert Site.objects.count() == 0


@pytest.fixture
def site() -> Site:
    made = Site.objects.create(name="Main", allowed_origins=["https://www.example.com"])
    for number in range(3):
        row = {
            "key": f"k{number}", "lead": {"anonymous_id": f"visitor-{number}"}, "type": "page_view", "object": "/a",
            "occurred_at": (AT + timedelta(minutes=number)).isoformat(), "properties": {},
        }  # fmt: skip
        FilteredEvent.objects.create(
            site=made, key=f"k{number}", reason="bot", mark="Goodbot", row=row, received_at=timezone.now()
        )
    return made


def test_the_page_of_a_website_shows_its_snippet_and_where_it_was_seen(admin, site: Site) -> None:
    SiteSighting.objects.create(site=site, host="www.example.com", seen_at=timezone.now() - timedelta(minutes=3))
    page = as_(admin).get(f"/settings/sites/{site.pk}/snippet/").content.decode()
    snippet = f"&lt;script async src=&quot;http://testserver/t.js?site={site.write_key}&quot;&gt;&lt;/script&gt;"
    assert [text for text in (snippet, "Seen on www.example.com", "3 events set aside") if text not in page] == []


def test_what_was_caught_is_listed_and_released_once_at_its_own_time(admin, site: Site) -> None:
    client, path = as_(admin), f"/settings/sites/{site.pk}/filtered/"
    page = client.get(path, {"reason": "bot", "mark": "Goodbot"}).content.decode()
    assert ("Goodbot" in page, "Page view" in page) == (True, True)
    for _time in range(2):
        client.post(f"{path}release/", {"reason": "bot", "mark": "Goodbot"})
    times = list(Activity.objects.order_by("occurred_at").values_list("occurred_at", flat=True))
    assert times == [AT + timedelta(minutes=number) for number in range(3)]
    assert FilteredEvent.objects.filter(released_at=None).count() == 0
    assert list(BatchReceipt.objects.values_list("received", "taken")) == [(3, 3)]


@pytest.mark.parametrize("group", [{"reason": "x", "mark": "\0"}, {"reason": "bot", "mark": "other"}, {}])
def test_releasing_nothing_releases_nothing(admin, site: Site, group: dict[str, str]) -> None:
    as_(admin).post(f"/settings/sites/{site.pk}/filtered/release/", group)
    assert (Activity.objects.count(), FilteredEvent.objects.filter(released_at=None).count()) == (0, 3)


def test_what_is_old_is_forgotten(site: Site) -> None:
    now = timezone.now()
    FilteredEvent.objects.filter(key="k0").update(received_at=now - timedelta(days=31))
    for days in (0, 1, 3):
        DailySalt.objects.create(day=(now - timedelta(days=days)).date(), salt="s")
    forget(now=now)
    assert (FilteredEvent.objects.count(), DailySalt.objects.count()) == (2, 2)
