"""The search at the top as a rep on the telephone uses it: typing, arrow keys, Escape."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.axe import violations
from tests.browser import SignIn
from tests.factories import LeadFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_caller_is_found_while_typing_and_reached_by_keys_alone(sign_in: SignIn, rep: User, outsider: User) -> None:
    LeadFactory(name="Sato Hanako", phone="03-1234-5678", owner=rep, team=rep.team)
    LeadFactory(name="Sato Ichiro", owner=outsider, team=outsider.team)
    page = sign_in(rep, "/search/")
    page.keyboard.press("/")
    page.keyboard.type("sato")
    found = page.locator("#found")
    expect(found.get_by_role("link", name="Sato Hanako")).to_be_visible()
    expect(found).to_contain_text("Osamu Outsider")
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    expect(found.get_by_role("link", name="Sato Hanako")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Message owner")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("[data-search]").focus()
    page.keyboard.press("Escape")
    expect(found).to_be_hidden()
