"""Time alone changes scores: leads whose `next_change_at` has come get a dirty mark, nobody else is looked at."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from leads.signals import leads_changed
from leads.transactions import retrying

BATCH = 10_000

# The mark goes the same way as every other one. Until the scorer has moved `next_change_at` ahead, the row holds NULL:
# it is not found twice, and if we die before commit it is found again.
SWEEP = """
WITH due AS MATERIALIZED (
    SELECT id, lead_id FROM scoring_leadscore
    WHERE next_change_at <= %(now)s ORDER BY next_change_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), noted AS (
    UPDATE scoring_leadscore SET next_change_at = NULL FROM due WHERE scoring_leadscore.id = due.id
), marked AS (
    INSERT INTO leads_dirtymark (lead_id, marked_at) SELECT DISTINCT lead_id, %(now)s::timestamptz FROM due
)
SELECT count(*) FROM due"""


def sweep_due(*, now: datetime, limit: int = BATCH) -> int:
    """Mark the leads that are due dirty, in batches. Returns how many scores were due."""
    swept = 0
    while found := _sweep(now, limit):
        swept += found
    if swept:
        leads_changed.send(sender=None)
    return swept


@retrying
def _sweep(now: datetime, limit: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(SWEEP, {"now": now, "limit": limit})
        return int(cursor.fetchone()[0])
