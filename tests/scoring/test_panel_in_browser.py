"""Why this score, in a real browser: everybody can read it, and what is posted there breaks no rule of the page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from leads.models import Lead
from tests.axe import violations
from tests.browser import SignIn
from tests.factories import LeadFactory, activity
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
def why(sign_in: SignIn, marketer: User, lead: Lead) -> Page:
    """The lead's page with its score and the days ahead."""
    page = sign_in(marketer, lead.get_absolute_url())
    page.locator(".lq-turns, .lq-curve").first.wait_for()
    return page


def test_the_score_is_accessible_down_to_its_evidence(why: Page) -> None:
    assert violations(why) == []
    why.locator(".lq-step summary").first.click()
    expect(why.get_by_text("mail-3").first).to_be_visible()
    assert violations(why) == []


def test_a_part_is_drawn_again_with_a_menu_that_was_opened(why: Page) -> None:
    """The place of a menu is style that only a script may set, not markup that is drawn again."""
    menu = why.locator("#timeline lq-menu button").first
    menu.click()
    expect(why.get_by_role("button", name="Exclude from scoring").first).to_be_visible()
    menu.click()
    with why.expect_response("**/timeline/**"):
        why.locator("#timeline").get_by_role("button", name="All").click()
    why.locator("#timeline lq-menu button").first.click()
    expect(why.get_by_role("button", name="Exclude from scoring").first).to_be_visible()
