"""Mails as they arrive: subject and text, word for word, in the language of whoever receives them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail

from accounts.models import User
from notices.actions import deliver_due, tell
from notices.enums import Channel
from notices.mails import digest_for, mail_for
from notices.models import OutboxMessage
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
# Thursday 2026-07-23 18:00 in Tokyo, 11:00 in Berlin.
DUE = datetime(2026, 7, 23, 9, 0, tzinfo=UTC).isoformat()
LEAD = {"lead": "山田 太郎", "due_at": DUE, "score": 82, "team": "東京営業", "owner": "佐藤 花子", "by": "佐藤 花子"}


@pytest.fixture(autouse=True)
def this_year() -> Iterator[None]:
    """Dates of the present year are written without it."""
    with time_machine.travel(NOW, tick=False):
        yield


def mail_to(user: User, kind: str, now: datetime, **params: Any) -> mail.EmailMessage:
    """The mail that `user` gets of this kind."""
    tell(people=[user], kind=kind, key="k", now=now, params={**LEAD, **params}, url="/leads/7/")
    return mail_for(OutboxMessage.objects.get(channel=Channel.EMAIL, user=user))


def spoken(user: User, language: str, zone: str = "Asia/Tokyo") -> User:
    user.language, user.timezone, user.name = language, zone, "鈴木 一郎" if language == "ja" else "Ren Rep"
    user.save()
    return user


JAPANESE = """鈴木 一郎様

山田 太郎さんがホットになりました（82点）
東京営業の対応リストに追加されました。初回連絡の期限：7月23日(木) 18:00

リードを開く
http://testserver/leads/7/

--
このメールはleadqualから自動送信しています。受け取るメールの設定：
http://testserver/profile/notifications/
"""
ENGLISH = """Hi Ren Rep,

山田 太郎 is hot (82 points)
In the queue of 東京営業. First contact by Thu 23 Jul, 11:00.

Open the lead
http://testserver/leads/7/

--
leadqual sent this email automatically. Choose what you get by email:
http://testserver/profile/notifications/
"""


def test_a_japanese_mail_says_every_word_in_japanese(rep: User, now: datetime) -> None:
    message = mail_to(spoken(rep, "ja"), "handoff.hot", now)
    assert (message.subject, message.body.strip()) == ("【ホット】山田 太郎さん（82点）", JAPANESE.strip())


def test_an_english_mail_tells_times_in_the_zone_of_its_receiver(rep: User, now: datetime) -> None:
    message = mail_to(spoken(rep, "en", "Europe/Berlin"), "handoff.hot", now)
    assert (message.subject, message.body.strip()) == ("Hot lead: 山田 太郎 (82 points)", ENGLISH.strip())


@pytest.mark.parametrize(
    ("installation", "subject"),
    [("ja", "【期限間近】山田 太郎さんへの初回連絡"), ("en", "First contact due soon: 山田 太郎")],
)
def test_who_chose_no_language_gets_that_of_the_installation(
    rep: User, now: datetime, settings: LazySettings, installation: str, subject: str
) -> None:
    settings.LANGUAGE_CODE = installation
    assert mail_to(spoken(rep, ""), "handoff.due_soon.first_contact", now).subject == subject


SUBJECTS = [
    ("handoff.hot_yours", "Your lead is hot: 山田 太郎", "【ホット】ご担当の山田 太郎さん"),
    ("handoff.hot_many", "New hot leads for 東京営業: 6", "【ホット】東京営業に新着6件"),
    ("handoff.assigned", "Assigned to you: 山田 太郎", "【担当】山田 太郎さんの割り当て"),
    ("handoff.due_soon.result", "Result due soon: 山田 太郎", "【期限間近】山田 太郎さんの結果の記録"),
    ("handoff.breached.first_contact", "Overdue first contact: 山田 太郎", "【期限超過】山田 太郎さんへの初回連絡"),
    ("handoff.breached.result", "Overdue result: 山田 太郎", "【期限超過】山田 太郎さんの結果の記録"),
    ("scoring.approval_wanted", "Approval requested: 標準", "【承認依頼】「標準」の変更"),
    ("scoring.sent_back", "Changes requested: 標準", "【修正依頼】「標準」の変更"),
]


@pytest.mark.parametrize(("kind", "english", "japanese"), SUBJECTS)
def test_a_subject_names_the_reason_and_whom_it_is_about(
    rep: User, manager: User, now: datetime, kind: str, english: str, japanese: str
) -> None:
    params = {"count": 6, "model": "標準", "note": "x", "reason": "y"}
    assert mail_to(spoken(rep, "en"), kind, now, **params).subject == english
    assert mail_to(spoken(manager, "ja"), kind, now, **params).subject == japanese


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("kind", [kind for kind, *_words in SUBJECTS])
def test_no_subject_is_longer_than_forty_characters(rep: User, now: datetime, kind: str, language: str) -> None:
    long = "Maximiliane von und zu Hohenstein-Lichtenfels"
    message = mail_to(spoken(rep, language), kind, now, lead=long, model=long, team=long, count=12)
    assert len(message.subject) <= 40
    assert "Maximil" in message.subject
    assert "…" in message.subject


def test_a_mail_says_the_same_as_text_and_as_html(rep: User, now: datetime) -> None:
    message = mail_to(rep, "handoff.hot", now, lead="<b>Eve</b>", team="A & B").message()
    parts = [part for part in message.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    text, html = (part.get_payload(decode=True).decode() for part in parts)  # type: ignore[union-attr]
    assert "<b>Eve</b> is hot" in text
    assert "&lt;b&gt;Eve&lt;/b&gt; is hot" in html
    assert "In the queue of A &amp; B." in html
    assert 'href="http://testserver/leads/7/"' in html
    assert html.startswith('<!DOCTYPE html>\n<html lang="en">')


# The daily mail


def told_together(user: User, now: datetime, *told: tuple[str, str, str]) -> list[OutboxMessage]:
    """Mails to a person, the latest first: kind, lead and page of each."""
    for number, (kind, lead, url) in enumerate(told):
        at = now + timedelta(minutes=number)
        tell(people=[user], kind=kind, key=f"k{number}", now=at, params={**LEAD, "lead": lead}, url=url)
    return list(OutboxMessage.objects.filter(channel=Channel.EMAIL, user=user).order_by("-pk"))


DIGEST = """Hi Ren Rep,

