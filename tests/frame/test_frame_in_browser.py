"""The frame in a real browser: keys, menus, dialogs, themes, Japanese input, a strict content policy."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Team, User
from notices.models import Notice
from tests.axe import COLOURS, violations
from tests.browser import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visit(sign_in: SignIn, admin: User) -> Page:
    """An administrator's page."""
    return sign_in(admin)


def go(page: Page, name: str) -> None:
    """Open a page and wait until htmx has bound its links: before that they lead to whole pages, as without scripts."""
    page.goto(reverse(name))
    page.wait_for_function("() => !document.querySelector('[hx-get]') || document.querySelector('[data-htmx-powered]')")


def test_every_page_is_accessible_in_both_themes_and_fits_a_phone(
    context: BrowserContext, sign_in: SignIn, admin: User
) -> None:
    found, stranger = {}, context.new_page()
    for name in ("account_login", "account_reset_password"):
        go(stranger, name)
        found[name] = violations(stranger)
    visit = sign_in(admin)
    Notice.objects.create(user=admin, kind="handoff.hot", dedupe_key="a")
    for theme in ("light", "dark"):
        User.objects.filter(pk=admin.pk).update(theme=theme)
        pages = ("gallery", "settings", "people", "people_new", "teams", "api_keys")
        for name in ("accounts:profile", "accounts:audit", *(f"frame:{page}" for page in pages)):
            go(visit, name)
            expect(visit.locator("html")).to_have_attribute("data-bs-theme", theme)
            expect(visit.locator("#unread")).to_have_text("1 unread notification")
            found[name, theme] = violations(visit, COLOURS if theme == "dark" else None) + too_wide(visit)
    assert {name: lines for name, lines in found.items() if lines} == {}


def too_wide(page: Page) -> list[str]:
    """The widths at which the page scrolls sideways."""
    found = []
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"wider than {width}")
    return found


def test_theme_language_and_rail_stay_as_they_were_left(context: BrowserContext, sign_in: SignIn, admin: User) -> None:
    User.objects.filter(pk=admin.pk).update(language="")
    stranger = context.new_page()
    go(stranger, "account_login")
    expect(stranger.locator("h1")).to_have_text("ログイン")  # the language of the browser
    visit = sign_in(admin)
    go(visit, "accounts:profile")
    visit.click("[popovertarget=theme]")
    with visit.expect_response(lambda response: response.url.endswith(reverse("accounts:theme"))):
        visit.click("#theme [value=dark]")
    expect(visit.locator("html")).to_have_attribute("data-bs-theme", "dark")
    visit.reload()
    expect(visit.locator("html")).to_have_attribute("data-bs-theme", "dark")
    visit.click("[popovertarget=language]")
    visit.click("#language [value=en]")
    expect(visit.locator("h1")).to_have_text("Profile")
    visit.click("[data-rail-toggle]")
    expect(visit.locator("html")).to_have_attribute("data-rail", "narrow")
    visit.reload()
    expect(visit.locator("html")).to_have_attribute("data-rail", "narrow")
    assert visit.locator("#rail").bounding_box()["width"] < 80  # type: ignore[index]
    admin.refresh_from_db()
    assert (admin.theme, admin.language) == ("dark", "en")


def test_keys_go_places_but_never_while_one_types(visit: Page, admin: User) -> None:
    go(visit, "accounts:profile")
    visit.fill("[name=name]", "")
    visit.type("[name=name]", "?gs")
    assert (visit.input_value("[name=name]"), visit.locator("#keys").is_visible()) == ("?gs", False)
    visit.locator("h1").click()
    visit.keyboard.press("?")
    expect(visit.locator("#keys")).to_be_visible()
    visit.keyboard.press("Escape")
    visit.keyboard.press("g")
    visit.keyboard.press("s")
    visit.wait_for_url(f"**{reverse('frame:settings')}")
    User.objects.filter(pk=admin.pk).update(single_keys=False)
    visit.reload()
    visit.keyboard.press("?")
    visit.wait_for_timeout(100)
    assert not visit.locator("#keys").is_visible()


def test_a_row_is_made_in_a_dialog_that_keeps_what_was_typed_when_it_is_wrong(visit: Page, admin: User) -> None:
    Team.objects.create(name="Tokyo")
    go(visit, "frame:teams")
    visit.keyboard.press("c")
    name = visit.locator("#dialog [name=name]")
    name.fill("Tokyo")
    visit.click("#dialog button[type=submit].lq-btn-main")
    expect(visit.locator("#dialog .lq-errors")).to_be_visible()
    expect(name).to_have_value("Tokyo")
    name.fill("Nagoya")
    visit.click("#dialog button[type=submit].lq-btn-main")
    expect(visit.locator("lq-toast")).to_be_visible()
    expect(visit.locator("tbody")).to_contain_text("Nagoya")
    assert Team.objects.filter(name="Nagoya").exists()


def test_a_dialog_that_is_closing_opens_for_new_content_only(visit: Page, admin: User) -> None:
    """What is swapped in elsewhere at that moment does not leave an empty dialog over the page."""
    go(visit, "frame:teams")
    visit.keyboard.press("c")
    visit.locator("#dialog [name=name]").wait_for()
    visit.evaluate("dialog.close(), document.dispatchEvent(new Event('htmx:after:swap'))")
    expect(visit.locator("#dialog *")).to_have_count(0)
    expect(visit.locator("#dialog[open]")).to_have_count(0)
    visit.keyboard.press("c")
    visit.locator("#dialog [name=name]").wait_for()
    visit.evaluate(
        "dialog.close(), dialog.replaceChildren(Object.assign(document.createElement('p'), {textContent: 'Next'}))"
    )
    visit.wait_for_timeout(200)
    assert visit.locator("#dialog[open]").inner_text() == "Next"


def test_a_refusal_arrives_as_a_toast_and_the_page_stays(visit: Page, complaints: list[str]) -> None:
    team = Team.objects.create(name="Tokyo")
    go(visit, "frame:teams")
    team.delete()
    visit.locator("tbody a").first.click()
    expect(visit.locator("#toasts lq-toast")).to_be_visible()
    assert ["status of 404" in line for line in complaints] == [True]
    complaints.clear()
    expect(visit.locator("#dialog[open]")).to_have_count(0)
    visit.click("#toasts [data-dismiss]")
    expect(visit.locator("#toasts lq-toast")).to_have_count(0)
    visit.set_viewport_size({"width": 375, "height": 812})
    expect(visit.locator("#rail")).to_be_hidden()  # on a phone the menu is a drawer
    visit.click(".lq-bar [popovertarget=rail]")
    visit.click(f"#rail a[href='{reverse('frame:settings')}']")
    visit.wait_for_url(f"**{reverse('frame:settings')}")


def test_the_enter_that_confirms_japanese_input_sends_nothing(visit: Page, admin: User) -> None:
    go(visit, "frame:people")
    search = visit.locator(".lq-chips [name=q]")
    search.focus()
    before = visit.url
    visit.evaluate(
        """field => {
            const say = (type, init) => field.dispatchEvent(new CompositionEvent(type, {bubbles: true, ...init}));
            say("compositionstart", {data: ""});
            field.value = "佐藤";
            field.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true}));
            say("compositionend", {data: "佐藤"});
            field.form.requestSubmit();
        }""",
        search.element_handle(),
    )
    visit.wait_for_timeout(200)
    assert visit.url == before
    search.press("Enter")
    visit.wait_for_url("**q=**")
    expect(visit.locator(".lq-chips [name=q]")).to_have_value("佐藤")
