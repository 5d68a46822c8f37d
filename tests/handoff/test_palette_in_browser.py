"""The palette: every button of a page, what concerns the lead under the hand first, and who is looked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from handoff.actions import add_todo
from tests.axe import COLOURS, violations
from tests.factories import CompanyFactory, LeadFactory
from tests.handoff.world import claimed_by, contacted_by, handoff_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)

# What somebody could press in the page, each by what a screen reader calls it; a menu is meant by its entries.
PRESSABLE = """() => [...document.querySelectorAll("main :is(button, a.btn, [role=tab], lq-menu a)")]
    .filter((each) => !each.disabled && !each.hasAttribute("popovertarget") && !each.closest("dialog, [hidden]")
        && (each.closest("lq-menu")?.querySelector("[popovertarget]") ?? each).checkVisibility())
    .map((each) => {
        const copy = each.cloneNode(true);
        copy.querySelectorAll("kbd, svg").forEach((key) => key.remove());
        return (each.getAttribute("aria-label") || copy.textContent.trim() || each.title).replace(/\\s+/g, " ").trim();
    }).filter(Boolean)"""


def open_palette(page: Page):
    page.keyboard.press("Control+k")
    palette = page.locator("#palette")
    palette.locator("[role=option]").first.wait_for()
    return palette


def listed(palette) -> set[str]:
    return set(palette.locator("[role=option] b").all_inner_texts())


@pytest.fixture
def world(rep, manager):
    """Leads in every state, with a to-do."""
    now = timezone.now()
    handoffs = [
        handoff_of(LeadFactory(name="Free Lead"), at=now - HOUR),
        claimed_by(rep, lead=LeadFactory(name="Claimed Lead"), at=now - 2 * HOUR),
        contacted_by(rep, lead=LeadFactory(name="Contacted Lead")),
    ]
    lead = handoffs[1].lead
    add_todo(lead=lead, by=rep, kind="call", text="", due_at=now + HOUR, owner=rep, now=now)
    return handoffs


@pytest.mark.parametrize(
    "address", ["/queue/", "/queue/?tab=mine", "/queue/?tab=waiting", "/day/", "lead", "/handoff/board/"]
)
def test_every_button_of_the_page_is_in_the_palette(world, manager, rep, sign_in, address):
    page = sign_in(manager if "board" in address else rep)
    page.goto(world[1].lead.get_absolute_url() if address == "lead" else address)
    page.wait_for_load_state("networkidle")
    names = set(page.evaluate(PRESSABLE))
    assert names
    assert names - listed(open_palette(page)) == set()


def test_what_can_be_done_with_the_row_under_the_hand_comes_first_and_is_done(world, rep, sign_in):
    page = sign_in(rep, "/day/")
    row = page.locator(f"#handoff-{world[1].pk}")
    row.focus()
    palette = open_palette(page)
    groups = palette.locator("[role=group]")
    assert groups.first.get_attribute("aria-label") == "This lead"
    names = groups.first.locator("[role=option] b").all_inner_texts()
    assert {"Log contact", "Snooze", "Reject", "Skip", "Preview"} <= set(names)
    page.keyboard.type("snoo")
    page.keyboard.press("Enter")
    expect(page.locator("#dialog").get_by_role("heading", name="Snooze")).to_be_visible()


def test_a_button_that_was_drawn_anew_while_the_palette_was_open_is_pressed_all_the_same(world, rep, sign_in):
    page = sign_in(rep)
    page.goto("/queue/")
    palette = open_palette(page)
    page.keyboard.type(">Open next lead")
    expect(palette.locator("[role=option] b").first).to_have_text("Open next lead")
    page.evaluate("""() => {
        const link = document.querySelector("[data-next]");
        link.replaceWith(link.cloneNode(true));
    }""")
    page.keyboard.press("Enter")
    page.wait_for_url("**/leads/**")


def test_selected_leads_come_before_all(world, rep, sign_in):
    page = sign_in(rep, "/queue/?tab=mine")
    page.keyboard.press("j")
    page.keyboard.press("x")
    groups = open_palette(page).locator("[role=group]")
    assert groups.first.get_attribute("aria-label") == "Selected leads"


def test_a_lead_is_found_by_name_reading_latin_letters_and_any_spelling_of_its_number(rep, sign_in):
    lead = LeadFactory(
        name="森 健", kana="モリ ケン", phone="03-1234-5678", owner=rep, team=rep.team,
        company=CompanyFactory(name="東西商事"),
    )  # fmt: skip
    page = sign_in(rep, "/day/")
    for typed in ("森", "もり", "mori", "０３（１２３４）５６７８", "+81 3 1234 5678", "東西"):
        page.keyboard.press("Control+k")
        page.locator("#palette input").fill(typed)
        expect(page.locator("#palette [role=option] b", has_text="森 健")).to_be_visible()
        page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.locator("#palette input").fill("mori")
    page.locator("#palette [role=option] b", has_text="森 健").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{lead.get_absolute_url()}")


def test_what_was_opened_last_stands_in_an_empty_palette_and_is_gone_after_signing_out(rep, sign_in):
    leads = [LeadFactory(name=f"Lead {number}", owner=rep, team=rep.team) for number in range(7)]
    page = sign_in(rep)
    for lead in leads:
        page.goto(lead.get_absolute_url())
    page.goto("/day/")
    palette = open_palette(page)
    last = palette.get_by_role("group", name="Opened last").locator("b")
    expect(last).to_have_text([f"Lead {number}" for number in (6, 5, 4, 3, 2)])
    page.context.clear_cookies()
    again = sign_in(rep, reverse("handoff:day"))
    palette = open_palette(again)
    again.wait_for_load_state("networkidle")
    assert palette.get_by_role("group", name="Opened last").count() == 0


def test_the_palette_is_accessible_in_both_themes(world, rep, sign_in):
    page = sign_in(rep, "/day/")
    open_palette(page)
    page.emulate_media(color_scheme="light")
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    assert found + violations(page, COLOURS) == []
