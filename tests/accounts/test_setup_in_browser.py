"""The first administrator is made in a real browser: from the sign-in page to the home page."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, expect

from accounts.models import User
from accounts.setup import setup_code
from tests.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_whoever_has_the_code_becomes_administrator(context: BrowserContext, complaints: list[str], settings) -> None:
    settings.DEMO = False
    page = context.new_page()
    page.goto(reverse("account_login"))
    page.wait_for_url("**/setup/")
    expect(page.locator("h1")).to_have_text("leadqualの初期設定")
    for width in (375, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    page.fill("[name=code]", "wrong")
    page.fill("[name=name]", "秋 藍")
    page.fill("[name=email]", "aki@example.com")
    page.fill("[name=password]", "a sentence that one keeps")
    page.click("button.lq-btn-main")
    expect(page.locator("#id_code_error")).to_be_visible()
    page.fill("[name=code]", setup_code())
    page.fill("[name=password]", "a sentence that one keeps")
    page.click("button.lq-btn-main")
    page.wait_for_url(lambda url: "setup" not in url and "login" not in url)
    expect(page.locator("#rail")).to_be_visible()
    person = User.objects.get()
    assert (person.email, person.language, complaints) == ("aki@example.com", "ja", [])
