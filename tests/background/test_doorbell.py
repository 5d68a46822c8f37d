from __future__ import annotations

import pytest
from django.core.cache import cache

from background import doorbell
from leads.models import Activity, DirtyMark
from scoring import tasks
from scoring.models import LeadScore
from tests.factories import LeadFactory, activity
from tests.published import document, mail_rule

TASK = "scoring.score"


class Broker:
    """Counts what is sent; raises when it is away."""

    def __init__(self, *, away: bool = False) -> None:
        self.away, self.sent = away, []

    def send_task(self, name: str, **_options) -> None:
        if self.away:
            raise OSError("connection refused")
        self.sent.append(name)


@pytest.fixture
def broker(monkeypatch):
    cache.clear()
    monkeypatch.setattr(doorbell, "_silent_until", 0.0)
    broker = Broker()
    monkeypatch.setattr(doorbell, "current_app", broker)
    return broker


def test_many_knocks_are_one_ring_until_the_task_begins(broker):
    assert [doorbell.ring(TASK) for _ in range(5)] == [True, False, False, False, False]
    doorbell.answered(TASK)
    assert doorbell.ring(TASK)
    assert broker.sent == [TASK, TASK]


def test_without_a_broker_nobody_who_knocks_is_hurt_and_it_is_not_tried_each_time(broker):
    broker.away = True
    assert [doorbell.ring(TASK), doorbell.ring("scoring.rescore")] == [False, False]
    broker.away = False
    assert not doorbell.ring("scoring.rescore")
    assert broker.sent == []


@pytest.mark.django_db(transaction=True)
def test_an_activity_is_stored_and_rings_after_commit_or_without_a_broker_not_at_all(broker, now):
    lead = LeadFactory()
    activity(lead, "email_open", now)
    assert broker.sent == [TASK]
    broker.away = True
    doorbell.answered(TASK)
    activity(lead, "email_open", now)
    assert (Activity.objects.count(), broker.sent) == (2, [TASK])
    assert DirtyMark.objects.count() == 3


def test_the_task_scores_until_nothing_is_dirty(publish, broker, now):
    publish(document(mail_rule()), score=False)
    for _ in range(3):
        activity(LeadFactory(), "email_open", now)
    tasks.rescore()
    tasks.score()
    assert not DirtyMark.objects.exists()
    assert set(LeadScore.objects.values_list("total", flat=True)) == {500}
