"""Which rows the engine reads: as they are, as they were, as they were known."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from engine import Sources
from leads.models import Lead, Source
from scoring.models import Adjustment, ScoringModel
from scoring.queries.sources import locked, sources_at
from tests.factories import LeadFactory

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db(transaction=True)


def read(sources: Sources, relation: str, column: str) -> list[object]:
    found = getattr(sources, relation)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {found.text} AS found ORDER BY id", found.parameters)
        return [value for (value,) in cursor.fetchall()]


def test_of_a_batch_postgresql_does_not_expect_few_leads(now: datetime) -> None:
    """Expecting few, it would look up each lead's company and score alone."""
    Lead.objects.bulk_create(Lead(name=f"Person {number}", created_at=now) for number in range(4000))
    ids = list(Lead.objects.order_by("pk").values_list("pk", flat=True)[1000:2000])
    sources = locked(ids, model=ScoringModel(pk=1))
    test, values = sources.scope.of("id"), {**sources.scope.parameters, **sources.lead.parameters}
    assert test is not None
    rows = f"SELECT id FROM {sources.lead.text} AS lead WHERE {test.as_string(None)}"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE leads_lead")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {rows}", values)
        assert cursor.fetchone()[0][0]["Plan"]["Plan Rows"] > 800
        cursor.execute(rows, values)
        assert sorted(pk for (pk,) in cursor.fetchall()) == ids


def test_who_was_not_recorded_by_then_was_not_known(now: datetime) -> None:
    """As of then the first value holds for the time before it; as known then, there was nobody."""
    lead = LeadFactory()
    before = timezone.now() - DAY
    assert read(sources_at(before), "lead", "id") == [lead.pk]
    assert read(sources_at(before, known_at=before), "lead", "id") == []
    assert read(sources_at(timezone.now(), known_at=timezone.now()), "lead", "id") == [lead.pk]


def test_a_source_had_the_channel_it_had_then(now: datetime) -> None:
    channels = [source.channel for source in Source.objects.order_by("pk")]
    then = timezone.now()
    Source.objects.update(channel="phone")
    assert read(sources_at(then), "source", "channel") == channels
    assert set(read(sources_at(timezone.now()), "source", "channel")) == {"phone"}


def test_points_given_by_hand_are_known_from_when_they_were_given_and_taken(now: datetime) -> None:
    lead, model = LeadFactory(), ScoringModel.objects.create(name="Default")
    before = timezone.now()
    given = Adjustment.objects.create(lead=lead, model=model, points=1500, reason="met", starts_at=before - DAY)
    then = timezone.now()
    Adjustment.objects.filter(pk=given.pk).update(until=then)
    for at, ends in ((before, []), (then, [None]), (timezone.now(), [then])):
        for ids in (None, [lead.pk]):
            assert read(sources_at(at, ids=ids, model=model, known_at=at), "adjustment", "until") == ends
