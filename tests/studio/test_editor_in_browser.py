"""Rules edited in place, in a real browser, in both languages: typed, saved by itself, moved, undone and redone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import Role
from accounts.models import User
from scoring.models import ScoringModel
from tests.axe import violations
from tests.factories import LeadFactory, UserFactory, activity
from tests.published import Publish, document, mail_rule
from tests.studio.browser import build_compound_rule

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


def rules_of(model: ScoringModel) -> list[dict[str, object]]:
    draft = ScoringModel.objects.get(pk=model.pk).draft or {"groups": [{"rules": []}]}
    return list(draft["groups"][0]["rules"])


def test_a_compound_rule_is_built_and_its_effect_seen_undone_and_redone(
    studio: Page, model: ScoringModel, language: str
) -> None:
    words = WORDS[language]
    editor = build_compound_rule(studio, words, points="60")
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


def names(page: Page) -> list[str]:
    return page.locator("#group-0 [data-edit]").all_inner_texts()


ENDS_WITH_THE_KEY = """document.addEventListener("keydown", (event) => {
  event.target.dispatchEvent(new CompositionEvent("compositionend", {bubbles: true}));
}, {capture: true, once: true})"""
"""The composition ends just before the next key, as in Safari, however slow the machine is."""


@pytest.mark.parametrize("language", ["ja"], indirect=True)
def test_enter_that_confirms_japanese_input_saves_and_closes_nothing(studio: Page, model: ScoringModel) -> None:
    studio.locator("#rule-0-0 [data-edit]").press("Enter")
    name = studio.locator("#dialog #id_name")
    name.fill("")
    typist = studio.context.new_cdp_session(studio)
    typist.send("Input.imeSetComposition", {"text": "めーる", "selectionStart": 3, "selectionEnd": 3})
    name.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "isComposing": True, "bubbles": True})
    typist.send("Input.insertText", {"text": "メール"})
    studio.evaluate(ENDS_WITH_THE_KEY)
    name.press("Enter")
    assert (name.input_value(), studio.locator("#dialog").is_visible()) == ("メール", True)
    found = studio.locator("#dialog lq-combobox input")
    studio.locator("#dialog [name=kind][value=when]").check()
    found.first.fill("メール")
    found.first.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "isComposing": True, "bubbles": True})
    assert found.first.get_attribute("aria-expanded") == "true"
    found.first.press("Escape")
    assert studio.locator("#dialog").is_visible()


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_rules_move_by_keys_by_dragging_and_by_a_dialog(studio: Page, model: ScoringModel) -> None:
    studio.locator("#rule-0-0 [data-edit]").focus()
    studio.keyboard.press("Alt+ArrowDown")
    studio.locator("#rule-0-0", has_text="Clicked").wait_for()
    studio.wait_for_function("document.activeElement.textContent === 'Opened a mail'")
    studio.keyboard.press("Alt+ArrowUp")
    studio.locator("#rule-0-0", has_text="Opened a mail").wait_for()
    grip, below = studio.locator("#rule-0-0 .lq-rule-points"), studio.locator("#rule-0-1").bounding_box()
    assert below is not None
    grip.hover()
    studio.mouse.down()
    studio.mouse.move(below["x"] + 20, below["y"] + below["height"] - 4, steps=6)
    studio.mouse.up()
    studio.locator("#rule-0-0", has_text="Clicked").wait_for()
    assert names(studio) == ["Clicked", "Opened a mail"]
    studio.keyboard.press("Control+z")
    studio.locator("#rule-0-0", has_text="Opened a mail").wait_for()
    studio.keyboard.press("Control+Shift+z")
    studio.locator("#rule-0-0", has_text="Clicked").wait_for()
    studio.locator("#rule-0-0 lq-menu button").first.click()
    studio.get_by_role("link", name="Move to…").first.click()
    studio.locator("#dialog #id_to_rule").fill("2")
    assert violations(studio) == []
    studio.get_by_role("button", name="Move", exact=True).click()
    studio.locator("#rule-0-0", has_text="Opened a mail").wait_for()
    studio.locator("#rule-0-1 lq-menu button").first.click()
    studio.get_by_role("button", name="Delete", exact=True).last.click()
    studio.locator("#rule-0-1").wait_for(state="detached")
    assert [rule["name"] for rule in rules_of(model)] == ["Opened a mail"]


@pytest.mark.parametrize("language", ["ja"], indirect=True)
def test_a_rule_is_opened_changed_given_a_condition_and_moved_by_keys_alone(
    studio: Page, model: ScoringModel, language: str
) -> None:
    keys = studio.keyboard
    reach(studio, "#rule-0-0 [data-edit]")
    keys.press("Enter")
    studio.locator("#dialog #id_points").wait_for()
    reach(studio, "#dialog #id_points")
    keys.press("Control+a")
    keys.type("60")
    reach(studio, "#dialog [name=kind]:checked")
    keys.press("ArrowDown")
    reach(studio, "#dialog [data-condition] [role=combobox]")
    keys.type(WORDS[language]["size"])
    keys.press("Enter")
    reach(studio, "#dialog [data-condition] [name$=-op]")
    keys.press("End")
    studio.locator("#saved[data-saved]").wait_for()
    for scheme in ("dark", "light"):
        studio.emulate_media(color_scheme=scheme)
        studio.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished))")
        assert violations(studio) == []
    keys.press("Escape")
    studio.locator("#dialog").wait_for(state="hidden")
    expect(studio.locator("#rule-0-0 [data-edit]")).to_be_focused()
    keys.press("Alt+ArrowDown")
    studio.locator("#rule-0-1", has_text="+60").wait_for()
    assert [rule["points"] for rule in rules_of(model)] == [5, 60]
    assert "company.employees" in str(rules_of(model)[1]["when"])


def reach(page: Page, control: str) -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    for _press in range(80):
        if page.evaluate("(control) => document.activeElement.matches(control)", control):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {control}")


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_what_cannot_be_saved_holds_the_editor_open_once_and_loses_nothing(studio: Page, model: ScoringModel) -> None:
    studio.locator("#rule-0-0 .lq-rule-words span").first.click()
    points = studio.locator("#dialog #id_points")
    points.fill("many")
    studio.locator("#saved[data-unsaved]").wait_for()
    studio.keyboard.press("Escape")
    assert (points.input_value(), studio.locator("#dialog").is_visible()) == ("many", True)
    points.fill("30")
    studio.locator("#saved[data-saved]").wait_for()
    studio.keyboard.press("Escape")
    studio.locator("#dialog").wait_for(state="hidden")
    studio.locator("#rule-0-0", has_text="+30").wait_for()
    assert rules_of(model)[0]["points"] == 30


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_two_editors_in_two_browsers_lose_nothing(
    studio: Page, model: ScoringModel, browser: Browser, live_server: LiveServer
) -> None:
    other = browser.new_context()
    mika = signed_in(UserFactory(role=Role.MARKETER, name="Mika", language="en"), other, live_server)
    mika.goto(f"{live_server.url}{model.get_absolute_url()}")
    for page, rule, points in ((studio, "#rule-0-0", "11"), (mika, "#rule-0-1", "12")):
        page.locator(f"{rule} [data-edit]").click()
        page.locator("#dialog #id_points").fill(points)
    for page in (studio, mika):
        page.get_by_role("button", name="Done", exact=True).click()
        page.locator("#dialog").wait_for(state="hidden")
    assert [rule["points"] for rule in rules_of(model)] == [11, 12]
    mika.get_by_text("+11").wait_for()
    studio.get_by_text("Mika is here too").wait_for()
    studio.get_by_text("+12").wait_for()
    other.close()


def test_pressing_words_of_a_rule_opens_the_editor_at_the_field_that_says_them(
    live_server: LiveServer, context: BrowserContext, publish: Publish
) -> None:
    fading = mail_rule(points=20, decay={"half_life": "30d"})
    sized = {"name": "Large", "points": 5, "when": {"field": "company.employees", "op": ">=", "value": 100}}
    page = signed_in(UserFactory(role=Role.MARKETER, language="en"), context, live_server)
    page.goto(f"{live_server.url}{publish(document(fading, sized)).get_absolute_url()}")
    for rule, words, field in (
        (0, ".lq-rule-points", "id_points"),
        (0, "[data-field=activity]", "id_activity"),
        (0, "[data-field=decay_length]", "id_decay_length"),
        (1, "[data-field=when-0-subject]", "Employees"),
    ):
        page.locator(f"#rule-0-{rule} {words}").click()
        page.wait_for_function(
            "named => [document.activeElement.id, document.activeElement.value].includes(named)", arg=field
        )
        page.keyboard.press("Escape")
        page.locator("#dialog").wait_for(state="hidden")


def test_a_form_that_did_not_come_leaves_no_field_for_the_next_one(
    live_server: LiveServer, context: BrowserContext, publish: Publish
) -> None:
    page = signed_in(UserFactory(role=Role.MARKETER, language="en"), context, live_server)
    page.goto(f"{live_server.url}{publish(document(mail_rule(), mail_rule(name='Second'))).get_absolute_url()}")
    page.route("**/rules/0/0/", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.locator("#rule-0-0 .lq-rule-points").click()
    page.locator("#rule-0-1 [data-edit]").press("Enter")
    page.locator("#dialog #id_points").wait_for()
    twice = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    page.evaluate(twice)
    assert page.evaluate("document.activeElement.id") != "id_points"


def test_what_is_being_typed_keeps_focus_and_caret_while_the_draft_saves_itself(studio: Page) -> None:
    studio.locator("#rule-0-0 [data-edit]").click()
    name = studio.locator("#id_name")
    name.fill("Opened a mail")
    name.press("ArrowLeft")
    studio.locator("#saved[data-saved]").wait_for()
    studio.locator("#rule-0-0 [data-edit]", has_text="Opened a mail").wait_for()
    caret = "() => [document.activeElement.id, document.activeElement.selectionStart]"
    assert studio.evaluate(caret) == ["id_name", len("Opened a mail") - 1]
