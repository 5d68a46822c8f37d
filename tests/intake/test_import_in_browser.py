"""The four steps of an import as a person walks them, in a real browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from intake.imports.jobs import work_next
from intake.models import LeadImport
from leads.models import Activity, Lead
from tests.axe import violations

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
def visit(page: Page, live_server: LiveServer, marketer: User) -> Iterator[Page]:
    """A page of the signed-in marketer that fails on any script error or blocked resource."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(live_server.url + reverse("account_login"))
    client = Client()
    client.force_login(marketer)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.goto(live_server.url + reverse("intake:import_new"))
    yield page
    assert [line for line in said if "status of 4" not in line] == []


def work() -> None:
    while work_next(clock=timezone.now):
        pass


def picture(page: Page, name: str) -> None:
    """A look for people: SHOTS=/tmp/x pytest ... keeps what each step looked like."""
    if directory := os.environ.get("SHOTS"):
        page.screenshot(path=Path(directory) / f"{name}.png", full_page=True)


def problems(page: Page) -> list[str]:
    return violations(page)


def send(page: Page, text: str, *, encoding: str = "cp932", name: str = "展示会リード.csv") -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode(encoding)}
    )
    page.locator("button.lq-btn-main").click()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_marketer_walks_the_four_steps_and_takes_the_import_back(visit: Page, marketer: User, language: str) -> None:
    User.objects.filter(pk=marketer.pk).update(language=language)
    visit.reload()
    picture(visit, f"1-file-{language}")
    assert problems(visit) == []

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
    picture(visit, f"2-mapping-{language}")
    assert problems(visit) == []

    visit.locator("main button.lq-btn-main").click()
    expect(visit.locator("#progress")).to_be_visible()
    picture(visit, f"3-waiting-{language}")
    assert Lead.objects.count() == 0
    work()
    expect(visit.locator(".lq-stats")).to_be_visible()
    picture(visit, f"3-dry-run-{language}")
    assert problems(visit) == []
    assert Lead.objects.count() == 0

    visit.locator("main button.lq-btn-main").click()
    expect(visit.locator("#progress")).to_be_visible()
    work()
    expect(visit.locator(".lq-stats")).to_be_visible()
    picture(visit, f"4-report-{language}")
    assert problems(visit) == []
    assert Lead.objects.count() == 3
    assert Activity.objects.count() == 4
    found.refresh_from_db()
    assert (found.created, found.updated, found.unchanged, found.rejected) == (3, 1, 0, 2)

    visit.locator("[data-opens='#undo']").click()
    picture(visit, f"5-undo-{language}")
    visit.locator("#undo button.lq-btn-danger").click()
    expect(visit.locator("#progress")).to_be_visible()
    work()
    expect(visit.locator(".lq-stats")).to_be_visible()
    picture(visit, f"6-undone-{language}")
    assert Lead.objects.count() == 0
    assert Activity.objects.count() == 0
    visit.goto(visit.url.split("/imports/")[0] + reverse("intake:imports"))
    picture(visit, f"7-list-{language}")
    assert problems(visit) == []


def test_a_narrow_screen_shows_every_step(visit: Page, marketer: User) -> None:
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
    expect(visit.locator(".lq-errors li")).to_have_text("The file has a header but no rows under it.")
    picture(visit, "1-refused")
    assert not LeadImport.objects.exists()
