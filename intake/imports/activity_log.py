"""The activities that rows tell of: each is stored with a key that makes it count once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from intake.imports.fields import ENQUIRY, PROPERTY
from intake.imports.lead_tables import LeadTables, as_json
from intake.imports.mapping import IDENTITY_FIELDS, FileMapping
from intake.imports.rows import CREATED, FileRow
from leads.actions.activities import NewActivity, ensure_months, record_activities
from leads.enquiry import enquiry_of
from leads.models import Lead
from web.cleaning import FIRST_INSTANT

# One name for all files: the same fact in two exports that overlap is one fact.
SOURCE = "import"


ENQUIRY_TYPE, ENQUIRY_PROPERTY = "form_submit", "message"
TELLING = frozenset({"activity.occurred_at", ENQUIRY})  # one of these makes a row tell of an activity


class Refusals:
    """Remembers at the first row of each lead whose enquiry wished no contact what that replaced, to be taken back."""

    def __init__(self, activities: Sequence[NewActivity]) -> None:
        asking = {activity.lead_id for activity in activities if enquiry_of(activity.properties)}
        open_to_it = Lead.objects.filter(pk__in=asking).exclude(consent=False)
        self.consents = dict(open_to_it.values_list("pk", "consent"))

    def keep(self, rows: Sequence[FileRow]) -> None:
        """To be called when the enquiries of `rows` are stored."""
        refused = set(Lead.objects.filter(pk__in=self.consents, consent=False).values_list("pk", flat=True))
        for row in rows:
            if row.lead_id in refused and row.outcome != CREATED:
                refused.discard(row.lead_id)
                before = dict((row.before or {}).get("lead", {}))
                before["consent"] = [before.get("consent", [self.consents[row.lead_id]])[0], False]
                row.before = (row.before or {}) | {"lead": before}


class ActivityLog:
    """Records the activity of each row that has one; with `rehearsed` tables only whether it would be new."""

    def __init__(self, *, mapping: FileMapping, types: dict[str, int], rehearsed: LeadTables | None = None) -> None:
        self.identity, self.types, self.rehearsed = mapping.identity_field, types, rehearsed
        self.type = mapping.activity.type if mapping.activity else ""

    def prepare(self, rows: Sequence[FileRow]) -> None:
        """A month that has no partition yet gets it before the batch begins: making one locks the leads."""
        if self.rehearsed is None:
            names = ("activity.occurred_at", "lead.created_at")
            ensure_months(time for row in rows for name in names if (time := row.values.get(name)))

    def record(self, rows: Sequence[FileRow], *, now: datetime) -> Counter[str]:
        """Store what is new, inside a transaction; gives each row the id and the key of its activity."""
        rows = [row for row in rows if self.type_of(row) and TELLING & row.values.keys()]
        activities = [self.activity_of(row, now) for row in rows]
        for row, activity in zip(rows, activities, strict=True):
            row.activity_key = activity.key
        if self.rehearsed is None:
            refusals = Refusals(activities)
            stored = record_activities(activities, source=SOURCE, now=now)
            for place, pk in stored.items():
                rows[place].activity_id = pk
            refusals.keep([rows[place] for place in stored])
            return +Counter(activities=len(stored))
        known = self.rehearsed.known_keys([activity.key for activity in activities], SOURCE)
        new = [row for row in rows if row.activity_key not in known]
        seen: set[str] = set()
        for row in new:
            if row.activity_key not in seen:
                seen.add(row.activity_key)
                row.activity_id = -1
        return +Counter(activities=len(seen))

    def type_of(self, row: FileRow) -> str:
        """The code of the activity's type, "" where the row names none."""
        own = self.type or str(row.values.get("activity.type", ""))
        return own or (ENQUIRY_TYPE if ENQUIRY in row.values and ENQUIRY_TYPE in self.types else "")

    def activity_of(self, row: FileRow, now: datetime) -> NewActivity:
        """The activity of a row. Its key is the file's own, else a digest of everything the row says: rows that are
        equal in all of it are the same fact. An enquiry without a time came when the lead did, else now."""
        values = row.values
        told_at, about = values.get("activity.occurred_at"), values.get("activity.object", "")
        occurred_at = told_at or values.get("lead.created_at") or now
        given = {name.removeprefix(PROPERTY): text for name, text in values.items() if name.startswith(PROPERTY)}
        if ENQUIRY in values:
            given[ENQUIRY_PROPERTY] = values[ENQUIRY]
        properties = dict(sorted(given.items()))
        key = str(values.get("activity.key") or "")
        if not key:
            time = (told_at or values.get("lead.created_at") or FIRST_INSTANT).isoformat()
            parts = [self.who(row), self.type_of(row), time, about, properties]
            key = hashlib.sha256(as_json(parts).encode()).hexdigest()[:40]
        return NewActivity(
            lead_id=row.lead_id or 0,
            type_id=self.types[self.type_of(row)],
            occurred_at=occurred_at,
            object=about,
            properties=properties,
            key=key,
        )

    def who(self, row: FileRow) -> object:
        """What the file calls the lead, so that the same row again is the same activity."""
        values = row.values
        for name in (self.identity, *IDENTITY_FIELDS):
            if name in values and not row.shares_address:
                return values[name]
        return [values.get(name, "") for name in ("lead.name", "company.name", "lead.phone")]
