"""The pages on which people sign in and set passwords, as they read in Japanese."""

from __future__ import annotations

import re

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.clients import as_

pytestmark = pytest.mark.django_db
HALF_WIDTH = re.compile(r"[ぁ-んァ-ヶ一-龯] ?[()?!:]|[()] ?[ぁ-んァ-ヶ一-龯]")


def words(page: bytes) -> str:
    return re.sub(r"<script.*?</script>|<[^>]+>", "\n", page.decode(), flags=re.DOTALL)


def test_the_second_password_is_the_new_one_to_confirm(admin: User) -> None:
    admin.language = "ja"
    admin.save()
    page = words(as_(admin).get(reverse("account_change_password")).content)
    assert ("現在のパスワード" in page, "新しいパスワード（確認）" in page) == (True, True)


def test_no_page_of_signing_in_has_half_width_brackets_in_japanese(client: Client, admin: User) -> None:
    admin.language = "ja"
    admin.save()
    key = f"{user_pk_to_url_str(admin)}-{default_token_generator.make_token(admin)}"
    from_link = reverse(
        "account_reset_password_from_key", kwargs={"uidb36": key.split("-")[0], "key": key.split("-", 1)[1]}
    )
    open_pages = [reverse(name) for name in ("account_login", "account_reset_password", "account_reset_password_done")]
    own = [reverse(name) for name in ("account_change_password", "account_logout")]
    read = {path: client.get(path, headers={"Accept-Language": "ja"}, follow=True) for path in [*open_pages, from_link]}
    read |= {path: as_(admin).get(path, headers={"Accept-Language": "ja"}, follow=True) for path in own}
    read["refused"] = client.post(reverse("account_login"), {"login": "x@y.example", "password": "wrong"},
                                  headers={"Accept-Language": "ja"})  # fmt: skip
    assert {path: HALF_WIDTH.findall(words(page.content)) for path, page in read.items()} == {path: [] for path in read}
    assert "新しいパスワード（確認）" in words(read[from_link].content)
