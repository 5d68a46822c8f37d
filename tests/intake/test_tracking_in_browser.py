"""The script in pages of another website: from anonymous visits to a named, hot lead, and nothing without consent."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from handoff.actions import open_handoffs
from intake.models import Site, SiteSighting
from leads.models import Activity, Lead
from scoring.actions import score_all_dirty
from scoring.models import LeadScore
from tests.published import document

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BODY = """<!doctype html><html lang="ja"><head><title>{title}</title>
<link rel="icon" href="data:,"><script async src="{script}"></script></head><body><h1>{title}</h1>{body}
<a href="/">Top</a> <a href="/products.html">Products</a> <a href="/pricing.html">Prices</a></body></html>"""
FORM = """<form action="/thanks.html" data-lq-form="document_request">
<input type="hidden" data-lq="object" value="Catalogue">
<input name="m" type="email" aria-label="Email" data-lq="email"><input aria-label="Name" data-lq="name">
<input aria-label="Company" data-lq="company"><input aria-label="Secret" name="unmarked" value="not for us">
<input type="password" aria-label="Password" data-lq="password" value="hidden">
<button>Send</button></form>"""
CONSENT = """<button onclick="lq('consent', true)">Agree</button>
<button onclick="lq('consent', false)">Decline</button>"""
CLICKS = """() => {
  for (const url of ['/files/price.pdf', 'https://other.example/x']) {
    const link = document.createElement('a');
    link.href = url;
    link.onclick = (event) => event.preventDefault();
    document.body.append(link);
    link.click();
  }
}"""
RULES = (
    {"name": "Pages", "each": {"activity": "page_view"}, "points": 10},
    {"name": "Prices", "each": {"activity": "price_view"}, "points": 20},
    {"name": "Documents", "each": {"activity": "document_request"}, "points": 50},
)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def website(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server of pages on an origin of its own; gives its address and the directory of its pages."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", tmp_path
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def site(website: tuple[str, Path], live_server: LiveServer, settings) -> Site:
    """The website with the script in each of its pages. It may be read by programs: a program drives the browser."""
    settings.BASE_URL = live_server.url
    address, pages = website
    made = Site.objects.create(
        name="Main",
        allowed_origins=[address],
        needs_consent=False,
        filters=["bot"],
        page_types=[["/pricing*", "price_view"]],
    )
    script = f"{live_server.url}/t.js?site={made.write_key}"
    bodies = {"index": CONSENT, "products": "", "pricing": FORM, "thanks": ""}
    for name, body in bodies.items():
        page = BODY.format(title=name.capitalize(), script=script, body=body)
        (pages / f"{name}.html").write_text(page, encoding="utf-8")
    return made


def until(condition: Callable[[], bool], seconds: float = 15) -> None:
    """Wait until something is stored: a beacon answers nobody."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def stored(code: str) -> int:
    return Activity.objects.filter(type__code=code).count()


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


def test_an_anonymous_visitor_becomes_a_named_hot_lead_with_the_pages_read_before(
    context: BrowserContext, website, site: Site, sign_in, manager, publish
) -> None:
    publish(document(*RULES), at=timezone.now() - timedelta(hours=1))
    began = timezone.now()
    page = opened(context, f"{website[0]}/?utm_source=news&utm_medium=email&utm_campaign=autumn")
    until(lambda: stored("page_view") == 1)
    page.get_by_text("Products").first.click()
    until(lambda: stored("page_view") == 2)
    page.get_by_text("Prices").first.click()
    until(lambda: stored("price_view") == 1)
    score_all_dirty(now=timezone.now())
    visitor = Lead.objects.get()
    assert (visitor.is_anonymous, LeadScore.objects.get(lead=visitor).total) == (True, 4000)

    page.get_by_label("Email").fill("taro@acme.example.com")
    page.get_by_label("Name").fill("佐藤 太郎")
    page.get_by_label("Company").fill("アクメ株式会社")
    page.get_by_role("button", name="Send").click()
    until(lambda: stored("document_request") == 1 and Lead.objects.get().name != "")
    lead = Lead.objects.get()
    assert (lead.pk, lead.name, lead.email, lead.is_anonymous) == (
        visitor.pk, "佐藤 太郎", "taro@acme.example.com", False,
    )  # fmt: skip
    request = Activity.objects.get(type__code="document_request")
    assert (request.object, set(request.properties) & {"unmarked", "password"}) == ("Catalogue", set())
    assert (lead.source.code, lead.campaign) == ("email", "autumn")
    pages = Activity.objects.filter(type__code__in=["page_view", "price_view"], object__lt="/t").order_by("occurred_at")
    assert [view.object for view in pages] == ["/", "/products.html", "/pricing.html"]
    times = [view.occurred_at for view in pages]
    assert began <= times[0] < times[1] < times[2] <= request.occurred_at <= timezone.now()

    score_all_dirty(now=timezone.now())
    open_handoffs(now=timezone.now())
    desk = sign_in(manager, "/queue/?tab=all", apart=True)
    expect(desk.get_by_text("佐藤 太郎").first).to_be_visible()
    desk.goto(f"/leads/{lead.pk}/")
    expect(desk.get_by_text("/pricing.html").first).to_be_visible()
    assert SiteSighting.objects.get().host == website[0].removeprefix("http://")


