"""The figures are worth what their tables are: those of the product, down to every month's index."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from benchmarks.data import execute, indexes_afterwards
from leads.actions import ensure_months


def indexes() -> Counter[str]:
    rows = execute("SELECT tablename FROM pg_indexes WHERE tablename LIKE 'leads_activity%%'", [])
    return Counter(name for (name,) in rows)


def test_indexes_that_were_dropped_to_fill_a_table_come_back_on_every_month(db: None) -> None:
    ensure_months([datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)])
    before = indexes()
    with indexes_afterwards("leads_activity"):
        assert indexes()["leads_activity_202606"] < before["leads_activity_202606"]
    assert indexes() == before
