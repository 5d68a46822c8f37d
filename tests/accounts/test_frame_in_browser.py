"""The frame in a real browser: keys, menus, dialogs, themes, Japanese input, a strict content policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Team, User
from tests.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visit(page: Page, live_server: LiveServer) -> Iterator[Page]:
    """A page that knows the server and fails on any script error or blocked resource."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(live_server.url + reverse("account_login"))
    yield page
    assert [line for line in said if "status of 4" not in line] == []


def origin(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


def log_in(page: Page, person: User) -> None:
    """By the cookie of a session; the form itself is tested in test_sign_in.py."""
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": origin(page)}])


def go(page: Page, name: str) -> None:
    page.goto(origin(page) + reverse(name))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_of_ours_breaks_an_accessibility_rule(visit: Page, admin: User, rep: User, theme: str) -> None:
    found = {}
    visit.context.add_cookies([{"name": "theme", "value": theme, "url": origin(visit)}])
    User.objects.filter(pk=admin.pk).update(theme=theme)
    for name in ("account_login", "account_reset_password"):
        go(visit, name)
        found[name] = violations(visit)
    log_in(visit, admin)
    pages = ("gallery", "profile", "settings", "people", "people_new", "teams", "api_keys", "audit")
    for name in pages:
        go(visit, f"accounts:{name}")
        found[name] = violations(visit)
    assert visit.locator("html").get_attribute("data-bs-theme") == theme
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_pages_fit_a_phone_without_scrolling_sideways(visit: Page, admin: User) -> None:
    log_in(visit, admin)
    wide = {}
    for width in (360, 1440):
        visit.set_viewport_size({"width": width, "height": 800})
        for name in ("gallery", "profile", "settings", "people", "api_keys", "audit"):
            go(visit, f"accounts:{name}")
            wide[name, width] = visit.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert {key: over for key, over in wide.items() if over > 0} == {}


def test_the_theme_changes_at_once_and_stays(visit: Page, admin: User) -> None:
    log_in(visit, admin)
    go(visit, "accounts:profile")
    visit.click("[popovertarget=theme]")
    with visit.expect_response(lambda response: response.url.endswith(reverse("accounts:theme"))):
        visit.click("#theme [value=dark]")
    assert visit.locator("html").get_attribute("data-bs-theme") == "dark"
    visit.reload()
    assert visit.locator("html").get_attribute("data-bs-theme") == "dark"
    admin.refresh_from_db()
    assert admin.theme == "dark"


def test_the_language_follows_the_browser_until_one_is_chosen(visit: Page, admin: User) -> None:
    User.objects.filter(pk=admin.pk).update(language="")
    expect(visit.locator("h1")).to_have_text("ログイン")
    log_in(visit, admin)
    go(visit, "accounts:profile")
    visit.click("[popovertarget=language]")
    visit.click("#language [value=en]")
    expect(visit.locator("h1")).to_have_text("Profile")
    admin.refresh_from_db()
    assert (admin.language, visit.locator("html").get_attribute("lang")) == ("en", "en")


def test_the_rail_stays_as_narrow_as_it_was_left(visit: Page, admin: User) -> None:
    log_in(visit, admin)
    go(visit, "accounts:profile")
    visit.click("[data-rail-toggle]")
    visit.reload()
    assert visit.locator("html").get_attribute("data-rail") == "narrow"
    assert visit.locator("#rail").bounding_box()["width"] < 80  # type: ignore[index]


def test_keys_go_places_but_never_while_one_types(visit: Page, admin: User) -> None:
    log_in(visit, admin)
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
    visit.wait_for_url(f"**{reverse('accounts:settings')}")


def test_single_keys_can_be_turned_off(visit: Page, admin: User) -> None:
    User.objects.filter(pk=admin.pk).update(single_keys=False)
    log_in(visit, admin)
    go(visit, "accounts:profile")
    visit.locator("h1").click()
    visit.keyboard.press("?")
    visit.wait_for_timeout(100)
    assert not visit.locator("#keys").is_visible()


def test_a_row_is_made_in_a_dialog_that_keeps_what_was_typed_when_it_is_wrong(visit: Page, admin: User) -> None:
    Team.objects.create(name="Tokyo")
    log_in(visit, admin)
    go(visit, "accounts:teams")
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


def test_the_enter_that_confirms_japanese_input_sends_nothing(visit: Page, admin: User) -> None:
    log_in(visit, admin)
    go(visit, "accounts:people")
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


def test_a_refusal_arrives_as_a_toast_and_the_page_stays(visit: Page, admin: User) -> None:
    team = Team.objects.create(name="Tokyo")
    log_in(visit, admin)
    go(visit, "accounts:teams")
    team.delete()
    visit.locator("tbody a").first.click()
    expect(visit.locator("#toasts lq-toast")).to_be_visible()
    assert visit.locator("#dialog[open]").count() == 0
    visit.click("#toasts [data-dismiss]")
    expect(visit.locator("#toasts lq-toast")).to_have_count(0)


def test_on_a_phone_the_menu_is_a_drawer(visit: Page, admin: User) -> None:
    log_in(visit, admin)
    visit.set_viewport_size({"width": 375, "height": 812})
    go(visit, "accounts:profile")
    assert not visit.locator("#rail").is_visible()
    visit.click(".lq-bar [popovertarget=rail]")
    expect(visit.locator("#rail")).to_be_visible()
    visit.click(f"#rail a[href='{reverse('accounts:settings')}']")
    visit.wait_for_url(f"**{reverse('accounts:settings')}")