def kept_in(page: Page, address: str) -> dict[str, object]:
    """Everything that a page can keep: cookies, storages, databases, caches."""
    return page.evaluate(
        """async () => ({cookies: document.cookie, local: localStorage.length, session: sessionStorage.length,
        databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length})"""
    ) | {"context": [cookie["name"] for cookie in page.context.cookies(address)]}


NOTHING = {"cookies": "", "local": 0, "session": 0, "databases": 0, "caches": 0, "context": []}


def test_without_consent_nothing_is_sent_or_stored_and_after_it_what_waited_is(
    context: BrowserContext, website, site: Site
) -> None:
    Site.objects.update(needs_consent=True)
    sent: list[str] = []
    context.on("request", lambda request: sent.append(request.url) if request.url.endswith("/t") else None)
    page = opened(context, website[0])
    page.wait_for_function("window.lq && !window.lq.q")
    assert kept_in(page, website[0]) == NOTHING
    page.get_by_text("Decline").click()
    page.get_by_text("Products").first.click()
    page.wait_for_function("window.lq && !window.lq.q")
    page.wait_for_timeout(1500)
    assert (kept_in(page, website[0]), sent) == (NOTHING, [])
    assert (Lead.objects.count(), Activity.objects.count()) == (0, 0)

    page.goto(website[0])
    page.wait_for_function("window.lq && !window.lq.q")
    page.get_by_text("Agree").click()
    until(lambda: stored("page_view") == 1)
    assert kept_in(page, website[0])["context"] == ["_lq"]
    page.get_by_text("Decline").click()
    assert kept_in(page, website[0]) == NOTHING


def test_without_a_cookie_nothing_is_kept_and_the_visitor_is_still_one(
    context: BrowserContext, website, site: Site
) -> None:
    Site.objects.update(uses_cookie=False)
    page = opened(context, website[0])
    until(lambda: stored("page_view") == 1)
    page.get_by_text("Products").first.click()
    until(lambda: stored("page_view") == 2)
    assert kept_in(page, website[0]) == NOTHING
    assert Lead.objects.count() == 1
    assert list(Activity.objects.filter(properties__has_key="source").values_list("object", flat=True)) == ["/"]


def test_pages_that_change_their_address_calls_clicks_downloads_and_time_are_told(
    context: BrowserContext, website, site: Site
) -> None:
    page = opened(context, website[0])
    page.wait_for_function("window.lq && !window.lq.q")
    page.wait_for_timeout(1100)
    page.evaluate("history.pushState({}, '', '/app/step-2')")
    page.evaluate("lq('track', 'Demo Request', {minutes: 5}); lq('identify', {email: 'a@acme.example.com'})")
    page.evaluate(CLICKS)
    until(lambda: Activity.objects.count() >= 6 and Lead.objects.get().email != "")
    told = set(Activity.objects.values_list("type__code", "object"))
    assert told >= {
        ("page_view", "/"), ("page_dwell", "/"), ("page_view", "/app/step-2"), ("demo_request", "/app/step-2"),
        ("file_download", "/files/price.pdf"), ("link_click", "other.example/x"),
    }  # fmt: skip
