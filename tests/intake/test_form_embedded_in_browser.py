"""A visitor of a website of another origin reads pages, fills in the form on one, and is a lead with all of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from intake.models import Site, Submission, WebForm
from leads.models import Activity, Lead
from scoring.actions import score_all_dirty
from scoring.models import LeadScore
from tests.axe import violations
from tests.browser import listen
from tests.intake.form_visits import CHROME, asked, published_form, question
from tests.published import Publish, document

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


COMPOSE = """(element, [event, data]) =>
    element.dispatchEvent(new CompositionEvent(`composition${event}`, {data, bubbles: true}))"""


class Shop(BaseHTTPRequestHandler):
    """A website with three pages, whose policy allows what the documentation says and nothing else."""

    def __init__(self, *args: Any, pages: dict[str, str], policy: str, **kwargs: Any) -> None:
        self.pages, self.policy = pages, policy
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        body = self.pages.get(self.path.partition("?")[0], "")
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", self.policy)
        self.end_headers()
        self.wfile.write(
            f'<!doctype html><html lang="ja"><title>店</title><link rel="icon" href="data:,">{body}'.encode()
        )

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def pages() -> dict[str, str]:
    return {}


@pytest.fixture
def shop(live_server: LiveServer, pages: dict[str, str]) -> Iterator[str]:
    base = live_server.url
    policy = f"default-src 'none'; img-src data:; script-src {base}; frame-src {base}; connect-src {base}"
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Shop, pages=pages, policy=policy))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def site(shop: str, live_server: LiveServer, settings: Any) -> Site:
    settings.BASE_URL, settings.SITES_READ_EVERY = live_server.url, 0
    return Site.objects.create(name="Shop", allowed_origins=[shop], needs_consent=False, filters=[])


@pytest.fixture
def visitor(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    """Somebody with a browser of their own, who is nobody yet."""
    context = browser.new_context(user_agent=CHROME, locale="ja-JP", reduced_motion="reduce")
    listen(context, complaints)
    yield context.new_page()
    context.close()


def put_on_pages(form: WebForm, site: Site, base: str, pages: dict[str, str]) -> None:
    tracking = f'<script async src="{base}/t.js?site={site.write_key}"></script>'
    pages["/"] = f"{tracking}<h1>ようこそ</h1>"
    pages["/pricing"] = f"{tracking}<h1>料金</h1>"
    pages["/form"] = f'{tracking}<h1>資料</h1><script async src="{base}/f.js?form={form.key}" data-lang="ja"></script>'


def test_an_anonymous_visitor_becomes_a_named_scored_lead_with_the_earlier_pages(
    visitor: Page, site: Site, shop: str, pages: dict[str, str], live_server: LiveServer, marketer: User,
    publish: Publish,
) -> None:  # fmt: skip
    rule = {"name": "Asked for documents", "each": {"activity": "form_submit"}, "points": 75}
    seen = {"name": "Saw a page", "each": {"activity": "page_view"}, "points": 1}
    publish(document(rule, seen), score=False)
    put_on_pages(published_form(marketer, site=site), site, live_server.url, pages)
    visitor.goto(f"{shop}/?utm_source=google&utm_medium=cpc")
    expect.set_options(timeout=20_000)
    for path in ("/pricing", "/form"):
        with visitor.expect_request("**/t"):
            visitor.goto(f"{shop}{path}")
    form = visitor.frame_locator("iframe")
    form.get_by_label("企業名").fill("アクメ株式会社")
    form.locator("[data-part=family]").fill("佐藤")
    form.locator("[data-part=given]").fill("花子")
    form.locator("[data-part=family_kana]").fill("さとう")
    form.locator("[data-part=given_kana]").fill("はなこ")
    form.locator("[name=q-email]").fill("hanako@")
    form.locator("[name=q-consent]").check()
    expect(form.locator("#error-email")).to_contain_text("hanako@")
    form.locator("[name=q-email]").fill("hanako@example.jp")
    visitor.wait_for_timeout(2_100)  # nobody types faster
    form.locator(".send").click()
    expect(form.get_by_role("status")).to_contain_text("送信しました")
    score_all_dirty(now=timezone.now())
    lead = Lead.objects.get(merged_into=None)
    assert (lead.name, lead.kana, lead.email) == ("佐藤 花子", "サトウ ハナコ", "hanako@example.jp")
    told = set(Activity.objects.filter(lead=lead).values_list("type__code", "object"))
    assert {("page_view", "/"), ("page_view", "/pricing"), ("form_submit", "資料請求")} <= told
    assert (lead.source.code if lead.source else "", LeadScore.objects.get(lead=lead).total >= 7500) == (
        "paid_search",
        True,
    )
    assert Submission.objects.get().page == f"{shop.partition('//')[2]}/form"


def test_the_frame_is_as_high_as_the_form(
    visitor: Page, site: Site, shop: str, pages: dict[str, str], live_server: LiveServer, marketer: User
) -> None:
    more = [asked("lead.address"), question("timing", "now", "later"), asked("lead.enquiry")]
    form = published_form(marketer, *more, site=site)
    put_on_pages(form, site, live_server.url, pages)
    visitor.goto(f"{shop}/form")
    frame = visitor.locator("iframe")
    expect(visitor.frame_locator("iframe").locator(".send")).to_be_visible()
    expect(frame).not_to_have_attribute("height", "600")
    inner = visitor.frames[1].evaluate("document.documentElement.offsetHeight")
    assert abs(int(frame.get_attribute("height") or 0) - inner) < 12
    visitor.goto(f"{live_server.url}/f/{form.key}?lang=ja")
    visitor.set_viewport_size({"width": 375, "height": 800})
    assert visitor.evaluate("document.documentElement.scrollWidth") <= 375


def test_the_post_code_fills_in_and_the_reading_follows_what_is_typed(
    visitor: Page, site: Site, live_server: LiveServer, marketer: User
) -> None:
    form = published_form(marketer, asked("lead.address"), site=site)
    visitor.goto(f"{live_server.url}/f/{form.key}")
    visitor.locator("[data-part=postcode]").fill("１０５-００１１")
    visitor.locator("[data-part=line]").click()
    expect(visitor.locator("[data-part=region]")).to_have_value("東京都")
    expect(visitor.locator("[data-part=line]")).to_have_value("港区芝公園")
    family = visitor.locator("[data-part=family]")
    family.focus()
    for event, text in (("start", ""), ("update", "さとう"), ("update", "佐藤"), ("end", "佐藤")):
        family.evaluate(COMPOSE, [event, text])
    expect(visitor.locator("[data-part=family_kana]")).to_have_value("サトウ")
    assert not Submission.objects.exists()


def test_the_page_is_accessible(visitor: Page, site: Site, live_server: LiveServer, marketer: User) -> None:
    form = published_form(marketer, asked("lead.address"), question("timing", "now", "later"), site=site)
    visitor.goto(f"{live_server.url}/f/{form.key}?lang=ja")
    assert violations(visitor) == []
    visitor.locator(".send").click()
    expect(visitor.locator("#problems")).to_be_focused()
    assert violations(visitor) == []


def test_a_field_that_depends_on_another_comes_and_goes(
    visitor: Page, site: Site, live_server: LiveServer, marketer: User
) -> None:
    budget = question("budget", when={"field": "timing", "op": "=", "value": "now"}, required=True)
    form = published_form(marketer, question("timing", "now", "later"), budget, site=site)
    visitor.goto(f"{live_server.url}/f/{form.key}?lang=ja")
    expect(visitor.locator("[name=q-budget]")).to_be_hidden()
    visitor.locator("[name=q-timing][value=now]").check()
    expect(visitor.locator("[name=q-budget]")).to_be_visible()
    visitor.locator("[name=q-timing][value=later]").check()
    expect(visitor.locator("[name=q-budget]")).to_be_hidden()
