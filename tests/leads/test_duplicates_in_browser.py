"""Sixty groups of duplicates, decided by keys alone, as fast as they come."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from leads.actions.duplicates import find_duplicates
from leads.enums import DuplicateState
from leads.models import Duplicate, Lead, Merge
from tests.axe import violations
from tests.browser import SignIn
from tests.factories import CompanyFactory, LeadFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GROUPS = 60
STATES = {"n": DuplicateState.DIFFERENT, "r": DuplicateState.RELATED, "l": DuplicateState.LATER}


@pytest.fixture
def planted(marketer: User) -> int:
    """Groups of two, one of three."""
    company = CompanyFactory(name="株式会社アクメ")
    for number in range(GROUPS):
        phone = f"090-1234-{number + 1000}"
        for name in ("佐藤 一郎", "サトウ イチロウ", "佐藤一郎様")[: 3 if number == 0 else 2]:
            LeadFactory(name=name, phone=phone, email="", company=company if number == 0 else None)
    while find_duplicates(now=timezone.now()):
        pass
    return Duplicate.objects.values("group").distinct().count()


@pytest.fixture
def visit(sign_in: SignIn, marketer: User, planted: int) -> Page:
    return sign_in(marketer, "/leads/duplicates/")


def test_groups_are_decided_by_keys_and_each_leads_to_the_next(visit: Page, planted: int) -> None:
    assert planted == GROUPS
    assert violations(visit) == []
    visit.get_by_role("link", name="Compare").first.click()
    heading = visit.get_by_role("heading", level=1)
    expect(heading).to_contain_text("3 leads")
    expect(visit.locator("#merge-effect")).to_contain_text("Owner after merging")
    assert violations(visit) == []
    visit.keyboard.press("x")
    expect(heading).to_contain_text("2 leads")
    visit.wait_for_load_state()
    for number in range(GROUPS + 1):  # whoever was taken out is asked about at the end
        # The page that comes has no mark; its address may be told late, and the key would meet the same group again.
        visit.evaluate("() => { document.body.dataset.left = 'yes' }")
        visit.keyboard.press("ynrl"[number % 4])
        expect(visit.locator("body:not([data-left]) h1")).to_be_visible()
        visit.wait_for_load_state()
    expect(visit).to_have_url(re.compile(r"/leads/duplicates/\?"))
    assert Merge.objects.count() == GROUPS // 4 + 1
    decided = {key: Duplicate.objects.filter(state=state).values("group").distinct() for key, state in STATES.items()}
    assert all(len(groups) == GROUPS // 4 for groups in decided.values())
    assert Lead.objects.present().count() == 2 * GROUPS - GROUPS // 4
