"""Destinations and preferences in a real browser: added, tested, read about and chosen; every page is clear."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from accounts.models import User
from notices.actions.destinations import save_destination, send_test
from notices.models import Destination
from tests.axe import unreadable
from tests.browser import SignIn
from tests.conftest import NOW
from tests.notices.receivers import OK, receiver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def this_machine_may_be_called(settings: LazySettings) -> None:
    settings.OUTGOING_ALLOW = ["127.0.0.1"]


def test_an_administrator_adds_slack_mends_the_address_and_sees_what_it_answers(sign_in: SignIn, admin: User) -> None:
    with receiver((404, {}, b"no_team"), OK) as there:
        page = sign_in(admin, "/settings/destinations/")
        page.click(".lq-empty a")
        page.click("text=Slack")
        page.fill("[name=name]", "営業チーム")
        page.fill("[name=address]", "http://10.0.0.1/hook")
        page.check("[name=topics][value=hot]")
        save(page)
        expect(page.locator("#id_address_error")).to_contain_text("internal network")
        expect(page.locator("[name=topics][value=hot]")).to_be_checked()
        page.fill("[name=address]", there.url)
        save(page)
        page.click("text=Send test message")
        expect(page.locator(".lq-note-bad")).to_contain_text("no_team")
        page.click("text=Send test message")
        expect(page.locator(".lq-note-good")).to_contain_text("200")
        expect(page.locator(".lq-table tbody tr")).to_have_count(2)
        assert there.url not in page.content()


def test_a_signing_secret_is_there_to_copy_once(sign_in: SignIn, admin: User) -> None:
    page = sign_in(admin, "/settings/destinations/new/?kind=webhook")
    page.fill("[name=name]", "基幹システム")
    page.fill("[name=address]", "http://127.0.0.1:9/hook")
    page.check("[name=topics][value=hot]")
    save(page)
    expect(page.locator("lq-copy code")).to_contain_text("whsec_")
    page.click("text=Close")
    expect(page.locator("h1")).to_have_text("基幹システム")
    assert "whsec_" not in page.content()


def test_every_page_is_clear_in_the_light_in_the_dark_and_on_a_phone(sign_in: SignIn, admin: User) -> None:
    with receiver((500, {}, b"a" * 400)) as there:
        for kind in ("webhook", "json"):
            made = Destination(kind=kind, template='{"a": "{line}"}' if kind == "json" else "")
            save_destination(
                destination=made, by=admin, now=NOW, address=there.url, name=f"社内システム {kind}", language="ja",
                topics=["hot", "overdue", "deadlines", "assigned", "models"],
            )  # fmt: skip
            tested = send_test(destination=made, by=admin, now=NOW)
    one = f"/settings/destinations/{made.pk}/"
    page, found = sign_in(admin), {}
    for address in (
        "/settings/destinations/", "/settings/destinations/new/", "/settings/destinations/new/?kind=chatwork",
        f"{one}?tested={tested.pk}", f"{one}delete/", "/settings/deliveries/", "/profile/notifications/",
    ):  # fmt: skip
        page.goto(address)
        found[address] = unreadable(page)
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_quiet_hours_are_chosen_and_kept(sign_in: SignIn, rep: User) -> None:
    page = sign_in(rep, "/profile/notifications/")
    page.fill("[name=quiet_from]", "20:00")
    page.fill("[name=quiet_until]", "08:30")
    save(page)
    expect(page.locator("#id_digest_at_error")).to_be_visible()
    page.fill("[name=digest_at]", "09:00")
    page.select_option("[name=topic_hot]", "in_digest")
    save(page)
    expect(page.locator("[name=quiet_until]")).to_have_value("08:30")
    expect(page.locator("[name=topic_hot]")).to_have_value("in_digest")


def save(page: Page) -> None:
    page.click("form.lq-form button.lq-btn-main")
