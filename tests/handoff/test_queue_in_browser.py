"""The queue in a real browser: with the keyboard, from the first row to a recorded result."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from handoff.actions import accept_handoff
from handoff.models import Handoff, Outcome
from tests.factories import LeadFactory
from tests.handoff.world import claimed_by, contacted_by, handoff_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(rep, sign_in):
    """The rep's browser."""
    return sign_in(rep)


def hot(name, minutes=60):
    return handoff_of(LeadFactory(name=name), at=timezone.now() - timedelta(minutes=minutes))


def test_claim_contact_accept_and_win_with_the_keyboard(desk, rep):
    hot("First Lead", 90)
    second = hot("Second Lead", 30)
    desk.goto("/queue/")
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("c")
    row = desk.locator(f"#handoff-{second.pk}")
    row.get_by_text("Log contact").wait_for()
    assert Handoff.objects.get(owner=rep).pk == second.pk

    row.focus()
    desk.keyboard.press("c")
    desk.get_by_label("Note").fill("Wants a demo")
    desk.locator("#dialog").get_by_role("button", name="Spoke with the lead").click()
    row.get_by_role("button", name="Accept").wait_for()
    expect(desk.locator("dialog[open]")).to_have_count(0)

    row.get_by_role("button", name="Accept").click()
    row.get_by_role("link", name="Record result").click()
    desk.get_by_label("Won").check()
    desk.get_by_label("Deal amount").fill("1200000")
    desk.locator("#dialog").get_by_role("button", name="Record result").click()
    desk.get_by_text("Result recorded.").wait_for()
    assert (Outcome.objects.get().revenue, Outcome.objects.get().lead.stage) == (1_200_000, "customer")


def test_undo_in_the_toast_gives_the_lead_back(desk):
    handoff = hot("First Lead")
    desk.goto("/queue/")
    desk.get_by_role("button", name="Claim").click()
    desk.locator("lq-toast").get_by_role("button", name="Undo").click()
    desk.get_by_text("Undone.").wait_for()
    assert Handoff.objects.get(pk=handoff.pk).owner is None


def test_what_was_typed_stays_when_it_is_refused(desk, rep):
    handoff = claimed_by(rep, lead=LeadFactory(name="Mine"), at=timezone.now() - timedelta(hours=2))
    desk.goto("/queue/?tab=mine")
    desk.locator(f"#handoff-{handoff.pk}").get_by_text("Log contact").click()
    desk.get_by_text("At another time or by another channel").click()
    desk.get_by_label("When").fill("2020-01-01T10:00")
    desk.get_by_label("Note").fill("Long ago")
    desk.locator("#dialog").get_by_role("button", name="Spoke with the lead").click()
    desk.get_by_text("earlier than the moment the lead became hot").wait_for()
    expect(desk.get_by_label("Note")).to_have_value("Long ago")


def test_peek_opens_beside_the_queue_and_new_leads_wait_above_it(rep, sign_in):
    hot("First Lead")
    desk = sign_in(rep, apart=True)  # a clock stays with its browser
    desk.clock.install()
    desk.goto("/queue/")
    desk.keyboard.press("j")
    desk.keyboard.press(" ")
    desk.locator("#peek").get_by_text("Recent activity").wait_for()
    desk.keyboard.press("Escape")
    desk.locator("#peek").wait_for(state="hidden")
    row = desk.locator("[data-row]").first
    before = row.bounding_box()
    hot("Newcomer", 1)
    desk.clock.run_for(16_000)
    desk.get_by_text("1 new").wait_for()
    assert row.bounding_box() == before  # the news moves nothing
    assert desk.get_by_text("Newcomer").count() == 0
    desk.keyboard.press("r")
    desk.get_by_text("Newcomer").wait_for()


