"""How people want to be told: by topic, at which times, and once."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail

from accounts.models import User
from notices.actions import BACK_OFF, deliver_due, keep_preferences, tell
from notices.kinds import topics_for
from notices.models import Delivery, MailPreference, Notice, OutboxMessage, TopicPreference
from tests.clients import as_
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
PAGE = "/profile/notifications/"
MORNING = datetime(2026, 11, 22, 23, 0, tzinfo=NOW.tzinfo)  # Monday 8:00 in Tokyo


def choose(user: User, *, mails: bool = True, quiet: tuple[int, int] | None = None, **ways: str) -> None:
    """What a person chooses; `quiet` are whole hours, the daily mail comes at 8."""
    start, end = (time(quiet[0]), time(quiet[1])) if quiet else (None, None)
    keep_preferences(by=user, ways=ways, mails=mails, quiet_from=start, quiet_until=end, digest_at=time(8))


def tell_of(user: User, key: str, kind: str = "handoff.hot", now: datetime = NOW) -> None:
    params = {"lead": f"lead {key}"}
    tell(people=[user], kind=kind, key=f"{kind}:{key}", now=now, params=params, url=f"/leads/{key}/")


def deliver(now: datetime) -> list[str]:
    """Everything that is due; the subjects of the mails that went out."""
    before = len(mail.outbox)
    while deliver_due(now=now):
        pass
    return [str(message.subject) for message in mail.outbox[before:]]


def test_a_topic_that_was_chosen_for_the_bell_sends_no_mail(rep: User) -> None:
    choose(rep, hot="bell_only")
    tell_of(rep, "1")
    tell_of(rep, "2", "handoff.assigned")
    assert deliver(NOW) == ["Assigned to you: lead 2"]
    assert Notice.objects.filter(user=rep).count() == 2


def test_the_choice_of_one_person_is_nobody_elses(rep: User, other_rep: User) -> None:
    choose(rep, hot="bell_only")
    tell(people=[rep, other_rep], kind="handoff.hot", key="k", now=NOW)
    deliver(NOW)
    assert [message.to for message in mail.outbox] == [[other_rep.email]]


def test_choices_cost_the_same_for_one_person_as_for_many(
    rep: User, other_rep: User, manager: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):
        tell(people=[rep], kind="handoff.hot", key="a", now=NOW)
    with django_assert_num_queries(3):
        tell(people=[rep, other_rep, manager], kind="handoff.hot", key="b", now=NOW)


def test_the_daily_mail_comes_once_with_all_that_was_told_since(rep: User) -> None:
    choose(rep, hot="in_digest", assigned="in_digest")
    tell_of(rep, "1")
    tell_of(rep, "1", "handoff.assigned")
    tell_of(rep, "2")
    tell_of(rep, "2")
    assert deliver(NOW) == []
    assert Notice.objects.filter(user=rep).count() == 3  # under the bell at once; what is told twice is one
    assert deliver(MORNING) == ["3 notifications: lead 1 is hot (– point…"]
    assert [deliver(MORNING), deliver(MORNING + timedelta(days=1))] == [[], []]


def test_what_is_told_after_the_daily_mail_comes_the_next_day(rep: User) -> None:
    choose(rep, hot="in_digest")
    tell_of(rep, "1")
    deliver(MORNING)
    tell_of(rep, "2", now=MORNING + timedelta(seconds=1))
    assert deliver(MORNING + timedelta(hours=23)) == []
    assert len(deliver(MORNING + timedelta(days=1))) == 1


def test_a_daily_mail_of_one_notification_is_that_notifications_mail(rep: User) -> None:
    choose(rep, hot="in_digest")
    tell_of(rep, "1")
    assert deliver(MORNING) == ["Hot lead: lead 1 (– points)"]


def test_each_person_gets_a_daily_mail_of_their_own(rep: User, other_rep: User) -> None:
    for person in (rep, other_rep):
        choose(person, hot="in_digest")
        tell_of(person, "1")
        tell_of(person, "2")
    deliver(MORNING)
    assert sorted(message.to[0] for message in mail.outbox) == sorted([rep.email, other_rep.email])


def test_quiet_hours_hold_mails_until_they_end_and_send_them_as_one(rep: User) -> None:
    choose(rep, quiet=(9, 20))
    tell_of(rep, "1")  # 10:00 in Tokyo
    tell_of(rep, "2", now=NOW + timedelta(hours=9))
    assert deliver(NOW + timedelta(hours=9, minutes=59)) == []
    (subject,) = deliver(NOW + timedelta(hours=10))
    assert subject.startswith("2 notifications: ")


def test_a_missed_deadline_passes_quiet_hours(rep: User) -> None:
    choose(rep, quiet=(9, 20))
    tell_of(rep, "1", "handoff.breached.result")
    assert deliver(NOW) == ["Overdue result: lead 1"]


def test_quiet_hours_are_counted_in_ones_own_zone(rep: User) -> None:
    User.objects.filter(pk=rep.pk).update(timezone="America/Sao_Paulo")
    rep.refresh_from_db()
    choose(rep, quiet=(20, 8))  # it is 22:00 there
    tell_of(rep, "1")
    assert OutboxMessage.objects.get(channel="email").next_at == datetime(2026, 11, 22, 11, tzinfo=NOW.tzinfo)


def test_a_daily_mail_that_fails_is_repeated_as_the_same_mail(rep: User, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(rep, hot="in_digest")
    tell_of(rep, "1")
    tell_of(rep, "2")
    tried: list[Any] = []

    def refuse(message: Any, **_: Any) -> None:
        tried.append(message.extra_headers["Message-ID"])
        raise OSError("away")

    with monkeypatch.context() as away:
        away.setattr("django.core.mail.message.EmailMessage.send", refuse)
        deliver(MORNING)
    assert Delivery.objects.filter(ok=False).count() == 2
    assert len(deliver(MORNING + timedelta(minutes=BACK_OFF[0]))) == 1
    assert tried == [mail.outbox[0].extra_headers["Message-ID"]]


def test_who_has_left_by_then_gets_no_daily_mail(rep: User) -> None:
    choose(rep, hot="in_digest")
    tell_of(rep, "1")
    User.objects.filter(pk=rep.pk).update(is_active=False)
    assert deliver(MORNING) == []
    assert not OutboxMessage.objects.filter(sent_at=None, given_up_at=None).exists()


def test_a_slot_is_never_cut_in_two(rep: User) -> None:
    choose(rep, hot="in_digest")
    for number in range(5):
        tell_of(rep, str(number))
    OutboxMessage.objects.filter(channel="in_app").delete()
    while deliver_due(now=MORNING, limit=2):
        pass
    (subject,) = [message.subject for message in mail.outbox]
    assert subject.startswith("5 notifications: ")


# The page


def fields(user: User, **changed: str) -> dict[str, str]:
    ways = {f"topic_{topic.code}": "by_mail" for topic in topics_for(user.role)}
    return {"mails": "on", "quiet_from": "", "quiet_until": "", "digest_at": "08:00", **ways, **changed}


def test_the_page_keeps_what_was_chosen(rep: User) -> None:
    chosen = fields(rep, topic_hot="in_digest", quiet_from="20:00", quiet_until="07:30", digest_at="09:15")
    assert as_(rep).post(PAGE, chosen).headers["Location"] == PAGE
    kept = MailPreference.objects.get(user=rep)
    assert (kept.mails, kept.quiet_from, kept.quiet_until, kept.digest_at) == (True, time(20), time(7, 30), time(9, 15))
    assert TopicPreference.objects.get(user=rep, topic="hot").way == "in_digest"
    shown = as_(rep).get(PAGE).content.decode()
    assert 'value="20:00"' in shown
    assert '<option value="in_digest" selected' in shown
    assert "Email about this is also sent in quiet hours." in shown


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"quiet_from": "20:00"}, "Enter both times, or neither."),
        ({"quiet_from": "20:00", "quiet_until": "20:00"}, "Choose an end that differs"),
        ({"quiet_from": "20:00", "quiet_until": "09:00"}, "Choose a time outside of the quiet hours."),
        ({"quiet_from": "25:00", "quiet_until": "07:00"}, "Enter a valid time."),
        ({"digest_at": ""}, "This field is required."),
        ({"topic_hot": "pigeon"}, "Select a valid choice."),
    ],
)
def test_times_that_make_no_sense_are_refused_and_nothing_is_lost(rep: User, changed: Any, words: str) -> None:
    answer = as_(rep).post(PAGE, fields(rep, topic_assigned="bell_only", **changed))
    shown = answer.content.decode()
    assert (answer.status_code, MailPreference.objects.count(), TopicPreference.objects.count()) == (422, 0, 0)
    assert words in shown
    assert '<option value="bell_only" selected' in shown


def test_everybody_chooses_about_what_their_role_is_told(rep: User, admin: User) -> None:
    of_rep, of_admin = (as_(user).get(PAGE).content.decode() for user in (rep, admin))
    assert "topic_hot" in of_rep
    assert "topic_destinations" not in of_rep
    assert "topic_destinations" in of_admin


def test_the_profile_and_the_bell_lead_to_the_page(rep: User) -> None:
    for address in ("/profile/", "/notices/"):
        assert f'href="{PAGE}"' in as_(rep).get(address).content.decode()
