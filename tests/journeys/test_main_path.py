"""One working day in a browser: leads come in, rules score them, a rep works the hottest one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from handoff.enums import HandoffState, Result
from handoff.models import Handoff
from leads.enums import Stage
from leads.models import Lead
from scoring.models import LeadScore
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# 40 leads; three of them (7, 21, 35) came by search and landed on the page that matters.
ROWS = [
    f"m{number:03},2026-11-{1 + number % 20:02},page-{number % 7},{'organic_search' if number % 2 else 'social'}"
    for number in range(40)
]
HOT = ["m007", "m021", "m035"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    path.write_text("\n".join(["mql_id,first_contact_date,landing_page_id,origin", *ROWS]) + "\n")
    return path


SignIn = Callable[[User], Page]


@pytest.fixture
def sign_in(browser: Browser, live_server: LiveServer) -> Iterator[SignIn]:
    """Opens a browser of its own for each person; all are closed before the server goes."""
    contexts: list[BrowserContext] = []

    def open_for(user: User) -> Page:
        contexts.append(browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB"))
        page = contexts[-1].new_page()
        page.goto(live_server.url + reverse("account_login"))
        page.fill("input[name=login]", user.email)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "login" not in url)
        return page

    yield open_for
    for context in contexts:
        context.close()


def work() -> None:
    """What the worker does every few seconds."""
    call_command("pump", once=True)


def import_leads(page: Page, base: str, file: Path) -> None:
    page.goto(base + reverse("intake:import_new"))
    page.set_input_files("input[type=file]", file)
    if page.url.endswith(reverse("intake:import_new")):
        page.click("main button[type=submit]")
    page.wait_for_selector("#id_column_3")
    page.select_option("#id_column_3", "lead.source")
    page.select_option("#id_activity_type", "form_submit")
    page.select_option("#id_activity_occurred_at", label="first_contact_date")
    page.select_option("#id_activity_object", label="landing_page_id")
    page.get_by_role("button", name="On to the dry run").click()
    page.wait_for_load_state("networkidle")
    work()
    page.get_by_role("button", name="Import 40 rows").click()
    page.wait_for_load_state("networkidle")
    work()
    expect(page.get_by_role("button", name="Take back")).to_be_visible()


def open_new_rule(page: Page, model: str, group: str) -> None:
    page.goto(model)
    panel = page.locator("section", has=page.get_by_role("heading", name=group, exact=True)).last
    panel.get_by_role("link", name="Add a rule").click()
    page.wait_for_selector("#id_name")


def save_rule(page: Page) -> None:
    page.locator("#dialog").get_by_role("button", name="Done", exact=True).click()
    page.locator("#dialog").wait_for(state="hidden")


def build_rules(page: Page, base: str) -> str:
    """Three rules in a model of the marketer's own; returns its address."""
    page.goto(base + reverse("studio:new_model"))
    page.fill("#id_name", "Inbound")
    page.check("input[value=blank]")
    page.get_by_role("button", name="Make the model").click()
    page.wait_for_url("**/scoring/models/*/")
    model = page.url

    open_new_rule(page, model, "Interest")
    page.fill("#id_name", "Sent a form")
    page.fill("#id_points", "45")
    page.select_option("#id_activity", "form_submit")
    page.select_option("#id_repeat", "once")
    save_rule(page)

    open_new_rule(page, model, "Interest")
    page.fill("#id_name", "Landed on the page that matters")
    page.fill("#id_points", "15")
    page.select_option("#id_activity", "form_submit")
    page.select_option("#id_where_field", "object")
    page.select_option("#id_where_op", "=")
    page.fill("#id_where_value", "page-0")
    save_rule(page)

    open_new_rule(page, model, "Fit")
    page.fill("#id_name", "Came by search")
    page.fill("#id_points", "15")
    page.check("#id_kind_1")
    row = page.locator("#dialog [data-condition]:visible").first
    row.get_by_role("combobox").first.fill("Source")
    row.get_by_role("combobox").first.press("Enter")
    row.locator("[name$=-op]").select_option("=")
    row.locator("[data-choices] select").select_option("organic_search")
    save_rule(page)
    return model


def publish(page: Page, model: str) -> None:
    page.goto(model)
    page.get_by_role("link", name="Publish…").click()
    page.fill("textarea[name=note]", "Our first three rules")
    page.get_by_role("button", name="Publish").click()
    page.wait_for_load_state("networkidle")
    work()


def test_from_a_file_to_a_recorded_result(
    sign_in: SignIn, live_server: LiveServer, marketer: User, rep: User, file: Path
) -> None:
    marketing = sign_in(marketer)
    import_leads(marketing, live_server.url, file)
    assert Lead.objects.count() == 40

    publish(marketing, build_rules(marketing, live_server.url))
    assert LeadScore.objects.count() == 40
    ranked = LeadScore.objects.order_by("-total", "lead__external_id").values_list("lead__external_id", "total")
    assert list(ranked[:4]) == [(HOT[0], 7500), (HOT[1], 7500), (HOT[2], 7500), ("m000", 6000)]
    assert sorted(Handoff.objects.values_list("lead__external_id", flat=True)) == HOT

    sales = sign_in(rep)
    sales.goto(live_server.url + reverse("handoff:queue"))
    expect(sales.locator("main")).to_contain_text("m007")
    expect(sales.locator("main")).to_contain_text("3 waiting")
    sales.get_by_role("button", name="Claim").first.click()
    sales.wait_for_load_state("networkidle")
    mine = Handoff.objects.get(owner=rep)
    assert mine.state == HandoffState.CLAIMED

    sales.goto(live_server.url + reverse("leads:detail", args=[mine.lead_id]))
    sales.get_by_role("link", name="Log a contact").first.click()
    dialog = sales.locator("#dialog")
    dialog.locator("textarea[name=note]").fill("Wants a quote for 30 seats")
    dialog.get_by_role("button", name="Log a contact").click()
    sales.get_by_role("button", name="Accept").click()
    sales.get_by_role("link", name="Record the result").first.click()
    dialog.locator(f"[name=result][value={Result.WON}]").check()
    dialog.locator("[name=revenue]").fill("1200000")
    dialog.get_by_role("button", name="Record the result").click()
    expect(sales.locator("main")).to_contain_text("Won")

    mine.refresh_from_db()
    assert (mine.state, mine.result, mine.outcome.revenue) == (HandoffState.CLOSED, Result.WON, 1_200_000)
    assert mine.contacts.get().note == "Wants a quote for 30 seats"
    assert Lead.objects.get(pk=mine.lead_id).stage == Stage.CUSTOMER
