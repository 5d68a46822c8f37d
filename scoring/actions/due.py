"""Time alone changes scores: leads whose `next_change_at` has come get a dirty mark, nobody else is looked at."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from background.transactions import retrying
from leads.signals import leads_changed

# The mark goes the same way as every other one. The score itself stays untouched until the scorer moves its instant
# ahead; until then the mark is there, claimed or not, and says that nobody needs to mark the lead again.
SWEEP = """
INSERT INTO leads_dirtymark (lead_id, marked_at)
SELECT DISTINCT lead_id, %(now)s::timestamptz
FROM scoring_leadscore AS score JOIN scoring_scoringmodel AS model ON model.id = score.model_id
WHERE next_change_at <= %(now)s AND model.current_version_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM leads_dirtymark AS mark WHERE mark.lead_id = score.lead_id)"""


def sweep_due(*, now: datetime) -> int:
    """Mark the leads that are due dirty. Returns how many it marked: those that wait with a mark are not due again."""
    marked = _mark(now)
    if marked:
        leads_changed.send(sender=None)
    return marked


@retrying
def _mark(now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(SWEEP, {"now": now})
        return int(cursor.rowcount)
