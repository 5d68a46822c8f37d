"""Keys with scopes, rotation and last use, and the reference of the API, in a real browser under the strict policy."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.actions import make_key
from accounts.models import ApiKey, User
from tests.axe import violations
from tests.browser import SignIn
from tests.frame.test_frame_in_browser import go, too_wide

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS")


def shoot(page: Page, name: str) -> None:
    """A picture to look at, where a directory for them is named."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def works(secret: str) -> bool:
    return Client().get("/api/v1/leads", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_a_secret_is_replaced_while_the_old_one_goes_on_working(sign_in: SignIn, admin: User, rep: User) -> None:
    old = make_key(by=admin, name="Website", scopes=["leads:read", "scores:read"], expires_at=None, acts_as=rep)[1]
    assert works(old)
    page = sign_in(admin)
    go(page, "frame:api_keys")
    row = page.locator("tbody tr", has_text="Website")
    expect(row).to_contain_text(str(rep))
    expect(row).not_to_contain_text("never")
    row.get_by_role("link", name="Replace secret").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("Keep the old secret working for").select_option("168")
    shoot(page, "rotate-en")
    dialog.get_by_role("button", name="Replace secret").click()
    expect(dialog).to_contain_text("The old secret is valid until:")
    new = dialog.locator("lq-copy code").inner_text()
    assert works(new)
    assert works(old)
    until = ApiKey.objects.get().old_until
    assert until is not None
    assert timedelta(days=6) < until - timezone.now() < timedelta(days=8)
    User.objects.filter(pk=admin.pk).update(language="ja")
    go(page, "frame:api_keys")
    shoot(page, "keys-ja")
    page.set_viewport_size({"width": 375, "height": 800})
    shoot(page, "keys-ja-375")
    assert (violations(page), too_wide(page)) == ([], [])
    page.set_viewport_size({"width": 1440, "height": 900})


def test_anybody_reads_what_an_address_takes_and_answers(context: BrowserContext, sign_in: SignIn, admin: User) -> None:
    page = context.new_page()
    page.goto("/api/v1/")
    operation = page.locator("#put_lead")
    operation.locator("summary").click()
    expect(operation.locator("pre").first).to_contain_text('curl -X PUT "$LEADQUAL/api/v1/leads"')
    expect(operation).to_contain_text("leads:write")
    shoot(page, "reference")
    assert (violations(page), too_wide(page)) == ([], [])
    page.set_viewport_size({"width": 375, "height": 800})
    shoot(page, "reference-375")
    assert too_wide(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
