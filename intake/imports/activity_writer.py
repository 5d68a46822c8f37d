"""Rows of activities, of leads that are known already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from intake.imports.activity_log import ActivityLog
from intake.imports.lookup import find_leads
from intake.imports.rows import CREATED, UNCHANGED, FileRow


class ActivityWriter:
    """Writes batches of rows as activities."""

    def __init__(self, *, identity: str, by: User | None, log: ActivityLog) -> None:
        self.identity, self.by, self.log = identity, by, log

    def prepare(self, rows: Sequence[FileRow]) -> None:
        """What must not happen inside the batch's transaction."""
        self.log.prepare(rows)

    def write(self, rows: Sequence[FileRow], *, now: datetime) -> Counter[str]:
        """Store what is new, inside a transaction. Fills in what became of each row."""
        good = find_leads(rows, identity=self.identity, by=self.by)
        made = self.log.record(good, now=now)
        for row in good:
            row.outcome = CREATED if row.activity_id else UNCHANGED
            if not row.activity_id:
                row.note("known_already")
        return made
