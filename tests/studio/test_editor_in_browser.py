"""Rules edited in place, in a real browser: typed, saved by itself, moved, undone and redone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.enums import Role
from accounts.models import User
from scoring.models import ScoringModel
from tests.axe import violations
from tests.browser import SignIn
from tests.factories import LeadFactory, UserFactory, activity
from tests.published import Publish, document, mail_rule
from tests.studio.browser import ENGLISH, build_compound_rule, choose

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def model(publish: Publish) -> ScoringModel:
    """Three leads with two mails each, at 40 points a mail: hot."""
    at = timezone.now() - timedelta(minutes=5)
    for number in range(3):
        lead = LeadFactory(name=f"Lead {number}")
        for mail in range(2):
            activity(lead, "email_open", at - timedelta(days=1), object=str(mail))
    return publish(document(mail_rule(points=20), mail_rule(name="Clicked", each={"activity": "email_click"})), at=at)


@pytest.fixture
def studio(sign_in: SignIn, marketer: User, model: ScoringModel) -> Page:
    """A marketer's browser at the model."""
    return sign_in(marketer, model.get_absolute_url())


@pytest.fixture
def japanese(sign_in: SignIn, model: ScoringModel) -> Page:
    """The same of one who reads Japanese."""
    return sign_in(UserFactory(role=Role.MARKETER, language="ja"), model.get_absolute_url())


def rules_of(model: ScoringModel) -> list[dict[str, object]]:
    draft = ScoringModel.objects.get(pk=model.pk).draft or {"groups": [{"rules": []}]}
    return list(draft["groups"][0]["rules"])


def test_a_compound_rule_is_built_and_its_effect_seen_undone_and_redone(studio: Page, model: ScoringModel) -> None:
    editor = build_compound_rule(studio, ENGLISH, points="60")
    assert ScoringModel.objects.get(pk=model.pk).draft is None  # a new rule is kept when one says so
    assert violations(studio) == []
    editor.get_by_role("button", name="Done", exact=True).click()
    editor.wait_for(state="hidden")
    studio.locator("#rule-0-2").wait_for()
    assert rules_of(model)[2]["when"] == {
        "all": [
            {"activity": "email_open", "count": {"op": ">=", "value": 2}},
            {"any": [{"field": "company.employees", "op": "unknown"}, {"activity": "email_click"}]},
        ]
    }
    studio.locator("#effect .lq-effect-in").wait_for()
    assert violations(studio) == []
    expect(studio.locator("#rule-0-2 .lq-rule-points")).to_have_text("+60")
    studio.get_by_role("button", name="Undo", exact=True).click()
    studio.locator("#rule-0-2").wait_for(state="detached")
    studio.locator("#effect .lq-effect-in").wait_for(state="detached")
    studio.get_by_role("button", name="Redo", exact=True).click()
    studio.locator("#rule-0-2").wait_for()
    studio.locator("#effect .lq-effect-in").wait_for()
    assert violations(studio) == []


def open_new_rule(page: Page, name: str, points: str) -> Locator:
    page.locator("#group-0 .lq-add").click()
    editor = page.locator("#dialog")
    editor.locator("#id_name").fill(name)
    editor.locator("#id_points").fill(points)
    return editor


def close(editor: Locator) -> None:
    editor.get_by_role("button", name="Done", exact=True).click()
    editor.wait_for(state="hidden")


def test_rules_are_written_by_what_happened_where_and_by_a_choice(studio: Page, model: ScoringModel) -> None:
    editor = open_new_rule(studio, "Landed on the page that matters", "15")
    editor.locator("#id_activity").select_option("form_submit")
    editor.locator("#id_repeat").select_option("once")
    editor.locator("#id_where_field").select_option("object")
    editor.locator("#id_where_op").select_option("=")
    editor.locator("#id_where_value").fill("page-0")
    close(editor)
    editor = open_new_rule(studio, "Came by search", "15")
    editor.locator("[name=kind][value=when]").check()
    row = editor.locator("[data-condition]:visible").first
    choose(row, "Source")
    row.locator("[name$=-op]").select_option("=")
    row.locator("[data-choices] select").select_option("organic_search")
    close(editor)
    landed = {"activity": "form_submit", "where": {"field": "object", "op": "=", "value": "page-0"}}
    assert rules_of(model)[2:] == [
        {"name": "Landed on the page that matters", "each": landed, "points": 15, "repeat": "once"},
        {"name": "Came by search", "when": {"field": "source", "op": "=", "value": "organic_search"}, "points": 15},
    ]


