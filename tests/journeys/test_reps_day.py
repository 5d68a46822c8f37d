"""A rep's whole working day, in Japanese: once by the keyboard alone, once by touch on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from handoff.actions import add_todo
from handoff.models import Contact, Handoff, HandoffStep, Todo
from leads.models import Note
from scoring.models import Answer
from tests.axe import unreadable, violations
from tests.browser import PROFILE, listen
from tests.factories import PASSWORD, LeadFactory
from tests.handoff.world import TOKYO, claimed_by

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)
FOCUSED = "document.activeElement"


def today_at(now: datetime) -> datetime:
    """In an hour, or at the end of the reader's day where that comes first: the to-do is one of today."""
    midnight = timezone.localtime(now, TOKYO).replace(hour=23, minute=59, second=59, microsecond=0)
    return min(now + HOUR, midnight)


@pytest.fixture
def morning(rep: User) -> SimpleNamespace:
    """Three leads of the rep, the first the most urgent, and a to-do; everything in Japanese."""
    rep.language = "ja"
    rep.save()
    now = timezone.now()
    handoffs = []
    for number, name in enumerate(("佐藤 花子", "森 健", "渡辺 誠")):
        lead = LeadFactory(name=name, phone=f"03-5550-000{number}")
        handoff = claimed_by(rep, lead=lead, at=now - (5 - number) * HOUR)
        Handoff.objects.filter(pk=handoff.pk).update(current_total=9000 - number * 1000)
        handoffs.append(handoff)
    lead = LeadFactory(name="高橋 彩", owner=rep, team=rep.team)
    todo = add_todo(lead=lead, by=rep, kind="call", text="資料の感想", due_at=today_at(now), owner=rep, now=now)
    return SimpleNamespace(handoffs=handoffs, todo=todo)


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url, **PROFILE)
    listen(context, complaints)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, complaints: list[str]) -> Iterator[Page]:
    small = {"viewport": {"width": 375, "height": 812}, "has_touch": True, "is_mobile": True}
    context = browser.new_context(base_url=live_server.url, **(PROFILE | small))
    listen(context, complaints)
    yield context.new_page()
    context.close()


def tab_to(page: Page, condition: str, *, key: str = "Tab") -> None:
    """Press a key until the focused element meets a condition in JavaScript."""
    for _press in range(80):
        if page.evaluate(f"(({condition}))({FOCUSED})"):
            return
        page.keyboard.press(key)
    pytest.fail(f"no way by {key} to {condition}")


def command(page: Page, words: str) -> None:
    """Open the palette, type and choose the first."""
    page.keyboard.press("Control+k")
    expect(page.locator("#palette [role=option]").first).to_be_visible()
    page.keyboard.type(f">{words}")
    expect(page.locator("#palette [role=option] b").first).to_contain_text(words)
    page.keyboard.press("Enter")


def in_dialog(page: Page, heading: str) -> None:
    expect(page.locator("#dialog").get_by_role("heading", name=heading)).to_be_visible()


def closed(page: Page) -> None:
    expect(page.locator("#dialog[open]")).to_have_count(0)


def whole(page: Page, name: str) -> None:
    """The lead's page with all its parts."""
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    expect(page.locator("#handoff-panel")).to_be_visible()
    page.wait_for_load_state("networkidle")


