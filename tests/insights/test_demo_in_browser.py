"""The first five minutes in a browser: from nothing, by the demo data, to hot leads in the queue, and back again."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import User
from insights.actions import demo_load, run_demo_step
from leads.models import Lead
from tests.axe import violations
from tests.browser import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_first_steps_to_a_hot_lead_and_back(
    sign_in: SignIn, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_load, "BATCHES", 2)
    page = sign_in(admin, "/scoring/models/")
    assert violations(page) == []
    page.get_by_role("link", name="Load demo data").click()
    page.get_by_text("What will be created").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Load demo data").click()
    page.get_by_text("Waiting to start").wait_for()
    run_demo_step(now=timezone.now())
    run_demo_step(now=timezone.now())
    page.get_by_text("50 / 100").wait_for()
    assert violations(page) == []
    while run_demo_step(now=timezone.now()):
        pass
    page.get_by_text("What was created").wait_for()
    page.set_viewport_size({"width": 375, "height": 700})
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    page.get_by_role("link", name="View hot leads").click()
    page.locator("#queue-rows > li[data-row]").first.wait_for()
    page.goto("/settings/demo/")
    page.get_by_role("button", name="Remove demo data").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_text("100 demo leads removed.").wait_for()
    assert not Lead.objects.exists()