ENDS_WITH_THE_KEY = """document.addEventListener("keydown", (event) => {
  event.target.dispatchEvent(new CompositionEvent("compositionend", {bubbles: true}));
}, {capture: true, once: true})"""
"""The composition ends just before the next key, as in Safari, however slow the machine is."""


def test_enter_that_confirms_japanese_input_saves_and_closes_nothing(japanese: Page, model: ScoringModel) -> None:
    japanese.locator("#rule-0-0 [data-edit]").press("Enter")
    name = japanese.locator("#dialog #id_name")
    name.fill("")
    typist = japanese.context.new_cdp_session(japanese)
    typist.send("Input.imeSetComposition", {"text": "めーる", "selectionStart": 3, "selectionEnd": 3})
    name.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "isComposing": True, "bubbles": True})
    typist.send("Input.insertText", {"text": "メール"})
    japanese.evaluate(ENDS_WITH_THE_KEY)
    name.press("Enter")
    expect(name).to_have_value("メール")
    expect(japanese.locator("#dialog")).to_be_visible()
    found = japanese.locator("#dialog lq-combobox input")
    japanese.locator("#dialog [name=kind][value=when]").check()
    found.first.fill("メール")
    found.first.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "isComposing": True, "bubbles": True})
    expect(found.first).to_have_attribute("aria-expanded", "true")
    found.first.press("Escape")
    expect(japanese.locator("#dialog")).to_be_visible()


def test_rules_move_by_keys_by_dragging_and_by_a_dialog(studio: Page, model: ScoringModel) -> None:
    studio.locator("#rule-0-0 [data-edit]").focus()
    studio.keyboard.press("Alt+ArrowDown")
    studio.locator("#rule-0-0", has_text="Clicked").wait_for()
    studio.wait_for_function("() => document.activeElement.textContent === 'Opened a mail'")
    studio.keyboard.press("Alt+ArrowUp")
    studio.locator("#rule-0-0", has_text="Opened a mail").wait_for()
    grip, below = studio.locator("#rule-0-0 .lq-rule-points"), studio.locator("#rule-0-1").bounding_box()
    assert below is not None
    grip.hover()
    studio.mouse.down()
    studio.mouse.move(below["x"] + 20, below["y"] + below["height"] - 4, steps=6)
    studio.mouse.up()
    studio.locator("#rule-0-0", has_text="Clicked").wait_for()
    expect(studio.locator("#group-0 [data-edit]")).to_have_text(["Clicked", "Opened a mail"])
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


def test_a_rule_is_opened_changed_given_a_condition_and_moved_by_keys_alone(
    japanese: Page, model: ScoringModel
) -> None:
    keys = japanese.keyboard
    reach(japanese, "#rule-0-0 [data-edit]")
    keys.press("Enter")
    japanese.locator("#dialog #id_points").wait_for()
    reach(japanese, "#dialog #id_points")
    keys.press("Control+a")
    keys.type("60")
    reach(japanese, "#dialog [name=kind]:checked")
    keys.press("ArrowDown")
    reach(japanese, "#dialog [data-condition] [role=combobox]")
    keys.type("従業員")
    keys.press("Enter")
    reach(japanese, "#dialog [data-condition] [name$=-op]")
    keys.press("End")
    japanese.locator("#saved[data-saved]").wait_for()
    for scheme in ("dark", "light"):
        japanese.emulate_media(color_scheme=scheme)
        japanese.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished))")
        assert violations(japanese) == []
    keys.press("Escape")
    japanese.locator("#dialog").wait_for(state="hidden")
    expect(japanese.locator("#rule-0-0 [data-edit]")).to_be_focused()
    keys.press("Alt+ArrowDown")
    japanese.locator("#rule-0-1", has_text="+60").wait_for()
    assert [rule["points"] for rule in rules_of(model)] == [5, 60]
    assert "company.employees" in str(rules_of(model)[1]["when"])


