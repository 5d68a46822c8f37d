"""Rules edited in place, in a real browser, in both languages: typed, saved by itself, moved, undone and redone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page
from pytest_django.live_server_helper import LiveServer

from accounts.enums import Role
from accounts.models import User
from scoring.models import ScoringModel
from tests.axe import violations
from tests.factories import LeadFactory, UserFactory, activity
from tests.scoring.conftest import Publish, document, mail_rule

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": {
        "add": "Add a rule", "done": "Done", "undo": "Undo", "redo": "Redo",
        "inside": "Add a condition inside", "mail": "mail opened", "clicked": "mail clicked", "size": "employees",
    },
    "ja": {
        "add": "ルールを追加", "done": "完了", "undo": "元に戻す", "redo": "やり直す",
        "inside": "中に条件を追加", "mail": "メール開封", "clicked": "メールリンク", "size": "従業員",
    },
}  # fmt: skip


@pytest.fixture
def model(publish: Publish) -> ScoringModel:
    """Three leads with two mails each, at 40 points a mail: hot."""
    at = timezone.now() - timedelta(minutes=5)
    for number in range(3):
        lead = LeadFactory(name=f"Lead {number}")
        for mail in range(2):
            activity(lead, "email_open", at - timedelta(days=1), object=str(mail))
    return publish(document(mail_rule(points=20), mail_rule(name="Clicked", each={"activity": "email_click"})), at=at)


def signed_in(user: User, context: BrowserContext, live_server: LiveServer) -> Page:
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return context.new_page()


@pytest.fixture(params=["en", "ja"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def studio(live_server: LiveServer, context: BrowserContext, language: str, model: ScoringModel) -> Iterator[Page]:
    """A marketer's browser at the model; what it complains about fails the test."""
    page = signed_in(UserFactory(role=Role.MARKETER, language=language), context, live_server)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}{model.get_absolute_url()}")
    yield page
    assert complaints == []


def choose(row: Locator, words: str) -> None:
    """What a condition looks at, found by typing a part of its name."""
    box = row.get_by_role("combobox").first
    box.fill(words)
    box.press("Enter")


def rules_of(model: ScoringModel) -> list[dict[str, object]]:
    draft = ScoringModel.objects.get(pk=model.pk).draft or {"groups": [{"rules": []}]}
    return list(draft["groups"][0]["rules"])


def test_a_compound_rule_is_built_and_its_effect_seen_undone_and_redone(
    studio: Page, model: ScoringModel, language: str
) -> None:
    words = WORDS[language]
    studio.locator("#group-0 .lq-add").click()
    editor = studio.locator("#dialog")
    editor.locator("#id_name").fill("Opened two mails")
    editor.locator("#id_points").fill("60")
    editor.locator("[name=kind][value=when]").check()
    rows = editor.locator("[data-condition]:visible")
    choose(rows.first, words["mail"])
    rows.first.locator("[name$=-count]").fill("2")
    editor.locator("[data-add='group:any']").click()
    editor.get_by_role("button", name=words["inside"], exact=True).last.click()
    choose(rows.nth(2), words["size"])
    rows.nth(2).locator("[name$=-op]").select_option("unknown")
    editor.locator("[data-add='']").click()
    choose(rows.nth(3), words["clicked"])
    rows.nth(3).press("Alt+ArrowRight")
    editor.locator("#saved[data-saved]").wait_for()
    studio.locator("#rule-0-2").wait_for(state="attached")
    studio.wait_for_timeout(1500)
    assert rules_of(model)[2]["when"] == {
        "all": [
            {"activity": "email_open", "count": {"op": ">=", "value": 2}},
            {"any": [{"field": "company.employees", "op": "unknown"}, {"activity": "email_click"}]},
        ]
    }
    studio.locator("#effect .lq-effect-in").wait_for()
    assert violations(studio) == []
    editor.get_by_role("button", name=words["done"], exact=True).click()
    editor.wait_for(state="hidden")
    assert studio.locator("#rule-0-2").inner_text().splitlines()[0] == "+60"
    studio.get_by_role("button", name=words["undo"], exact=True).click()
    studio.locator("#rule-0-2").wait_for(state="detached")
    studio.locator("#effect .lq-effect-in").wait_for(state="detached")
    studio.get_by_role("button", name=words["redo"], exact=True).click()
    studio.locator("#rule-0-2").wait_for()
    studio.locator("#effect .lq-effect-in").wait_for()
    assert violations(studio) == []
