"""A number where it is night takes one more press."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from handoff.calling_hours import countries_to_leave_alone, zones_of
from tests.handoff.world import claimed_by

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_first_press_only_says_that_another_one_calls(rep, sign_in):
    asleep = next(code for code in countries_to_leave_alone(timezone.now()) if len(zones_of(code)) == 1)
    claimed_by(rep, name="Far Away", country=asleep, phone="+49301234567", at=timezone.now())
    page = sign_in(rep, "/queue/?tab=mine")
    number = page.locator("a.hq-asleep")
    expect(number).to_contain_text("there")
    number.click()
    expect(number).to_contain_text("Press again to call")
    expect(number).not_to_have_attribute("data-asleep", "Press again to call")
    expect(number).to_have_attribute("href", "tel:+49301234567")
