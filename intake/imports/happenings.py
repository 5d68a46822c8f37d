"""Rows of activities, of leads that are known already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from intake.imports.facts import Facts
from intake.imports.lookup import find_leads
from intake.imports.rows import CREATED, UNCHANGED, Row


class Happenings:
    """Writes batches of rows as activities."""

    def __init__(self, *, identity: str, by: User | None, facts: Facts) -> None:
        self.identity, self.by, self.facts = identity, by, facts

    def prepare(self, rows: Sequence[Row]) -> None:
        """What must not happen inside the batch's transaction."""
        self.facts.prepare(rows)

    def write(self, rows: Sequence[Row], *, now: datetime) -> Counter[str]:
        """Store what is new, inside a transaction. Fills in what became of each row."""
        good = find_leads(rows, identity=self.identity, by=self.by)
        made = self.facts.record(good, now=now)
        for row in good:
            row.outcome = CREATED if row.activity_id else UNCHANGED
            if not row.activity_id:
                row.note("known_already")
        return made
