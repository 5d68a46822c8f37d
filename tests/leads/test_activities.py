from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from leads.actions import NewActivity, record_activities
from leads.models import Activity, ActivityType, DirtyMark
from tests.factories import LeadFactory, activity


@pytest.fixture
def page_view(db):
    return ActivityType.objects.get(code="page_view")


def test_the_same_key_counts_once_within_and_across_batches(page_view, now):
    lead = LeadFactory()
    row = NewActivity(lead_id=lead.pk, type_id=page_view.pk, occurred_at=now, object="/pricing", key="k1")
    assert len(record_activities([row, row], source="api:1", now=now)) == 1
    assert record_activities([row], source="api:1", now=now) == {}
    assert len(record_activities([row], source="api:2", now=now)) == 1
    assert Activity.objects.filter(lead=lead).count() == 2


def test_a_stored_activity_marks_its_lead_dirty_and_a_duplicate_does_not(page_view, now):
    lead = LeadFactory()
    DirtyMark.objects.all().delete()
    row = NewActivity(lead_id=lead.pk, type_id=page_view.pk, occurred_at=now, key="k1")
    record_activities([row], source="api:1", now=now)
    record_activities([row], source="api:1", now=now)
    assert list(DirtyMark.objects.values_list("lead_id", flat=True)) == [lead.pk]


def test_every_month_has_its_own_partition(page_view, now):
    lead = LeadFactory()
    for at in (datetime(2017, 6, 30, 23, 59, tzinfo=UTC), datetime(2017, 7, 1, tzinfo=UTC), now):
        activity(lead, "page_view", at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM leads_activity ORDER BY occurred_at")
        tables = [row[0] for row in cursor.fetchall()]
    assert tables == ["leads_activity_201706", "leads_activity_201707", "leads_activity_202611"]


def test_a_new_lead_and_a_changed_attribute_are_dirty_and_a_change_of_owner_is_not(rep):
    lead = LeadFactory()
    assert list(DirtyMark.objects.values_list("lead_id", flat=True)) == [lead.pk]
    DirtyMark.objects.all().delete()
    lead.owner = rep
    lead.save()
    assert not DirtyMark.objects.exists()
    lead.title = "課長"
    lead.save()
    assert list(DirtyMark.objects.values_list("lead_id", flat=True)) == [lead.pk]


@pytest.mark.django_db(transaction=True)
def test_the_same_activity_posted_10_times_in_parallel_is_stored_once(now):
    lead = LeadFactory()
    kind = ActivityType.objects.get(code="page_view")
    row = NewActivity(lead_id=lead.pk, type_id=kind.pk, occurred_at=now - timedelta(minutes=1), key="same")
    stored: list[int] = []

    def post() -> None:
        try:
            stored.extend(record_activities([row], source="api:1", now=now).values())
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stored) == 1
    assert Activity.objects.count() == 1