def test_the_preview_has_an_address_and_is_walked_closed_by_back_and_restored_by_reload(desk):
    first, second = hot("First Lead", 90), hot("Second Lead", 30)
    peek = desk.locator("#peek")
    desk.goto("/queue/")
    desk.keyboard.press("j")
    desk.keyboard.press(" ")
    peek.get_by_role("heading", name="First Lead").wait_for()
    assert desk.url.endswith(f"?peek={first.pk}")
    row = desk.locator(f"#handoff-{first.pk}")
    shown = {name: row.locator(f".hq-{name}").is_visible() for name in ("who", "score", "due")}
    assert (shown, peek.bounding_box()["width"] >= 420) == ({"who": True, "score": True, "due": True}, True)
    assert peek.bounding_box()["x"] >= row.bounding_box()["x"] + row.bounding_box()["width"]
    desk.keyboard.press("j")
    peek.get_by_role("heading", name="Second Lead").wait_for()
    assert desk.url.endswith(f"?peek={second.pk}")
    desk.reload()
    peek.get_by_role("heading", name="Second Lead").wait_for()
    desk.go_back()
    peek.wait_for(state="hidden")
    assert "peek" not in desk.url
    desk.goto(f"/queue/?peek={first.pk}")
    peek.get_by_role("heading", name="First Lead").wait_for()
    desk.keyboard.press("Escape")
    peek.wait_for(state="hidden")
    assert "peek" not in desk.url


def test_the_keys_of_the_row_work_beside_the_preview_which_follows_what_was_done(desk):
    hot("First Lead")
    desk.goto("/queue/")
    desk.keyboard.press("j")
    desk.keyboard.press(" ")
    desk.locator("#peek").get_by_role("button", name="Claim").wait_for()
    desk.keyboard.press("c")
    desk.locator("#peek").get_by_role("link", name="Log contact").wait_for()
    assert Handoff.objects.get().state == "claimed"


def test_printed_keys_work_for_closed_menus_and_a_dialog_begins_at_what_is_chosen_first(desk, rep):
    handoff = claimed_by(rep, lead=LeadFactory(name="Mine"), at=timezone.now() - timedelta(hours=2))
    desk.goto("/queue/?tab=mine")
    desk.keyboard.press("j")
    desk.keyboard.press("c")
    desk.locator("#dialog").get_by_text("First contact is done.").wait_for()
    desk.wait_for_function("() => document.activeElement.value === 'spoke'")
    desk.keyboard.press("Escape")
    desk.locator(f"#handoff-{handoff.pk}").focus()
    desk.keyboard.press("d")
    desk.locator("#dialog").get_by_role("heading", name="Reject lead").wait_for()
    desk.wait_for_function("() => document.activeElement.name === 'reason'")


def test_a_dialog_shows_only_the_fields_of_the_chosen_result(desk, rep):
    handoff = contacted_by(rep, lead=LeadFactory(name="Mine"))
    desk.goto(f"/handoff/{handoff.pk}/result/")
    fields = {"won": "revenue", "lost": "lost_reason", "recycled": "wake_on"}
    shared = {"opportunity": {"won"}, "withdrawn": {"recycled"}}
    for chosen in (*fields, *shared):
        desk.locator(f"[name=result][value={chosen}]").check()
        for result, name in fields.items():
            is_shown = result in shared.get(chosen, {chosen})
            expect(desk.locator(f"[name={name}]").first).to_be_visible(visible=is_shown)


def test_the_preview_of_a_deadline_follows_what_is_typed(sign_in, admin):
    desk = sign_in(admin)
    desk.goto("/handoff/sla/policies/0/")
    due = desk.locator("#rehearsal-result b")
    due.first.wait_for()
    before = due.first.inner_text()
    desk.locator("[name=result-amount]").fill("500")
    expect(due.first).not_to_have_text(before)


