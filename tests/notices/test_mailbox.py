"""The mails of a demo, shown in the product."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse

from accounts.models import User
from notices import mailbox
from tests.clients import as_

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def box(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MAILBOX = str(tmp_path / "mail")
    return tmp_path / "mail"


def send(subject: str, body: str = "本文です。\nhttp://testserver/leads/7/") -> None:
    connection = get_connection("notices.mailbox.MailboxBackend")
    EmailMessage(subject, body, to=["ren@example.com"], connection=connection).send()


def test_an_administrator_reads_the_mails_newest_first(admin: User) -> None:
    send("【ホット】山田 太郎さん（82点）")
    send("Overdue result: Taro Yamada")
    page = as_(admin).get(reverse("notices:sent_mails")).content.decode()
    assert page.index("Overdue result: Taro Yamada") < page.index("【ホット】山田 太郎さん（82点）")
    newest, oldest = mailbox.sent_mails()
    assert (oldest.to, oldest.body) == ("ren@example.com", "本文です。\nhttp://testserver/leads/7/")
    mail = as_(admin).get(reverse("notices:sent_mail", args=[newest.name])).content.decode()
    assert '<a href="http://testserver/leads/7/"' in mail
    assert "本文です。" in mail


def test_an_empty_mailbox_says_when_mails_appear(admin: User) -> None:
    page = as_(admin).get(reverse("notices:sent_mails")).content.decode()
    assert "No emails yet" in page


def test_only_administrators_read_the_mails_of_others(rep: User, manager: User, marketer: User, helper: User) -> None:
    send("Reset your leadqual password")
    name = mailbox.sent_mails()[0].name
    for user in (rep, manager, marketer, helper):
        assert as_(user).get(reverse("notices:sent_mails")).status_code == 403
        assert as_(user).get(reverse("notices:sent_mail", args=[name])).status_code == 403


def test_where_mails_are_really_sent_there_is_no_such_page(admin: User, settings: LazySettings) -> None:
    send("x")
    name = mailbox.sent_mails()[0].name
    settings.MAILBOX = ""
    client = as_(admin)
    assert client.get(reverse("notices:sent_mails")).status_code == 404
    assert client.get(reverse("notices:sent_mail", args=[name])).status_code == 404
    assert reverse("notices:sent_mails") not in client.get(reverse("frame:settings")).content.decode()


def test_the_settings_and_the_notices_lead_to_the_mailbox(admin: User, rep: User) -> None:
    for address in (reverse("frame:settings"), reverse("notices:list")):
        assert f'href="{reverse("notices:sent_mails")}"' in as_(admin).get(address).content.decode()
        assert reverse("notices:sent_mails") not in as_(rep).get(address).content.decode()


@pytest.mark.parametrize("name", ["nothing", "passwd", "20261122010000000000-00000000"])
def test_a_name_that_is_no_mail_is_not_found(admin: User, name: str) -> None:
    assert as_(admin).get(reverse("notices:sent_mail", args=[name])).status_code == 404


def test_the_mailbox_keeps_the_newest(box: Path, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(mailbox, "MOST", 3)
    for number in range(5):
        send(f"Mail {number}")
    assert [mail.subject for mail in mailbox.sent_mails()] == ["Mail 4", "Mail 3", "Mail 2"]
