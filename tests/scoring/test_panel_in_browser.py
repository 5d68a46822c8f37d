"""Why this score, in a real browser: everybody can read it, and what is posted there breaks no rule of the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import Role
from leads.models import Lead
from tests.axe import violations
from tests.factories import LeadFactory, UserFactory, activity
from tests.published import Publish, document, mail_rule

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lead(publish: Publish) -> Lead:
    """Hot today by fading points."""
    at, made = timezone.now() - timedelta(minutes=5), LeadFactory(name="Lead 1")
    for mail in range(4):
        activity(made, "email_open", at - timedelta(days=mail), object=f"mail-{mail}")
    publish(document(mail_rule(points=25, decay={"half_life": "30d"})), at=at)
    return made


@pytest.fixture
def why(live_server: LiveServer, context: BrowserContext, lead: Lead) -> Iterator[Page]:
    """The lead's page with its score and the days ahead; what the browser complains about fails the test."""
    client = Client()
    client.force_login(UserFactory(role=Role.MARKETER, language="en"))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}{lead.get_absolute_url()}")
    page.locator(".lq-turns, .lq-curve").first.wait_for()
    yield page
    assert complaints == []


def test_the_score_is_accessible_down_to_its_evidence(why: Page) -> None:
    assert violations(why) == []
    why.locator(".lq-step summary").first.click()
    expect(why.get_by_text("mail-3").first).to_be_visible()
    assert violations(why) == []


def test_a_part_is_drawn_again_with_a_menu_that_was_opened(why: Page) -> None:
    """The place of a menu is style that only a script may set, not markup that is drawn again."""
    menu = why.locator("#timeline lq-menu button").first
    menu.click()
    expect(why.get_by_role("button", name="Do not count").first).to_be_visible()
    menu.click()
    with why.expect_response("**/timeline/**"):
        why.locator("#timeline").get_by_role("button", name="All").click()
    why.locator("#timeline lq-menu button").first.click()
    expect(why.get_by_role("button", name="Do not count").first).to_be_visible()
