"""The one way in for activities: rows, their unique keys and the dirty marks, in one statement."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from leads.actions.forbidding import refuse_as_asked
from leads.actions.scanners import CLICK, OPEN, FreshMail, exclude_scanners
from leads.enquiry import NO_CONTACT, with_reading
from leads.models import ActivityType, Lead
from leads.properties import typed
from leads.signals import leads_changed
from leads.statements import RECORD_ACTIVITIES


@dataclass(frozen=True, kw_only=True)
class NewActivity:
    """An activity that somebody tells us about. The same `key` from the same source is the same activity."""

    lead_id: int
    type_id: int
    occurred_at: datetime
    object: str = ""
    properties: dict[str, Any] = field(default_factory=dict)
    key: str = field(default_factory=lambda: uuid.uuid4().hex)


@transaction.atomic
def record_activities(rows: Sequence[NewActivity], *, source: str, now: datetime) -> dict[int, int]:
    """Store what is new of `rows` and mark its leads dirty. Rings the scorer after commit.

    Properties are read as their activity type says, and what somebody's own words say is read here and stored beside
    them (leads.enquiry), whoever tells us; new words that wish no contact forbid it from then on. Returns the position
    of every stored row in `rows` with its activity id; the positions left out are duplicates (of each other, or of what
    `source` sent before). Types and leads must exist.
    """
    if not rows:
        return {}
    ensure_months(row.occurred_at for row in rows)
    read = read_properties(rows)
    parameters: dict[str, Any] = {
        "leads": [row.lead_id for row in rows],
        "types": [row.type_id for row in rows],
        "times": [row.occurred_at for row in rows],
        "objects": [row.object for row in rows],
        "properties": [json.dumps(properties, ensure_ascii=False) for properties in read],
        "keys": [row.key for row in rows],
        "source": source,
        "now": now,
        "mail_types": [CLICK, OPEN],
    }
    with connection.cursor() as cursor:
        cursor.execute(RECORD_ACTIVITIES, parameters)
        recorded = cursor.fetchall()
    mails = [rows[place] for place, _pk, is_mail in recorded if is_mail]
    exclude_scanners([FreshMail(lead_id=row.lead_id, occurred_at=row.occurred_at) for row in mails], now=now)
    stored = {place: pk for place, pk, _is_mail in recorded}
    if stored:
        refuse_as_asked({rows[place].lead_id for place in stored if NO_CONTACT in read[place]})
        transaction.on_commit(lambda: leads_changed.send(sender=None))
    return stored


def read_properties(rows: Sequence[NewActivity]) -> list[dict[str, Any]]:
    """The properties of each row: typed as its activity type says, with what they and its text say."""
    types = ActivityType.objects.only("code", "property_types").in_bulk({row.type_id for row in rows})
    return [
        with_reading(typed(row.properties, types[row.type_id].property_types), type=types[row.type_id].code)
        for row in rows
    ]


def record_activity(
    *, lead: Lead, type: ActivityType, occurred_at: datetime, source: str, now: datetime, **rest: Any
) -> int | None:
    """Store one activity; `rest` is object, properties, key. Returns its id, or None when it was known already."""
    row = NewActivity(lead_id=lead.pk, type_id=type.pk, occurred_at=occurred_at, **rest)
    return record_activities([row], source=source, now=now).get(0)


@transaction.atomic
def mark_leads_with(*, type: ActivityType, now: datetime) -> None:
    """Have the leads that did something of this type scored again: what it means has changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO leads_dirtymark (lead_id, marked_at)"
            " SELECT DISTINCT lead_id, %s::timestamptz FROM leads_activity WHERE type_id = %s",
            [now, type.pk],
        )
    transaction.on_commit(lambda: leads_changed.send(sender=None))


def ensure_months(times: Iterable[datetime]) -> None:
    """Make the partitions that hold `times`. Run it before a long transaction: a new partition locks the leads."""
    months = sorted({time.astimezone(UTC).date().replace(day=1) for time in times})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT month FROM unnest(%s::date[]) AS month"
            " WHERE to_regclass('leads_activity_' || to_char(month, 'YYYYMM')) IS NULL",
            [months],
        )
        for (month,) in cursor.fetchall():
            cursor.execute("SELECT leads_ensure_activity_month(%s)", [month])
