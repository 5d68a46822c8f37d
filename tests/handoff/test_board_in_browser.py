"""The board in a real browser, served as in production."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from handoff.actions import claim_handoff
from handoff.models import Handoff
from tests.factories import LeadFactory
from tests.handoff.world import handoff_of
from tests.streaming import live_server as live_server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SOON = 2_000  # milliseconds


def hot(name: str, minutes: int = 60) -> Handoff:
    return handoff_of(LeadFactory(name=name), at=timezone.now() - timedelta(minutes=minutes))


@pytest.fixture
def board(manager, sign_in):
    """The manager's browser at the board, listening."""
    cache.clear()

    def opened():
        page = sign_in(manager)
        page.goto("/handoff/board/")
        page.locator("lq-live[data-state=on]").wait_for()
        return page

    return opened


def test_a_claim_moves_the_card_by_itself(board, rep):
    handoff = hot("Aki Alone")
    page = board()
    expect(page.locator("[data-column=queued] h2 a")).to_have_text("1")
    claim_handoff(handoff=handoff, by=rep, now=timezone.now())
    page.locator(f"[data-column=claimed] #card-{handoff.pk}").wait_for(timeout=SOON)
    expect(page.locator("[data-column=queued] h2 a")).to_have_text("0")


def test_nothing_moves_under_a_resting_pointer_but_the_numbers_follow(board, rep):
    first, second = hot("First Lead", 90), hot("Second Lead", 30)
    page = board()
    card = page.locator(f"#card-{second.pk}")
    card.hover()
    place = card.bounding_box()
    claim_handoff(handoff=first, by=rep, now=timezone.now())
    page.locator("[data-show]").wait_for(timeout=SOON)
    expect(page.locator("[data-column=claimed] h2 a")).to_have_text("1")
    expect(page.locator(f"#card-{first.pk}")).to_have_attribute("data-gone", "")
    assert card.bounding_box() == place
    page.keyboard.press("r")
    page.locator(f"[data-column=claimed] #card-{first.pk}").wait_for()
    expect(page.locator("[data-show]")).to_be_hidden()


def test_a_lead_is_given_to_a_person_by_dragging_and_by_keys(board, rep, other_rep):
    one, two = hot("First Lead", 90), hot("Second Lead", 30)
    page = board()
    page.locator(f"#card-{one.pk}").drag_to(page.locator(f"[data-person='{rep.pk}']"))
    page.locator("lq-toast").get_by_text("1 lead done.").wait_for()
    assert Handoff.objects.get(pk=one.pk).owner == rep
    expect(page.locator(f"[data-live='load-{rep.pk}']")).to_have_text("1")
    page.locator(f"#card-{two.pk} [data-row]").focus()
    page.keyboard.press("a")
    page.get_by_label("Owner").select_option(label=str(other_rep))
    page.locator("#dialog").get_by_role("button", name="Assign").click()
    expect(page.locator(f"[data-live='load-{other_rep.pk}']")).to_have_text("1")
    assert Handoff.objects.get(pk=two.pk).owner == other_rep
