"""Told in the transaction, delivered later, once."""

from __future__ import annotations

import re
import smtplib
from datetime import timedelta

import pytest
from django.core import mail

from notices.actions import BACK_OFF, LEASE, claim_due, deliver_due, keep_mail_choice, mark_all_read, tell
from notices.enums import Channel
from notices.models import Delivery, Notice, OutboxMessage
from notices.tasks import deliver
from tests.conftest import NOW

DUE = (NOW + timedelta(hours=3)).isoformat()
PARAMS = {"lead": "Sato Hanako", "score": 82, "team": "Tokyo", "due_at": DUE}


def tell_rep(rep, *, key="hot:1", **rest):
    tell(people=[rep], kind="handoff.hot", key=key, now=NOW, params=PARAMS, url="/handoff/1/", **rest)


def test_telling_writes_one_row_per_channel_and_sends_nothing_yet(rep):
    tell_rep(rep)
    assert sorted(OutboxMessage.objects.values_list("channel", "sent_at")) == [("email", None), ("in_app", None)]
    assert (Notice.objects.count(), len(mail.outbox)) == (0, 0)


def test_the_same_key_reaches_a_person_once_however_often_told(rep, other_rep):
    tell_rep(rep)
    tell_rep(rep)
    tell_rep(other_rep)
    deliver_due(now=NOW)
    assert (Notice.objects.filter(user=rep).count(), Notice.objects.count(), len(mail.outbox)) == (1, 2, 2)


def test_delivery_marks_logs_and_is_over(rep):
    tell_rep(rep)
    assert [deliver_due(now=NOW), deliver_due(now=NOW)] == [2, 0]
    assert OutboxMessage.objects.filter(sent_at=NOW).count() == 2
    assert list(Delivery.objects.values_list("ok", flat=True)) == [True, True]


def test_somebody_who_turned_mails_off_still_reads_notices(rep):
    keep_mail_choice(by=rep, mails=False)
    tell_rep(rep)
    assert list(OutboxMessage.objects.values_list("channel", flat=True)) == ["in_app"]
    keep_mail_choice(by=rep, mails=True)
    tell_rep(rep, key="hot:2")
    assert OutboxMessage.objects.filter(channel="email").count() == 1


# Failing and dying


@pytest.fixture
def mail_server_down(monkeypatch):
    def refuse(*_, **__):
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", refuse)


def test_a_failure_waits_longer_each_time_and_is_logged(rep, mail_server_down):
    tell_rep(rep, channels=[Channel.EMAIL])
    now, waits = NOW, []
    for _ in BACK_OFF:
        deliver_due(now=now)
        message = OutboxMessage.objects.get()
        waits.append((message.next_at - now) // timedelta(minutes=1))
        now = message.next_at
    assert tuple(waits) == BACK_OFF
    assert set(Delivery.objects.values_list("ok", "error")) == {(False, "SMTPServerDisconnected: gone")}


def test_in_the_end_we_give_up(rep, mail_server_down):
    tell_rep(rep, channels=[Channel.EMAIL])
    now = NOW
    for _ in range(len(BACK_OFF) + 3):
        deliver_due(now=now)
        now += timedelta(days=1)
    assert (OutboxMessage.objects.get().given_up_at is not None, Delivery.objects.count()) == (True, len(BACK_OFF) + 1)


def test_one_message_that_fails_does_not_hold_up_the_others(rep, other_rep, monkeypatch):
    tell_rep(rep, channels=[Channel.EMAIL])
    tell_rep(other_rep, channels=[Channel.EMAIL])
    rep.email = "bad\nBcc: all@example.com"
    type(rep).objects.filter(pk=rep.pk).update(email=rep.email)
    deliver_due(now=NOW)
    assert [message.to for message in mail.outbox] == [[other_rep.email]]
    assert Delivery.objects.get(ok=False).error.startswith("BadHeaderError")


def test_a_claimed_message_of_a_dead_worker_is_found_again_after_the_lease(rep):
    tell_rep(rep, channels=[Channel.IN_APP])
    assert len(claim_due(now=NOW, limit=10)) == 1
    assert claim_due(now=NOW + LEASE - timedelta(seconds=1), limit=10) == []
    assert len(claim_due(now=NOW + LEASE, limit=10)) == 1


# Mails


def mail_to(user):
    tell_rep(user, channels=[Channel.EMAIL])
    deliver_due(now=NOW)
    return mail.outbox[-1]


def test_a_mail_speaks_the_language_and_zone_of_its_reader(rep):
    rep.name, rep.language, rep.timezone = "佐藤 健", "ja", "Asia/Tokyo"
    rep.save()
    sent = mail_to(rep)
    assert sent.body.startswith("佐藤 健様\n")
    assert "11月22日(日) 13:00" in sent.body
    assert sent.subject == "【ホット】Sato Hanakoさん（82点）"


def test_another_reader_gets_another_language_and_zone(rep, settings):
    rep.language, rep.timezone = "en", "America/Sao_Paulo"
    rep.save()
    sent = mail_to(rep)
    assert sent.body.startswith("Hi Ren Rep,\n")
    assert re.search(r"Sun 22 Nov( 2026)?, 01:00", sent.body)  # with the year once that is over
    assert f"{settings.BASE_URL}/handoff/1/" in sent.body


def test_the_message_id_comes_from_the_key(rep):
    first = mail_to(rep).extra_headers["Message-ID"]
    OutboxMessage.objects.update(sent_at=None)
    deliver_due(now=NOW + LEASE)
    assert mail.outbox[-1].extra_headers["Message-ID"] == first


def test_a_name_cannot_add_a_header(rep):
    tell(
        people=[rep], kind="handoff.hot", key="x", now=NOW, channels=[Channel.EMAIL],
        params=PARAMS | {"lead": "Eve\r\nBcc: everybody@example.com\u2028\x07"},
    )  # fmt: skip
    deliver_due(now=NOW)
    assert mail.outbox[-1].subject == "Hot lead: Eve Bcc: everybod… (82 points)"
    assert mail.outbox[-1].recipients() == [rep.email]


def test_marking_all_read_touches_only_ones_own(rep, other_rep):
    tell_rep(rep)
    tell_rep(other_rep)
    deliver_due(now=NOW)
    assert mark_all_read(by=rep, now=NOW) == 1
    assert Notice.objects.get(read_at=None).user == other_rep


def test_the_doorbell_delivers_everything_that_is_due(rep):
    for number in range(3):
        tell_rep(rep, key=f"hot:{number}", channels=[Channel.IN_APP])
    deliver()
    assert Notice.objects.count() == 3
