"""A marketer's afternoon in the studio, in both languages: from a template to a rule, to its leads, and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import Role
from accounts.models import User
from scoring.models import LeadScore, ScoringModel
from tests.factories import PASSWORD, LeadFactory, UserFactory, activity
from tests.studio.browser import build_compound_rule

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": {
        "make": "Make the model", "publish": "Publish", "numbers": "The numbers of that day", "done": "Done",
        "to_publish": "Publish…", "mail": "mail opened", "clicked": "mail clicked", "size": "employees",
        "inside": "Add a condition inside", "test": "Test a lead", "as_predicted": "as predicted",
        "queue": "Hot leads", "back": "Go back to this version", "versions": "Versions",
    },
    "ja": {
        "make": "モデルを作成", "publish": "公開", "numbers": "公開時の集計", "done": "完了",
        "to_publish": "公開…", "mail": "メール開封", "clicked": "メールリンク", "size": "従業員",
        "inside": "中に条件を追加", "test": "リードで試す", "as_predicted": "予測どおり",
        "queue": "ホットリード", "back": "このバージョンに戻す", "versions": "バージョン",
    },
}  # fmt: skip
MATCHING, OTHER = ["Aoki", "Baba"], "Chiba"
"""Two whom the new rule makes hot, and one who opened a single mail."""
FADED = 2
"""Hundredths that may fade while the test runs."""


@pytest.fixture(params=["en", "ja"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def studio(context: BrowserContext, live_server: LiveServer, language: str) -> Iterator[Page]:
    """The browser of a marketer, signed in; what it complains about fails the test."""
    user, page = UserFactory(role=Role.MARKETER, language=language), context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(live_server.url + reverse("account_login"))
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "login" not in url)
    yield page
    assert complaints == []


@pytest.fixture
def at() -> datetime:
    """A whole minute three days ago, when each of three leads booked a demo, began a trial and got mails."""
    at = (timezone.now() - timedelta(days=3)).replace(second=0, microsecond=0)
    for name in (*MATCHING, OTHER):
        lead = LeadFactory(name=name, email=f"{name.lower()}@corp.example")
        activity(lead, "demo_request", at)
        activity(lead, "trial_start", at)
        for mail in range(1 if name == OTHER else 2):
            activity(lead, "email_open", at, object=str(mail))
    return at


def work() -> None:
    """What the workers do every few seconds."""
    call_command("pump", once=True)


def publish(page: Page, words: dict[str, str], note: str, number: int) -> None:
    page.fill("textarea[name=note]", note)
    page.get_by_role("button", name=words["publish"], exact=True).click()
    watch(page, words, number)


def watch(page: Page, words: dict[str, str], number: int) -> None:
    """The new version's page, until everybody was scored by it."""
    page.wait_for_url(f"**/versions/{number}/")
    page.locator("#outcome progress").wait_for()
    work()
    page.get_by_role("heading", name=words["numbers"]).wait_for()


def build(page: Page, words: dict[str, str]) -> None:
    editor = build_compound_rule(page, words, points="30")
    editor.get_by_role("button", name=words["done"], exact=True).click()
    editor.wait_for(state="hidden")


def totals_of(page: Page, name: str, at: datetime) -> list[str]:
    """The total under the version in force and under the draft, as they are read on the page."""
    moment = timezone.localtime(at, timezone.get_default_timezone()).strftime("%Y-%m-%dT%H:%M")
    page.fill(".lq-trial-form input[name=q]", name)
    page.fill("input[name=at]", moment)
    page.locator(".lq-trial-form button[type=submit]").click()
    page.get_by_role("link", name=name).click()
    cells = page.locator(".lq-trial-total td").all_inner_texts()
    page.go_back()
    return cells[1:]


def scores() -> dict[str, int]:
    return dict(LeadScore.objects.values_list("lead__name", "total"))


def test_from_a_template_to_leads_in_the_queue_and_back(
    studio: Page, live_server: LiveServer, language: str, at: datetime, rep: User
) -> None:
    words, page, base = WORDS[language], studio, live_server.url

    page.goto(base + reverse("studio:new_model"))
    page.locator("input[name=name]").fill("Ours")
    page.locator("input[value=software]").check()
    page.get_by_role("button", name=words["make"]).click()
    page.wait_for_url("**/scoring/models/*/")
    studio_page = page.url
    page.get_by_role("link", name=words["to_publish"]).first.click()
    publish(page, words, "as it comes", 1)
    before = scores()
    assert set(before) == {*MATCHING, OTHER}

    page.goto(studio_page)
    build(page, words)
    expect(page.locator("#effect .lq-effect-in")).to_contain_text("2")
    page.locator("#effect .lq-effect-in").click()
    for name in MATCHING:
        page.get_by_role("link", name=name).wait_for()
    assert page.get_by_role("link", name=OTHER).count() == 0

    page.goto(studio_page)
    page.get_by_role("link", name=words["test"]).first.click()
    # A day after: 25 points twice, 1/30 of a half-life old, and 30 by the draft for the mails.
    assert totals_of(page, MATCHING[0], at + timedelta(days=1)) == ["48.86", "78.86"]
    assert totals_of(page, OTHER, at + timedelta(days=1)) == ["48.86", "48.86"]
    assert totals_of(page, MATCHING[0], at - timedelta(days=1)) == ["0.00", "0.00"]

    page.goto(studio_page)
    page.get_by_role("link", name=words["to_publish"]).first.click()
    page.locator("#effect .lq-effect-in").wait_for()
    publish(page, words, "mails count", 2)
    page.get_by_text(words["as_predicted"]).wait_for()
    assert scores() == pytest.approx(before | {name: before[name] + 3000 for name in MATCHING}, abs=FADED)

    page.goto(base + reverse("handoff:queue"))
    page.get_by_role("heading", name=words["queue"]).wait_for()
    for name in MATCHING:
        expect(page.locator("#queue-rows")).to_contain_text(name)
    expect(page.locator("#queue-rows")).not_to_contain_text(OTHER)

    page.goto(studio_page)
    page.locator("[popovertarget=model-more]").click()
    page.get_by_role("link", name=words["versions"]).click()
    page.locator(".lq-versions a[href$='/versions/1/back/']").click()
    page.get_by_role("button", name=words["back"]).click()
    watch(page, words, 3)
    assert scores() == pytest.approx(before, abs=FADED)
    first, *_others, last = ScoringModel.objects.get().versions.order_by("number")
    assert first.document == last.document