def reach(page: Page, control: str) -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    for _press in range(80):
        if page.evaluate("(control) => document.activeElement.matches(control)", control):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {control}")


def test_what_cannot_be_saved_holds_the_editor_open_once_and_loses_nothing(studio: Page, model: ScoringModel) -> None:
    studio.locator("#rule-0-0 .lq-rule-words span").first.click()
    points = studio.locator("#dialog #id_points")
    points.fill("many")
    studio.locator("#saved[data-unsaved]").wait_for()
    studio.keyboard.press("Escape")
    expect(points).to_have_value("many")
    expect(studio.locator("#dialog")).to_be_visible()
    points.fill("30")
    studio.locator("#saved[data-saved]").wait_for()
    studio.keyboard.press("Escape")
    studio.locator("#dialog").wait_for(state="hidden")
    studio.locator("#rule-0-0", has_text="+30").wait_for()
    assert rules_of(model)[0]["points"] == 30


def test_two_editors_in_two_browsers_lose_nothing(sign_in: SignIn, marketer: User, model: ScoringModel) -> None:
    studio, kei = (sign_in(user, apart=True) for user in (marketer, UserFactory(role=Role.MARKETER, name="Kei")))
    for page in (studio, kei):
        page.clock.install()
        page.goto(model.get_absolute_url())
    for page, rule, points in ((studio, "#rule-0-0", "11"), (kei, "#rule-0-1", "12")):
        page.locator(f"{rule} [data-edit]").click()
        page.locator("#dialog #id_points").fill(points)
    for page in (studio, kei):
        page.get_by_role("button", name="Done", exact=True).click()
        page.locator("#dialog").wait_for(state="hidden")
    assert [rule["points"] for rule in rules_of(model)] == [11, 12]
    for page in (kei, studio):
        page.clock.run_for(16_000)  # each page asks every 15 seconds who is here
    kei.get_by_text("+11").wait_for()
    studio.get_by_text("Kei is also editing").wait_for()
    studio.get_by_text("+12").wait_for()


def test_pressing_words_of_a_rule_opens_the_editor_at_the_field_that_says_them(
    sign_in: SignIn, marketer: User, publish: Publish
) -> None:
    fading = mail_rule(points=20, decay={"half_life": "30d"})
    sized = {"name": "Large", "points": 5, "when": {"field": "company.employees", "op": ">=", "value": 100}}
    page = sign_in(marketer, publish(document(fading, sized)).get_absolute_url())
    for rule, words, field in (
        (0, ".lq-rule-points", "id_points"),
        (0, "[data-field=activity]", "id_activity"),
        (0, "[data-field=decay_length]", "id_decay_length"),
        (1, "[data-field=when-0-subject]", "Number of employees"),
    ):
        page.locator(f"#rule-0-{rule} {words}").click()
        page.wait_for_function(
            "named => [document.activeElement.id, document.activeElement.value].includes(named)", arg=field
        )
        page.keyboard.press("Escape")
        page.locator("#dialog").wait_for(state="hidden")


def test_a_form_that_did_not_come_leaves_no_field_for_the_next_one(
    sign_in: SignIn, marketer: User, publish: Publish, complaints: list[str]
) -> None:
    page = sign_in(marketer, publish(document(mail_rule(), mail_rule(name="Second"))).get_absolute_url())
    page.route("**/rules/0/0/", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.locator("#rule-0-0 .lq-rule-points").click()
    page.locator("#rule-0-1 [data-edit]").press("Enter")
    page.locator("#dialog #id_points").wait_for()
    twice = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    page.evaluate(twice)
    assert page.evaluate("document.activeElement.id") != "id_points"
    complaints.clear()  # of the request that failed


def test_what_is_being_typed_keeps_focus_and_caret_while_the_draft_saves_itself(studio: Page) -> None:
    studio.locator("#rule-0-0 [data-edit]").click()
    name = studio.locator("#id_name")
    name.fill("Opened a mail")
    name.press("ArrowLeft")
    studio.locator("#saved[data-saved]").wait_for()
    studio.locator("#rule-0-0 [data-edit]", has_text="Opened a mail").wait_for()
    expect(name).to_be_focused()
    studio.wait_for_function("place => document.activeElement.selectionStart === place", arg=len("Opened a mail") - 1)