def test_a_day_by_the_keyboard_alone(desk: Page, rep: User, morning: SimpleNamespace) -> None:
    page, keys = desk, desk.keyboard
    first, second, third = morning.handoffs

    page.goto(reverse("account_login"))
    tab_to(page, "(field) => field.name === 'login'")
    keys.type(rep.email)
    tab_to(page, "(field) => field.name === 'password'")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="今日の対応", level=1)).to_be_visible()
    expect(page.locator("#queue-counts")).to_contain_text("ホットリード3件")
    expect(page.locator("#queue-counts")).to_contain_text("ToDo1件")
    assert unreadable(page) == []

    keys.press(".")  # the most urgent one
    whole(page, "佐藤 花子")
    keys.press("c")
    in_dialog(page, "連絡を記録")
    expect(page.locator("#dialog .hq-outcome").first).to_be_focused()
    assert violations(page) == []
    tab_to(page, "(field) => field.name === 'note'")
    keys.type("来週に見積もりを送る")
    tab_to(page, "(field) => field.value === 'spoke'", key="Shift+Tab")
    keys.press("1")
    closed(page)
    expect(page.locator("#handoff-panel")).to_contain_text("来週に見積もりを送る")

    keys.press("n")
    in_dialog(page, "メモを追加")
    tab_to(page, "(field) => field.name === 'text'")
    keys.type("決裁は部長")
    tab_to(page, "(field) => field.type === 'submit' && field.closest('.lq-form-actions')")
    keys.press("Enter")
    expect(page.locator("main")).to_contain_text("決裁は部長")  # the page is drawn anew with it
    whole(page, "佐藤 花子")

    command(page, "回答を記録")
    expect(page.locator("#dialog form select").first).to_be_visible()
    tab_to(page, "(field) => field.matches('#dialog select')")
    keys.press("ArrowDown")
    tab_to(page, "(field) => field.type === 'submit' && field.closest('.lq-form-actions')")
    keys.press("Enter")
    closed(page)

    keys.press("a")
    expect(page.get_by_text("商談対象にしました")).to_be_visible()
    page.wait_for_load_state("networkidle")
    keys.press("e")
    in_dialog(page, "結果を記録")
    tab_to(page, "(field) => field.name === 'result'")
    tab_to(page, "(field) => field.value === 'recycled'", key="ArrowDown")
    keys.press("Enter")
    closed(page)
    expect(page.locator("#handoff-panel")).to_contain_text("育成に戻す")

    keys.press(".")
    whole(page, "森 健")
    keys.press(",")  # skip, with a reason
    in_dialog(page, "スキップ")
    keys.press("1")
    whole(page, "渡辺 誠")
    keys.press("s")
    in_dialog(page, "保留")
    tab_to(page, "(field) => field.name === 'preset'")
    keys.press("Enter")
    closed(page)

    keys.press("g")
    keys.press("y")
    expect(page.locator(f"#todo-{morning.todo.pk}")).to_be_visible()
    tab_to(page, f"(row) => row.id === 'todo-{morning.todo.pk}'", key="j")
    keys.press("f")
    expect(page.locator(f"#todo-{morning.todo.pk}[data-done]")).to_be_visible()

    keys.press(".")  # whoever was skipped comes back last
    whole(page, "森 健")
    keys.press("c")
    in_dialog(page, "連絡を記録")
    keys.press("2")
    closed(page)
    keys.press(".")
    expect(page.get_by_role("heading", name="一覧の終わり")).to_be_visible()
    expect(page.get_by_role("link", name="本日の対応4件")).to_be_visible()
    expect(page.get_by_role("link", name="後で2件")).to_be_visible()
    assert unreadable(page) == []

    page.wait_for_load_state("networkidle")
    command(page, "ログアウト")
    page.wait_for_url("**/accounts/login/**", wait_until="commit")

    kinds = dict(HandoffStep.objects.filter(by=rep).values_list("kind", "handoff").order_by("pk"))
    assert {kinds[kind] for kind in ("contacted", "accepted", "result")} == {first.pk}
    assert (kinds["skipped"], kinds["tried"], kinds["snoozed"]) == (second.pk, second.pk, third.pk)
    assert (Answer.objects.count(), Note.objects.get().text) == (1, "決裁は部長")
    assert Todo.objects.get(pk=morning.todo.pk).done_by == rep


def test_the_same_day_by_touch_on_a_phone(phone: Page, rep: User, morning: SimpleNamespace) -> None:
    page = phone
    first, second, third = morning.handoffs

    page.goto(reverse("account_login"))
    for name, typed in (("login", rep.email), ("password", PASSWORD)):
        page.locator(f"input[name={name}]").tap()
        page.keyboard.type(typed)
    page.locator("main button[type=submit], form button[type=submit]").first.tap()
    expect(page.get_by_role("heading", name="今日の対応", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375

    row = page.locator(f"#handoff-{first.pk}")
    row.get_by_role("link", name="連絡を記録").tap()  # one tap …
    page.locator("#dialog .hq-outcome").first.tap()  # … and two
    closed(page)
    expect(row.get_by_role("button", name="商談対象にする")).to_be_visible()
    assert Contact.objects.get().reached

    row.get_by_role("link", name="佐藤 花子").tap()
    whole(page, "佐藤 花子")
    page.get_by_role("button", name="メモを追加").tap()
    in_dialog(page, "メモを追加")
    page.locator("#dialog [name=text]").tap()
    page.keyboard.type("決裁は部長")
    page.locator("#dialog .lq-form-actions button[type=submit]").tap()
    expect(page.locator("main")).to_contain_text("決裁は部長")
    whole(page, "佐藤 花子")
    page.goto(reverse("handoff:day"))
    row.get_by_role("button", name="商談対象にする").tap()
    row.get_by_role("link", name="結果を記録").tap()
    in_dialog(page, "結果を記録")
    page.locator("#dialog [name=result][value=recycled]").tap()
    page.locator("#dialog .lq-form-actions button[type=submit]").tap()
    closed(page)

    page.get_by_role("link", name="次のリードを開く").first.tap()
    whole(page, "森 健")
    page.locator("#handoff-panel").get_by_role("link", name="スキップ").tap()
    in_dialog(page, "スキップ")
    page.locator("#dialog .hq-choices button").first.tap()
    whole(page, "渡辺 誠")
    page.goto(reverse("handoff:day"))
    page.locator(f"#todo-{morning.todo.pk}").get_by_role("button", name="完了にする").tap()
    expect(page.locator(f"#todo-{morning.todo.pk}[data-done]")).to_be_visible()
    for handoff in (second, third):
        page.locator(f"#handoff-{handoff.pk}").get_by_role("link", name="連絡を記録").tap()
        page.locator("#dialog .hq-outcome").nth(1).tap()
        closed(page)
    page.get_by_role("link", name="次のリードを開く").first.tap()
    expect(page.get_by_role("heading", name="一覧の終わり")).to_be_visible()
    expect(page.get_by_role("link", name="本日の対応4件")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375

    page.locator("[popovertarget=person]").tap()
    page.get_by_role("button", name="ログアウト").tap()
    page.wait_for_url("**/accounts/login/**")
    assert Todo.objects.get(pk=morning.todo.pk).done_by == rep
    assert Handoff.objects.get(pk=first.pk).result == "recycled"
