"""How many leads one sees at once, on a desk and on a phone, and that the rows stand in one grid."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from handoff.actions import add_todo
from tests.factories import CompanyFactory, LeadFactory
from tests.handoff.world import claimed_by, contacted_by, handoff_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MEASURED = """() => {
    const rows = [...document.querySelectorAll("[data-row]")];
    const bar = document.querySelector(".lq-bar");
    const bottom = bar && getComputedStyle(bar).display !== "none" ? bar.getBoundingClientRect().top : innerHeight;
    const whole = rows.filter((row) => row.getBoundingClientRect().bottom <= bottom);
    const places = rows.map((row) => [...row.children].map((cell) => cell.getBoundingClientRect().x).join());
    return {
        y: rows[0].getBoundingClientRect().y, height: rows[0].getBoundingClientRect().height, whole: whole.length,
        grids: new Set(places).size,
        callable: whole.filter((row) => row.querySelector("a[href^='tel:']")?.checkVisibility()).length,
        wide: document.documentElement.scrollWidth > innerWidth,
    };
}"""


def many(number, make):
    now = timezone.now()
    for n in range(number):
        lead = LeadFactory(
            name=f"Lead with a name of its own {n}"[: 12 + n], title="Head of procurement", phone=f"+8130000{n:04}",
            company=CompanyFactory(name="A company " + "with a long name " * (n % 4)),
        )  # fmt: skip
        make(lead, now - timedelta(minutes=n))


def measured(page, address):
    page.goto(address)
    page.locator("[data-row]").first.wait_for()
    return page.evaluate(MEASURED)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_fourteen_whole_rows_of_one_grid_stand_on_a_desk_and_the_first_begins_near_the_top(rep, sign_in, language):
    rep.language = language
    rep.save()
    many(20, lambda lead, at: handoff_of(lead, at=at))
    seen = measured(sign_in(rep), "/queue/")
    assert (seen["whole"] >= 14, seen["y"] <= 170, seen["height"] <= 52) == (True, True, True), seen
    assert (seen["grids"], seen["wide"]) == (1, False)


def test_fourteen_whole_rows_of_leads_and_todos_stand_in_the_one_grid_of_the_day(rep, sign_in):
    many(16, lambda lead, at: claimed_by(rep, lead=lead, at=at))
    now = timezone.now()
    for number in range(4):
        lead = LeadFactory(name=f"To-do {number}", owner=rep, team=rep.team, phone=f"+8130001{number:04}")
        due_at = now - timedelta(minutes=number)
        add_todo(lead=lead, by=rep, kind="call", text="a note", due_at=due_at, owner=rep, now=now)
    seen = measured(sign_in(rep), "/day/")
    assert (seen["whole"] >= 14, seen["y"] <= 170, seen["height"] <= 52) == (True, True, True), seen
    assert (seen["grids"], seen["wide"]) == (1, False)


def test_five_leads_with_their_numbers_to_call_stand_on_a_phone(rep, sign_in):
    many(9, lambda lead, at: claimed_by(rep, lead=lead, at=at))
    page = sign_in(rep, apart=True)
    page.set_viewport_size({"width": 375, "height": 812})
    seen = measured(page, "/queue/?tab=mine")
    assert (seen["callable"] >= 5, seen["wide"]) == (True, False), seen


def test_rows_are_compact_or_detailed_as_each_person_chooses(rep, other_rep, sign_in):
    many(2, lambda lead, at: handoff_of(lead, at=at))
    page = sign_in(rep)
    compact = measured(page, "/queue/")
    page.get_by_role("button", name="Show detailed rows").click()
    page.locator("[data-rows=roomy]").wait_for()
    assert measured(page, "/queue/")["height"] > compact["height"]
    assert measured(sign_in(other_rep, apart=True), "/queue/")["height"] == compact["height"]


BESIDE = """() => {
    const text = (cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return range.getBoundingClientRect();
    };
    return [...document.querySelectorAll("[data-row]")].map((row) => {
        const cells = ["name", "score", "due"].map((part) => row.querySelector(`.hq-${part}`));
        const places = cells.map(text);
        const steps = row.querySelector(".hq-steps").getBoundingClientRect();
        return {
            name: cells[0].clientWidth >= 100,
            apart: places[0].x < places[1].x && places[1].right <= places[2].x && places[2].right <= steps.x,
            due: [...row.querySelectorAll(".hq-due :is(b, small)")].every((line) =>
                line.scrollWidth <= line.clientWidth),
            inside: places.every((place) => place.top >= row.getBoundingClientRect().top
                && place.bottom <= row.getBoundingClientRect().bottom),
            fits: steps.right <= row.getBoundingClientRect().right,
        };
    });
}"""


@pytest.mark.parametrize("rows", ["compact", "roomy"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_name_score_and_due_stay_readable_beside_the_preview(rep, sign_in, language, rows):
    rep.language, rep.rows = language, rows
    rep.save()
    many(6, lambda lead, at: contacted_by(rep, lead=lead, at=at))
    many(6, lambda lead, at: claimed_by(rep, lead=lead, at=at))
    page = sign_in(rep)
    page.goto("/day/")
    page.locator("[data-peek]").first.click()
    page.locator("#peek").get_by_role("heading").first.wait_for()
    assert page.locator("#peek").bounding_box()["width"] >= 420
    seen = page.evaluate(BESIDE)
    readable = {"name": True, "apart": True, "due": True, "inside": True, "fits": True}
    assert seen == [readable] * 12
