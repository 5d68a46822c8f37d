"""The board in a real browser, served as in production."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from handoff.actions import claim_handoff, log_contact
from handoff.errors import AMOUNT_MISSING
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
    page.locator(f"#card-{two.pk}").focus()
    page.keyboard.press("a")
    page.get_by_label("Owner").select_option(label=str(other_rep))
    page.locator("#dialog").get_by_role("button", name="Assign").click()
    expect(page.locator(f"[data-live='load-{other_rep.pk}']")).to_have_text("1")
    assert Handoff.objects.get(pk=two.pk).owner == other_rep


def contacted(name: str, rep) -> Handoff:
    handoff = hot(name)
    claim_handoff(handoff=handoff, by=rep, now=timezone.now())
    log_contact(handoff=handoff, by=rep, at=timezone.now(), channel="phone", now=timezone.now())
    return handoff


def test_a_lead_dragged_onto_a_result_asks_for_what_it_needs_and_is_undone_once(board, rep):
    handoff = contacted("Dora Deal", rep)
    page = board()
    page.locator(f"#card-{handoff.pk}").drag_to(page.locator("#result-won"))
    dialog = page.locator("#dialog")
    expect(dialog.get_by_role("radio", name="Won")).to_be_checked()
    dialog.get_by_role("button", name="Record result").click()
    expect(dialog.get_by_text(str(AMOUNT_MISSING)).first).to_be_visible()
    dialog.get_by_label("Deal amount").fill("1200000")
    dialog.get_by_role("button", name="Record result").click()
    page.locator(f"[data-column=won] #card-{handoff.pk}").wait_for()
    expect(page.locator("[data-column=contacted] h2 a")).to_have_text("0")
    page.keyboard.press("u")
    page.locator(f"[data-column=contacted] #card-{handoff.pk}").wait_for()
    assert Handoff.objects.get(pk=handoff.pk).outcomes.count() == 0


def test_results_are_reached_by_keys_and_by_the_menu_of_a_card(board, rep):
    one, two = contacted("First Lead", rep), contacted("Second Lead", rep)
    page = board()
    page.locator(f"#card-{one.pk}").focus()
    page.keyboard.press("d")
    dialog = page.locator("#dialog")
    dialog.get_by_role("radio").first.check()
    dialog.get_by_role("button", name="Reject lead").click()
    page.locator(f"[data-column=rejected] #card-{one.pk}").wait_for()
    page.locator(f"#card-{two.pk}").get_by_role("button", name="More").click()
    page.locator(f"#card-{two.pk}").get_by_role("button", name="Record result").click()
    dialog.get_by_role("radio", name="Return to nurture").check()
    dialog.get_by_role("button", name="Record result").click()
    page.locator(f"[data-column=recycled] #card-{two.pk}").wait_for()


def test_a_lead_nobody_has_spoken_with_has_no_result_yet(board):
    handoff = hot("Aki Alone")
    page = board()
    page.locator(f"#card-{handoff.pk}").drag_to(page.locator("#result-lost"))
    page.locator("lq-toast").get_by_text("A result needs a logged contact").wait_for()
    expect(page.locator(f"[data-column=queued] #card-{handoff.pk}")).to_be_visible()


def test_several_are_selected_by_x_and_a_range_and_changed_with_one_undo(board, rep):
    handoffs = [hot(f"Lead {number}", 90 - number) for number in range(4)]
    page = board()
    page.locator(f"#card-{handoffs[0].pk}").focus()
    page.keyboard.press("x")
    page.locator(f"#card-{handoffs[2].pk} [data-select]").click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("3")
    page.keyboard.press("a")
    dialog = page.locator("#dialog")
    expect(dialog.get_by_role("radio", name="Assign")).to_be_checked()
    dialog.get_by_label("Owner").select_option(label=str(rep))
    dialog.get_by_role("button", name="Change all").click()
    page.locator("lq-toast").get_by_text("3 leads done.").wait_for()
    expect(page.locator(f"[data-live='load-{rep.pk}']")).to_have_text("3")
    expect(page.locator("[data-bulk]")).to_be_hidden()
    page.keyboard.press("u")
    page.locator("lq-toast").get_by_text("Undone for 3 leads.").wait_for()
    expect(page.locator(f"[data-live='load-{rep.pk}']")).to_have_text("0")
