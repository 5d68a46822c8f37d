"""Waiting for the customer: the deadlines after the first contact stand still, and every due time comes out again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from handoff.actions import (
    end_pauses,
    log_contact,
    pause_handoff,
    record_result,
    resume_handoff,
    sweep_deadlines,
    undo_last_step,
)
from handoff.errors import RefusedError
from handoff.invariants import due_times_come_out_again
from handoff.models import Deadline, Escalation, Handoff, Pause
from handoff.queries.promises import promises_of
from notices.models import OutboxMessage
from tests.handoff.world import CONTACT, claimed_by, contacted_by, jst, promise, sla_in_force

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
EIGHT = {"name": "", "first_contact": promise(3, "business_days"), "result": promise(8)}


@pytest.fixture
def handoff(rep: User) -> Handoff:
    """Contacted on Tuesday 16:00; the result is due after eight business hours, on Wednesday 15:00."""
    sla_in_force(EIGHT)
    return contacted_by(rep)


def result_of(handoff: Handoff) -> Deadline:
    return Deadline.objects.get(handoff=handoff, promise="result")


def pause(handoff: Handoff, rep: User, start: datetime, until: datetime) -> None:
    pause_handoff(handoff=handoff, by=rep, until=until, now=start)


def test_a_pause_from_17_00_to_09_00_costs_the_one_hour_that_the_office_was_open(handoff: Handoff, rep: User) -> None:
    assert result_of(handoff).due_at == jst(7, 22, 15)
    pause(handoff, rep, jst(7, 21, 17), jst(7, 22, 9))
    assert end_pauses(now=jst(7, 22, 9)) == 1
    assert (result_of(handoff).due_at, result_of(handoff).is_paused) == (jst(7, 22, 16), False)


def test_while_it_waits_nothing_comes_due_and_the_screen_says_until_when(handoff: Handoff, rep: User) -> None:
    pause(handoff, rep, jst(7, 21, 17), jst(8, 3, 9))
    assert sweep_deadlines(now=jst(8, 1)) == (0, 0)
    (_contact, shown) = promises_of([handoff], jst(7, 22, 10))[handoff.pk]
    assert (shown.state, shown.again.startswith("paused until")) == ("paused", True)


def test_paused_from_february_to_august_it_runs_on_and_is_then_concluded(rep: User, handoff: Handoff) -> None:
    pause(handoff, rep, jst(7, 21, 17), jst(12, 1, 9))
    resume_handoff(handoff=handoff, by=rep, now=jst(11, 30, 10))
    assert result_of(handoff).due_at == jst(11, 30, 17)
    record_result(handoff=handoff, by=rep, result="recycled", now=jst(11, 30, 12))
    assert result_of(handoff).met_at == jst(11, 30, 12)
    assert list(due_times_come_out_again(jst(12, 2))) == []


def test_a_policy_changed_after_a_pause_changes_nothing_that_was_promised(handoff: Handoff, rep: User) -> None:
    pause(handoff, rep, jst(7, 21, 17), jst(7, 22, 9))
    end_pauses(now=jst(7, 22, 9))
    sla_in_force({**EIGHT, "result": promise(2)}, at=jst(7, 22, 10), moves_open=True)
    assert result_of(handoff).due_at == jst(7, 22, 16)
    assert list(due_times_come_out_again(jst(7, 23))) == []


def test_a_pause_that_begins_on_a_holiday_costs_only_the_open_time_it_overlaps(rep: User) -> None:
    """Monday the 20th is Marine Day."""
    sla_in_force(EIGHT)
    handoff = contacted_by(rep, at=jst(7, 17, 17))
    assert result_of(handoff).due_at == jst(7, 21, 16)
    pause(handoff, rep, jst(7, 20, 11), jst(7, 21, 10))
    end_pauses(now=jst(7, 21, 10))
    assert result_of(handoff).due_at == jst(7, 21, 17)


def test_the_end_of_a_pause_is_its_own_time_however_late_it_is_noticed(handoff: Handoff, rep: User) -> None:
    pause(handoff, rep, jst(7, 21, 17), jst(7, 22, 9))
    end_pauses(now=jst(8, 1))
    assert Pause.objects.get().ended_at == jst(7, 22, 9)
    assert sweep_deadlines(now=jst(8, 1))[0] == 1
    assert handoff.steps.get(kind="breached").at == jst(7, 22, 16)
    told = OutboxMessage.objects.filter(kind="handoff.resumed", channel="in_app").values_list("user", flat=True)
    assert list(told) == [rep.pk]


def test_a_contact_during_the_wait_ends_it(handoff: Handoff, rep: User) -> None:
    pause(handoff, rep, jst(7, 21, 17), jst(7, 24, 9))
    log_contact(handoff=handoff, by=rep, at=jst(7, 22, 10), channel="phone", now=jst(7, 22, 10))
    assert (Pause.objects.get().ended_at, result_of(handoff).due_at) == (jst(7, 22, 10), jst(7, 22, 17))


def test_the_first_contact_cannot_be_paused(rep: User) -> None:
    handoff = claimed_by(rep)
    with pytest.raises(RefusedError, match="First contact can’t be paused"):
        pause(handoff, rep, CONTACT, CONTACT + HOUR)


def test_what_is_paused_is_not_paused_again(handoff: Handoff, rep: User) -> None:
    pause(handoff, rep, CONTACT, CONTACT + HOUR)
    with pytest.raises(RefusedError, match="already paused"):
        pause(handoff, rep, CONTACT, CONTACT + HOUR)


def test_undo_takes_a_pause_back_and_its_end_too(handoff: Handoff, rep: User) -> None:
    pause(handoff, rep, CONTACT, CONTACT + 24 * HOUR)
    undo_last_step(handoff=handoff, by=rep, now=CONTACT)
    assert (Pause.objects.count(), result_of(handoff).due_at, handoff.paused_until) == (0, jst(7, 22, 15), None)
    pause(handoff, rep, CONTACT, CONTACT + 24 * HOUR)
    resume_handoff(handoff=handoff, by=rep, now=CONTACT + HOUR)
    undo_last_step(handoff=handoff, by=rep, now=CONTACT + HOUR)
    assert (Pause.objects.get().ended_at, result_of(handoff).is_paused) == (None, True)


def test_the_rungs_wait_too(rep: User) -> None:
    sla_in_force({**EIGHT, "result": promise(8, "business_hours", {"percent": 50, "do": "owner"})})
    handoff = contacted_by(rep)
    pause(handoff, rep, jst(7, 21, 17), jst(7, 22, 13))
    end_pauses(now=jst(7, 22, 13))
    assert sweep_deadlines(now=jst(7, 22, 15, 59)) == (0, 0)
    assert sweep_deadlines(now=jst(7, 22, 16)) == (0, 1)
    assert Escalation.objects.get().planned_at == jst(7, 22, 16)
