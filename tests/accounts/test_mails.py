"""The mails of accounts: in the language of whoever receives them, whichever browser asked."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.clients import as_

pytestmark = pytest.mark.django_db
LINK = re.compile(r"http://\S+")
RESET = {
    "ja": """佐藤 健様

leadqualのパスワード再設定を受け付けました。次のリンクから設定してください（3日間有効、1回限り）。

LINK

お心当たりがない場合は、このメールを破棄してください。パスワードは変更されていません。""",
    "en": """Hi 佐藤 健,

You (or someone else) asked to reset your leadqual password. This link works once and expires in 3 days:

LINK

If this wasn’t you, ignore this email. Nothing has changed.""",
}
SUBJECTS = {"ja": "leadqualパスワードの再設定", "en": "Reset your leadqual password"}


@pytest.mark.parametrize(("language", "browser"), [("ja", "en"), ("en", "ja")])
def test_a_password_mail_is_in_the_language_of_its_receiver(rep: User, language: str, browser: str) -> None:
    User.objects.filter(pk=rep.pk).update(language=language, name="佐藤 健")
    Client(headers={"accept-language": browser}).post(reverse("account_reset_password"), {"email": rep.email})
    (sent,) = mail.outbox
    assert sent.subject == SUBJECTS[language]
    assert LINK.sub("LINK", str(sent.body)).strip() == RESET[language]


def test_an_invitation_is_written_in_the_language_of_the_invited(admin: User, rep: User) -> None:
    User.objects.filter(pk=rep.pk).update(language="ja", name="佐藤 健")
    page = as_(admin).post(reverse("accounts:people_link", args=[rep.pk])).content.decode()
    found = re.search(r'href="(mailto:[^"]+)"', page)
    assert found is not None
    address, _mark, query = unescape(found.group(1)).partition("?")
    subject, body = (unquote(pair.partition("=")[2]) for pair in query.split("&"))
    assert address == f"mailto:{rep.email}"
    assert subject == "leadqualアカウントのご案内"
    assert (
        LINK.sub("LINK", body).strip()
        == """佐藤 健様

leadqualのアカウントを作成しました。次のリンクからパスワードを設定してください（有効期間3日、1回限り）。

LINK

ログインには「ren@example.com」を使用します。"""
    )
