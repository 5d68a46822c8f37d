"""The team page in a real browser: assigned by keys in bulk, judged by axe, readable on a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from handoff.models import Deadline, Handoff
from tests.axe import violations
from tests.handoff.world import claimed_by

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def near(rep):
    """Two leads of the rep whose promise ends in a moment."""
    found = [claimed_by(rep, name=name) for name in ("First Lead", "Second Lead")]
    at = timezone.now() + timedelta(minutes=20)
    Deadline.objects.update(due_at=at, warn_at=at)
    Handoff.objects.update(due_at=at)
    return found


def test_what_is_about_to_be_missed_goes_to_somebody_else_with_three_keys(near, manager, other_rep, sign_in):
    page = sign_in(manager, "/handoff/team/")
    expect(page.locator("[data-live=near]")).to_have_text("2")
    for _number in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    page.keyboard.press("a")
    page.get_by_label("Owner").select_option(label=str(other_rep))
    page.locator("#dialog").get_by_role("button", name="Change all").click()
    page.locator("lq-toast").get_by_text("2 leads done.").wait_for()
    expect(page.locator(f"[data-live='open-{other_rep.pk}']")).to_have_text("2")
    page.locator("lq-toast").get_by_role("button", name="Undo").click()
    page.get_by_text("Undone for 2 leads.").wait_for()
    assert set(Handoff.objects.values_list("owner__name", flat=True)) == {"Ren Rep"}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_is_accessible_and_fits_a_phone(near, manager, sign_in, language):
    manager.language = language
    manager.save()
    page = sign_in(manager, "/handoff/team/")
    page.locator("#near-rows tr").first.wait_for()
    assert violations(page) == []
    page.set_viewport_size({"width": 375, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 375
