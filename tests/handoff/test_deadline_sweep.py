"""Deadlines are noticed once, at the stored due time, whatever dies in between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from handoff.actions import ladder, log_contact, sweep_deadlines
from handoff.models import Deadline, Escalation
from handoff.tasks import sweep_deadlines as task
from notices import actions as notices
from notices.actions import delivery
from notices.models import Delivery, Notice, OutboxMessage
from notices.wording import words_of
from tests.handoff.world import THURSDAY, claimed_by, contacted_by, handoff_of, jst

AFTER = THURSDAY + timedelta(minutes=1)
WARNED = jst(7, 23, 12, 24)


def told(kind):
    return sorted(OutboxMessage.objects.filter(kind=kind, channel="in_app").values_list("user__name", flat=True))


def test_a_missed_first_contact_is_a_breach_at_the_stored_due_time(rep, manager):
    handoff = claimed_by(rep)
    assert sweep_deadlines(now=THURSDAY) == (1, 1)
    clock = Deadline.objects.get(handoff=handoff)
    assert (clock.breached_at, clock.due_at) == (THURSDAY, THURSDAY)
    assert handoff.steps.get(kind="breached").at == THURSDAY
    assert told("handoff.breached.first_contact") == ["Makoto Manager", "Ren Rep"]


def test_of_a_lead_that_nobody_has_the_notice_says_so_in_the_readers_language(manager):
    handoff_of()
    sweep_deadlines(now=AFTER)
    params = OutboxMessage.objects.filter(kind="handoff.breached.first_contact", channel="in_app").first().params
    bodies = []
    for language in ("en", "ja"):
        with translation.override(language):
            bodies.append(words_of("handoff.breached.first_contact", params).body)
    assert [bodies[0].endswith("Owner: none yet."), bodies[1].endswith("担当者：まだいません")] == [True, True]


def test_noticed_late_it_still_happened_at_the_due_time(rep):
    handoff = claimed_by(rep)
    sweep_deadlines(now=jst(7, 27, 9))
    assert handoff.steps.get(kind="breached").at == THURSDAY


def test_a_breach_is_written_once_however_often_one_looks(rep):
    claimed_by(rep)
    assert [sweep_deadlines(now=AFTER), sweep_deadlines(now=AFTER), sweep_deadlines(now=jst(8, 1))] == [
        (1, 1), (0, 0), (0, 0),
    ]  # fmt: skip
    assert told("handoff.breached.first_contact") == ["Ren Rep"]


def test_one_second_before_it_is_due_nothing_is_breached(rep):
    claimed_by(rep)
    assert sweep_deadlines(now=THURSDAY - timedelta(seconds=1)) == (0, 1)


def test_a_warning_goes_to_whoever_must_act(rep, other_rep, manager):
    claimed_by(rep)
    assert [sweep_deadlines(now=WARNED - timedelta(seconds=1)), sweep_deadlines(now=WARNED)] == [(0, 0), (0, 1)]
    assert told("handoff.due_soon.first_contact") == ["Ren Rep"]


def test_an_unclaimed_lead_warns_everybody_who_could_claim_it(rep, other_rep, manager):
    handoff_of()
    sweep_deadlines(now=WARNED)
    assert told("handoff.due_soon.first_contact") == ["Ren Rep", "Rika Rep"]


def test_a_kept_promise_is_never_breached(rep):
    contacted_by(rep, at=jst(7, 21, 16))
    assert sweep_deadlines(now=jst(7, 23, 15, 59)) == (0, 1)
    assert sweep_deadlines(now=AFTER) == (1, 1)
    assert list(Deadline.objects.exclude(breached_at=None).values_list("promise", flat=True)) == ["result"]


def test_a_contact_recorded_after_the_breach_leaves_the_breach_in_the_books(rep):
    handoff = claimed_by(rep)
    sweep_deadlines(now=AFTER)
    log_contact(handoff=handoff, by=rep, at=jst(7, 22, 10), channel="phone", now=jst(7, 23, 19))
    clock = Deadline.objects.get(handoff=handoff, promise="first_contact")
    assert (clock.met_at, clock.breached_at) == (jst(7, 22, 10), AFTER)


# A worker is killed in the middle


class WorkerKilledError(BaseException):
    """What a kill looks like from inside: nothing after it runs."""


def test_killed_between_detecting_a_breach_and_notifying_there_is_exactly_one_notice_after_restart(rep, monkeypatch):
    claimed_by(rep)

    def die(**_):
        raise WorkerKilledError

    with monkeypatch.context() as patched:
        patched.setattr(ladder, "tell_of_lead", die)
        with pytest.raises(WorkerKilledError):
            sweep_deadlines(now=AFTER)
    assert Escalation.objects.count() == 0
    restart_and_deliver()
    assert Notice.objects.filter(user=rep, kind="handoff.breached.first_contact").count() == 1


def test_killed_between_claiming_the_message_and_sending_there_is_exactly_one_notice_after_restart(rep, monkeypatch):
    claimed_by(rep)
    sweep_deadlines(now=AFTER)

    def die(**_):
        raise WorkerKilledError

    with monkeypatch.context() as patched:
        patched.setattr(delivery, "deliver", die)
        with pytest.raises(WorkerKilledError):
            notices.deliver_due(now=AFTER)
    restart_and_deliver()
    assert Notice.objects.filter(user=rep, kind="handoff.breached.first_contact").count() == 1


def test_killed_between_sending_and_marking_there_is_exactly_one_notice_after_restart(rep, monkeypatch):
    claimed_by(rep)
    sweep_deadlines(now=AFTER)

    def die(*_):
        raise WorkerKilledError

    with monkeypatch.context() as patched:
        patched.setattr(Delivery.objects, "bulk_create", die)
        with pytest.raises(WorkerKilledError):
            notices.deliver_due(now=AFTER)
    restart_and_deliver()
    assert Notice.objects.filter(user=rep, kind="handoff.breached.first_contact").count() == 1


def restart_and_deliver():
    later = AFTER + notices.LEASE
    sweep_deadlines(now=later)
    while notices.deliver_due(now=later):
        pass


def test_the_doorbell_sweeps(rep):
    claimed_by(rep)
    task()
    assert Deadline.objects.exclude(breached_at=None).count() == 1
