"""The activities that rows tell of: stored through the one way in, each with a key that makes it count once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from intake.imports.fields import PROPERTY
from intake.imports.mapping import FileMapping
from intake.imports.rows import Row
from intake.imports.tables import Tables, as_json
from leads.actions.activities import NewActivity, ensure_months, record_activities

# One name for all files: the same fact in two exports that overlap is one fact.
SOURCE = "import"


class Facts:
    """Records the activity of each row that has one."""

    def __init__(self, *, mapping: FileMapping, types: dict[str, int], rehearsed: Tables | None = None) -> None:
        self.identity, self.types, self.rehearsed = mapping.identity_field, types, rehearsed
        self.type = mapping.activity.type if mapping.activity else ""

    def prepare(self, rows: Sequence[Row]) -> None:
        """A month that has no partition yet gets it before the batch begins: making one locks the leads."""
        if self.rehearsed is None:
            ensure_months(time for row in rows if (time := row.values.get("activity.occurred_at")))

    def record(self, rows: Sequence[Row], *, now: datetime) -> Counter[str]:
        told = [row for row in rows if "activity.occurred_at" in row.values and self._type(row)]
        for row in told:
            row.activity_key = self._key(row)
        stored = self._pretend(told) if self.rehearsed else self._store(told, now)
        return Counter(activities=len(stored)) if stored else Counter()

    def _store(self, rows: Sequence[Row], now: datetime) -> dict[int, int]:
        stored = record_activities([self._activity(row) for row in rows], source=SOURCE, now=now)
        for place, pk in stored.items():
            rows[place].activity_id = pk
        return stored

    def _pretend(self, rows: Sequence[Row]) -> dict[int, int]:
        assert self.rehearsed is not None
        known = self.rehearsed.known_keys([row.activity_key for row in rows], SOURCE)
        stored: dict[int, int] = {}
        for place, row in enumerate(rows):
            if row.activity_key not in known:
                known.add(row.activity_key)
                row.activity_id = stored[place] = -1
        return stored

    def _type(self, row: Row) -> str:
        return self.type or str(row.values.get("activity.type", ""))

    def _activity(self, row: Row) -> NewActivity:
        return NewActivity(
            lead_id=row.lead_id or 0,
            type_id=self.types[self._type(row)],
            occurred_at=row.values["activity.occurred_at"],
            object=row.values.get("activity.object", ""),
            properties=_properties(row),
            key=row.activity_key,
        )

    def _key(self, row: Row) -> str:
        """The file's own key, else a digest of everything the row says: equal in all of it is the same fact."""
        if given := row.values.get("activity.key"):
            return str(given)
        parts = [row.values[self.identity], self._type(row), row.values["activity.occurred_at"].isoformat(),
                 row.values.get("activity.object", ""), _properties(row)]  # fmt: skip
        return hashlib.sha256(as_json(parts).encode()).hexdigest()[:40]


def _properties(row: Row) -> dict[str, str]:
    found = {name.removeprefix(PROPERTY): value for name, value in row.values.items() if name.startswith(PROPERTY)}
    return dict(sorted(found.items()))
