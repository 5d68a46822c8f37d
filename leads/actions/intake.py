"""What other systems tell us about people: find or add the leads they name, then store what happened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zlib import crc32

from django.db import connection, transaction

from leads.actions.activities import NewActivity, ensure_months, record_activities
from leads.models import Lead, Visitor
from leads.transactions import retrying

# Anonymous leads of one browser are made one at a time; browsers share this many locks, so that a batch stays small.
VISITOR_LOCKS = 64


@dataclass(frozen=True, kw_only=True)
class Identity:
    """How somebody names a lead. The first that is known decides: external id, e-mail, the browser's own id."""

    external_id: str = ""
    email: str = ""
    anonymous_id: str = ""

    @property
    def is_anonymous(self) -> bool:
        return not self.email and not self.external_id


@dataclass(frozen=True, kw_only=True)
class ToldActivity:
    """An activity of a lead that may not exist yet."""

    identity: Identity
    type_id: int
    occurred_at: datetime
    key: str
    object: str = ""
    properties: dict[str, Any] = field(default_factory=dict)


@retrying
def take_in_activities(told: Sequence[ToldActivity], *, source: str, now: datetime) -> dict[int, int]:
    """Store a batch in one transaction, adding the leads it names that are unknown.

    Returns the position of every stored activity with its id; the rest were known already.
    """
    ensure_months(one.occurred_at for one in told)  # before the transaction: a new month locks the leads
    with transaction.atomic():
        leads = find_or_add_leads({one.identity for one in told}, now=now)
        return record_activities([_row(one, leads[one.identity]) for one in told], source=source, now=now)


def find_or_add_leads(identities: Collection[Identity], *, now: datetime) -> dict[Identity, int]:
    """The id of each lead, added where nobody knew it. Call inside a transaction."""
    found = find_leads(identities)
    missing = [identity for identity in identities if identity not in found]
    if not missing:
        return found
    _add_named(missing, now)
    _add_anonymous(missing, now)
    return found | find_leads(missing)


def find_leads(identities: Iterable[Identity]) -> dict[Identity, int]:
    """The ids of the leads that are known already."""
    asked = list(identities)
    by_external_id = _ids(BY_EXTERNAL_ID, {one.external_id for one in asked} - {""})
    by_email = _ids(BY_EMAIL, {one.email for one in asked} - {""})
    by_visitor = _ids(BY_VISITOR, {one.anonymous_id for one in asked if one.is_anonymous})
    found = {}
    for one in asked:
        pk = by_external_id.get(one.external_id) or by_email.get(one.email) or by_visitor.get(one.anonymous_id)
        if pk is not None:
            found[one] = pk
    return found


# The condition of the unique index stands here in its own words: of a list of more than 100 values PostgreSQL does not
# see by itself that none of them is empty, and would read the whole table.
BY_EMAIL = """
SELECT email, id FROM leads_lead
WHERE email = ANY(%s::text[]) AND NOT (email = '') AND merged_into_id IS NULL"""
BY_EXTERNAL_ID = """
SELECT external_id, id FROM leads_lead
WHERE external_id = ANY(%s::text[]) AND NOT (external_id = '') AND merged_into_id IS NULL"""
BY_VISITOR = "SELECT key, lead_id FROM leads_visitor WHERE key = ANY(%s::text[])"


def _ids(query: str, names: Collection[str]) -> dict[str, int]:
    """The leads of these names; nothing is asked for no names."""
    if not names:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(query, [list(names)])
        return dict(cursor.fetchall())


def _add_named(identities: Iterable[Identity], now: datetime) -> None:
    """In one order for all batches; whoever names more comes first, so that a second name finds the same lead."""
    named = [one for one in identities if not one.is_anonymous]
    named.sort(key=lambda one: (not (one.email and one.external_id), one.email, one.external_id))
    Lead.objects.bulk_create(
        [Lead(email=one.email, external_id=one.external_id, created_at=now) for one in named], ignore_conflicts=True
    )


def _add_anonymous(identities: Iterable[Identity], now: datetime) -> None:
    keys = {one.anonymous_id for one in identities if one.is_anonymous}
    if not keys:
        return
    _lock_visitors(keys)
    keys -= set(_ids(BY_VISITOR, keys))
    leads = Lead.objects.bulk_create([Lead(is_anonymous=True, created_at=now) for _key in keys])
    Visitor.objects.bulk_create(
        [Visitor(key=key, lead=lead, first_seen_at=now) for key, lead in zip(sorted(keys), leads, strict=True)]
    )


def _lock_visitors(keys: Iterable[str]) -> None:
    slots = sorted({crc32(key.encode()) % VISITOR_LOCKS for key in keys})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('leads_visitor'), slot) FROM unnest(%s::int[]) AS slot", [slots]
        )


def _row(told: ToldActivity, lead_id: int) -> NewActivity:
    return NewActivity(
        lead_id=lead_id,
        type_id=told.type_id,
        occurred_at=told.occurred_at,
        object=told.object,
        properties=told.properties,
        key=told.key,
    )
