"""The list and the page of a lead as a person uses them, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from leads.models import ActivityType, Lead
from tests.axe import violations
from tests.browser import SignIn
from tests.factories import CompanyFactory, LeadFactory, activity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def leads(marketer: User) -> list[Lead]:
    now = timezone.now()
    company = CompanyFactory(name="Acme 株式会社", industry="Manufacturing", employees=320)
    made = [
        LeadFactory(name=f"Lead {place}", title="課長", company=company, created_at=now - timedelta(days=place))
        for place in range(3)
    ]
    ActivityType.objects.get_or_create(code="page_view", defaults={"label_en": "Page view", "label_ja": "ページ閲覧"})
    for hours in range(35):
        activity(made[1], "page_view", now - timedelta(hours=hours), object=f"/{hours}")
    return made


@pytest.fixture
def visit(sign_in: SignIn, marketer: User, leads: list[Lead]) -> Page:
    """The list as the marketer sees it."""
    return sign_in(marketer, "/leads/?sort=name")


def test_from_the_list_to_a_lead_and_on_to_the_next_by_key(visit: Page, leads: list[Lead]) -> None:
    assert violations(visit) == []
    visit.get_by_role("link", name="Lead 1").click()
    expect(visit.get_by_label("Next lead in list")).to_be_visible()
    assert violations(visit) == []
    visit.keyboard.press("]")
    expect(visit.get_by_role("heading", level=1)).to_contain_text("Lead 2")
    expect(visit.get_by_label("Previous lead in list")).to_be_visible()
    visit.keyboard.press("[")
    expect(visit.get_by_role("heading", level=1)).to_contain_text("Lead 1")


def test_a_field_is_corrected_in_place_and_a_wrong_one_is_kept(visit: Page, leads: list[Lead]) -> None:
    visit.get_by_role("link", name="Lead 1").click()
    visit.get_by_label("Change job title").click()
    expect(visit.locator("#fact-title input[name=title]")).to_be_focused()
    visit.keyboard.press("Control+A")
    visit.keyboard.type("部長")
    visit.keyboard.press("Enter")
    expect(visit.locator("#fact-title dd")).to_have_text("部長")
    visit.get_by_label("Change email").click()
    expect(visit.locator("#fact-email input[name=email]")).to_be_focused()
    visit.keyboard.press("Control+A")
    visit.keyboard.type("nobody")
    visit.keyboard.press("Enter")
    expect(visit.locator("#fact-email .lq-errors")).to_be_visible()
    expect(visit.locator("#fact-email input[name=email]")).to_have_value("nobody")
    leads[1].refresh_from_db()
    assert (leads[1].title, leads[1].email) == ("部長", leads[1].email)


def test_the_timeline_goes_on_where_it_ended(visit: Page, leads: list[Lead]) -> None:
    visit.get_by_role("link", name="Lead 1").click()
    expect(visit.locator(".lq-entry")).to_have_count(30)
    visit.locator(".lq-entry-older button").click()
    expect(visit.locator(".lq-entry")).to_have_count(35)


def test_on_a_phone_the_parts_of_the_page_are_tabs(visit: Page, leads: list[Lead]) -> None:
    visit.set_viewport_size({"width": 375, "height": 800})
    visit.get_by_role("link", name="Lead 1").click()
    expect(visit.locator("#timeline")).to_be_hidden()
    visit.get_by_role("tab", name="Timeline").click()
    expect(visit.locator("#timeline")).to_be_visible()
    assert visit.evaluate("document.documentElement.scrollWidth") == 375
    assert violations(visit) == []