Ito is hot (82 points)
In the queue of 東京営業. First contact by Thu 23 Jul, 18:00.
Overdue: Ito has not been contacted
First contact was due Thu 23 Jul, 18:00. Owner: 佐藤 花子.
Open the lead
http://testserver/leads/7/

佐藤 花子 assigned Ueda to you
Open the lead
http://testserver/leads/8/

--
leadqual sent this email automatically. Choose what you get by email:
http://testserver/profile/notifications/
"""


def test_the_daily_mail_groups_what_is_about_one_lead_in_the_order_in_which_it_was_told(
    rep: User, now: datetime
) -> None:
    messages = told_together(
        spoken(rep, "en"), now, ("handoff.hot", "Ito", "/leads/7/"), ("handoff.assigned", "Ueda", "/leads/8/"),
        ("handoff.breached.first_contact", "Ito", "/leads/7/"),
    )  # fmt: skip
    digest = digest_for(messages)
    assert digest.subject == "3 notifications: Ito is hot (82 points)"
    assert digest.body.strip() == DIGEST.strip()
    assert str(digest.alternatives[0][0]).count('href="http://testserver/leads/7/"') == 1


def test_the_daily_mail_is_the_same_mail_whenever_it_is_sent_again(rep: User, now: datetime) -> None:
    messages = told_together(rep, now, ("handoff.hot", "Ito", "/leads/7/"), ("handoff.hot", "Ueda", "/leads/8/"))
    first, again = digest_for(messages), digest_for(messages[::-1])
    assert first.extra_headers["Message-ID"] == again.extra_headers["Message-ID"]
    assert first.extra_headers["Message-ID"] != mail_for(messages[0]).extra_headers["Message-ID"]


def test_the_subject_carries_no_line_break_of_a_name(rep: User, now: datetime) -> None:
    mail_to(rep, "handoff.assigned", now, lead="A\r\nBcc: x@example.com")
    deliver_due(now=now)
    assert mail.outbox[0].subject == "Assigned to you: A Bcc: x@example.com"