def test_rows_are_selected_by_key_and_range_changed_at_once_and_brought_back_by_one_undo(desk, rep):
    handoffs = [hot(f"Lead {number}", 90 - number) for number in range(4)]
    desk.goto("/queue/")
    desk.keyboard.press("j")
    desk.keyboard.press("x")
    desk.locator("[data-select]").nth(2).click(modifiers=["Shift"])
    bar = desk.locator("[data-bulk]")
    bar.get_by_text("Selected: 3").wait_for()
    bar.get_by_role("button", name="Change selected").click()
    dialog = desk.locator("#dialog")
    dialog.get_by_text("3 leads selected").wait_for()
    dialog.get_by_label("Claim").check()
    dialog.get_by_role("button", name="Change all").click()
    desk.get_by_text("3 leads done.").wait_for()
    desk.locator(f"#handoff-{handoffs[2].pk}").get_by_text("Log contact").wait_for()  # the rows say it by themselves
    assert Handoff.objects.filter(owner=rep).count() == 3
    desk.locator("lq-toast").get_by_role("button", name="Undo").click()
    desk.get_by_text("Undone for 3 leads.").wait_for()
    assert Handoff.objects.filter(owner=rep).count() == 0


def test_the_menu_of_a_row_has_its_steps_also_after_the_row_was_redrawn(desk, rep):
    """Its entries are copied in the browser, with the address of their own hand-off."""
    handoff = claimed_by(rep, lead=LeadFactory(name="Mine"), at=timezone.now() - timedelta(hours=2))
    desk.goto("/queue/?tab=mine")
    row = desk.locator(f"#handoff-{handoff.pk}")
    row.get_by_role("button", name="More").click()
    expect(row.locator("[data-step=reject]")).to_have_attribute("hx-get", f"/handoff/{handoff.pk}/reject/?view=queue")
    row.get_by_role("button", name="Snooze").click()
    desk.get_by_role("button", name="In 1 hour").or_(desk.get_by_role("button", name="Snooze")).first.wait_for()
    desk.keyboard.press("Escape")
    Handoff.objects.filter(pk=handoff.pk).update(snoozed_until=timezone.now() + timedelta(hours=3))
    desk.goto("/queue/?tab=snoozed")
    row.get_by_role("button", name="More").click()
    row.get_by_role("button", name="End snooze").click()
    desk.get_by_text("Snooze ended.").or_(desk.locator("lq-toast")).first.wait_for()
    expect(row.locator("[data-step=snooze]")).to_have_count(1)
    assert Handoff.objects.get(pk=handoff.pk).snoozed_until is None


def test_what_a_filter_offers_is_read_when_it_is_opened(desk, rep):
    from_fair = handoff_of(LeadFactory(name="From the fair", language="de"), at=timezone.now() - timedelta(hours=1))
    hot("Other Lead")
    desk.goto("/queue/")
    desk.get_by_role("button", name="Filters").click()
    desk.get_by_text("Language", exact=True).click()
    desk.get_by_role("link", name="German").click()
    expect(desk.locator("[data-row]")).to_have_count(1)
    expect(desk.locator(f"#handoff-{from_fair.pk}")).to_be_visible()
    expect(desk.get_by_label("Remove filter: Language: German")).to_be_visible()


def test_a_long_queue_goes_on_where_its_end_comes_into_sight(desk):
    for number in range(30):
        hot(f"Lead {number:02}", 90 + number)
    desk.goto("/queue/")
    expect(desk.locator("[data-row]")).to_have_count(25)
    desk.locator("[data-row]").nth(24).scroll_into_view_if_needed()
    desk.mouse.wheel(0, 3000)
    expect(desk.locator("[data-row]")).to_have_count(30)
    expect(desk.locator(".hq-more")).to_have_count(0)


def test_a_key_of_a_step_that_the_row_has_not_does_nothing_to_another_row(desk, rep):
    accepted = contacted_by(rep, lead=LeadFactory(name="Accepted"), at=timezone.now() - timedelta(hours=3))
    accept_handoff(handoff=accepted, by=rep, now=timezone.now())
    other = contacted_by(rep, lead=LeadFactory(name="Other"), at=timezone.now() - timedelta(hours=2))
    desk.goto("/queue/?tab=waiting")
    row = desk.locator(f"#handoff-{accepted.pk}")
    row.focus()
    desk.keyboard.press("a")
    desk.keyboard.press("e")
    expect(desk.locator("#dialog").get_by_label("Won")).to_be_visible()
    expect(desk.locator(f"#handoff-{other.pk}").get_by_role("button", name="Accept")).to_be_visible()
    assert Handoff.objects.get(pk=other.pk).state == "contacted"
