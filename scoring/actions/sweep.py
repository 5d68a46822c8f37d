"""Time alone changes scores: leads whose `next_change_at` has come get a dirty mark, nobody else is looked at."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from background.transactions import retrying
from leads.signals import leads_changed
from scoring.statements import SWEEP


@retrying
def sweep_due(*, now: datetime) -> int:
    """Mark the leads that are due dirty. Returns how many it marked: those that wait with a mark are not due again."""
    with connection.cursor() as cursor:
        cursor.execute(SWEEP, {"now": now})
        marked = int(cursor.rowcount)
    if marked:
        leads_changed.send(sender=None)
    return marked
