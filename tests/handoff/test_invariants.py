"""`manage.py verify` notices what is untrue of hand-offs, and stays silent when all is well."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handoff import invariants as checks
from handoff.actions import sweep_deadlines
from handoff.models import Deadline, Handoff, HandoffStep
from notices.actions import deliver_due
from notices.models import Notice, OutboxMessage
from tests.handoff.world import THURSDAY, claimed_by, contacted_by, episode, handoff_of

LATER = THURSDAY + timedelta(days=2)
ALL = (
    "episodes_handed_over",
    "breaches_written_once",
    "due_times_come_out_again",
    "queue_shows_next_due",
    "queue_shows_current_total",
    "notices_delivered",
)


def violated():
    return [name for name in ALL if list(getattr(checks, name)(LATER))]


@pytest.fixture
def desk(rep):
    """A day of work, swept and delivered."""
    handoff_of()
    claimed_by(rep)
    contacted_by(rep)
    sweep_deadlines(now=THURSDAY)
    deliver_due(now=THURSDAY)


def test_a_day_of_work_leaves_everything_true(desk):
    assert violated() == []


@pytest.mark.parametrize(
    ("fault", "noticed"),
    [
        (lambda: episode(), "episodes_handed_over"),
        (lambda: Deadline.objects.exclude(breached_at=None).update(breached_at=None), "breaches_written_once"),
        (lambda: Deadline.objects.filter(promise="result").update(amount=47), "due_times_come_out_again"),
        (lambda: HandoffStep.objects.filter(kind="breached").delete(), "breaches_written_once"),
        (lambda: Handoff.objects.update(due_at=THURSDAY - timedelta(days=9)), "queue_shows_next_due"),
        (lambda: Handoff.objects.update(current_total=1), "queue_shows_current_total"),
        (lambda: OutboxMessage.objects.update(sent_at=None, next_at=THURSDAY), "notices_delivered"),
        (lambda: Notice.objects.all().delete(), "notices_delivered"),
    ],
)
def test_a_planted_fault_is_noticed(desk, fault, noticed):
    fault()
    assert violated() == [noticed]
