"""The four steps of an import as a person walks them, in a real browser."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from intake.imports.jobs import work_next
from intake.models import LeadImport
from leads.models import Activity, Lead
from tests.axe import violations
from tests.browser import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROWS = """メールアドレス,氏名,会社名,役職区分,従業員数,流入元,登録日,備考
hanako@example.jp,佐藤 花子,アクメ株式会社,課長,"1,200",展示会,2026年10月1日,=1+1
ichiro@example.jp,鈴木 一郎,アクメ株式会社,部長,３００,ウェビナー,2026/10/02,
jiro@example.jp,高橋 次郎,ベータ商事,主任,80,自社セミナー,2026-10-03,
,名無し,ガンマ,担当,10,展示会,2026-10-04,
saburo@example.jp,田中 三郎,デルタ,部長,20,展示会,2026年2月30日,
HANAKO@example.jp,,,,,,2026-10-05,
"""


@pytest.fixture
def visit(sign_in: SignIn, marketer: User) -> Page:
    """A marketer about to import a file."""
    return sign_in(marketer, reverse("intake:import_new"))


def work() -> None:
    while work_next(clock=timezone.now):
        pass


def picture(page: Page, name: str) -> None:
    """A look for people: SHOTS=/tmp/x pytest ... keeps what each step looked like."""
    if directory := os.environ.get("SHOTS"):
        page.screenshot(path=Path(directory) / f"{name}.png", full_page=True)


def send(page: Page, text: str, *, encoding: str = "cp932", name: str = "展示会リード.csv") -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode(encoding)}
    )
    page.locator("button.lq-btn-main").click()


def test_a_marketer_walks_the_four_steps_and_takes_the_import_back(visit: Page) -> None:
    picture(visit, "1-file")
    assert violations(visit) == []

    send(visit, ROWS)
    visit.wait_for_url("**/imports/*/")
    found = LeadImport.objects.get()
    assert (found.encoding, found.rows) == ("cp932", 6)
    expect(visit.locator("#id_column_0")).to_have_value("lead.email")
    expect(visit.locator("#id_column_3")).to_have_value("lead.title_level")
    visit.locator("#id_column_7").select_option("lead.campaign")
    visit.locator("#id_column_7").select_option("")
    visit.locator("#id_activity_type").select_option("event_attend")
    visit.locator("#id_activity_occurred_at").select_option(label="登録日")
    visit.locator("#id_activity_object").select_option(label="流入元")
    picture(visit, "2-mapping")
    assert violations(visit) == []

    visit.locator("main button.lq-btn-main").click()
    expect(visit.locator("#progress")).to_be_visible()
    picture(visit, "3-waiting")
    assert Lead.objects.count() == 0
    work()
    expect(visit.locator(".lq-stats")).to_be_visible()
    picture(visit, "3-dry-run")
    assert violations(visit) == []
    assert Lead.objects.count() == 0

    visit.locator("main button.lq-btn-main").click()
    expect(visit.locator("#progress")).to_be_visible()
    work()
    expect(visit.locator(".lq-stats")).to_be_visible()
    picture(visit, "4-report")
    assert violations(visit) == []
    assert Lead.objects.count() == 5
    assert Activity.objects.count() == 5
    found.refresh_from_db()
    assert (found.created, found.updated, found.unchanged, found.rejected) == (5, 1, 0, 0)

    visit.locator("[data-opens='#undo']").click()
    picture(visit, "5-undo")
    visit.locator("#undo button.lq-btn-danger").click()
    expect(visit.locator("#progress")).to_be_visible()
    work()
    expect(visit.locator(".lq-stats")).to_be_visible()
    picture(visit, "6-undone")
    assert Lead.objects.count() == 0
    assert Activity.objects.count() == 0
    visit.goto(reverse("intake:imports"))
    picture(visit, "7-list")
    assert violations(visit) == []


def test_a_narrow_screen_shows_every_step(visit: Page) -> None:
    visit.set_viewport_size({"width": 375, "height": 800})
    send(visit, ROWS, encoding="utf-8")
    visit.wait_for_url("**/imports/*/")
    picture(visit, "narrow-mapping")
    assert visit.evaluate("document.documentElement.scrollWidth") <= 375
    visit.locator("main button.lq-btn-main").click()
    expect(visit.locator("#progress")).to_be_visible()
    work()
    expect(visit.locator(".lq-stats")).to_be_visible()
    picture(visit, "narrow-dry-run")
    assert visit.evaluate("document.documentElement.scrollWidth") <= 375


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(visit: Page) -> None:
    send(visit, "a,b\n", encoding="utf-8", name="header.csv")
    expect(visit.locator(".lq-errors li")).to_have_text(
        "The file has a header row but no data. Choose a file with data, or say in which row the header is."
    )
    picture(visit, "1-refused")
    assert not LeadImport.objects.exists()
