"""What other systems tell us about people: find or add the leads they name, then store what happened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db import connection, transaction

from background.transactions import retrying
from leads.actions.activities import NewActivity, ensure_months, record_activities
from leads.actions.joining import Identity, join_browsers, lock_visitors, name_anonymous, unsettled_browsers
from leads.models import Lead, Visitor


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
        leads = find_or_add_leads((one.identity for one in told), now=now)
        return record_activities([_row(one, leads[one.identity]) for one in told], source=source, now=now)


def find_or_add_leads(identities: Iterable[Identity], *, now: datetime) -> dict[Identity, int]:
    """The id of each lead, added where nobody knew it; browsers that say who they are join it. In a transaction."""
    asked = list(dict.fromkeys(identities))
    found = find_leads(asked)
    browsers = unsettled_browsers(asked, found)
    missing = [one for one in asked if one not in found]
    if not missing and not browsers:
        return found
    lock_visitors({*browsers, *(one.anonymous_id for one in missing if one.is_anonymous)})
    named = [one for one in missing if not one.is_anonymous]
    name_anonymous(browsers, named)
    _add_named(named, now)
    found |= find_leads(named)
    join_browsers(browsers, found, now=now)
    _add_anonymous((one.anonymous_id for one in missing if one.is_anonymous), now)
    return found | find_leads(one for one in asked if one.is_anonymous)


def find_leads(identities: Iterable[Identity]) -> dict[Identity, int]:
    """The ids of the leads that are known already. A name that a merged lead had means the lead that lives on."""
    asked = list(identities)
    found = _named(BY_EXTERNAL_ID, BY_EMAIL, asked) | _of_browsers(asked)
    rest = [one for one in asked if one not in found]
    return found | _named(BY_FORMER_EXTERNAL_ID, BY_FORMER_EMAIL, rest)


def former_names(column: Literal["email", "external_id"], names: Collection[str]) -> dict[str, int]:
    """Of these names those that a merged lead had, each with the lead that lives on; another may have it today."""
    return _ids(BY_FORMER_EMAIL if column == "email" else BY_FORMER_EXTERNAL_ID, names)


def _named(by_external_id: str, by_email: str, asked: Collection[Identity]) -> dict[Identity, int]:
    ids = _ids(by_external_id, {one.external_id for one in asked} - {""})
    emails = _ids(by_email, {one.email for one in asked} - {""})
    found = {one: ids.get(one.external_id) or emails.get(one.email) for one in asked}
    return {one: pk for one, pk in found.items() if pk is not None}


def _of_browsers(asked: Iterable[Identity]) -> dict[Identity, int]:
    """Only where nothing but the browser is known: it never says who a named lead is."""
    anonymous = [one for one in asked if one.is_anonymous]
    found = _ids(BY_VISITOR, {one.anonymous_id for one in anonymous})
    return {one: found[one.anonymous_id] for one in anonymous if one.anonymous_id in found}


# The condition of the unique index stands here in its own words: of a list of more than 100 values PostgreSQL does not
# see by itself that none of them is empty, and would read the whole table.
BY_EMAIL = """
SELECT email, id FROM leads_lead
WHERE email = ANY(%s::text[]) AND NOT (email = '') AND merged_into_id IS NULL"""
BY_EXTERNAL_ID = """
SELECT external_id, id FROM leads_lead
WHERE external_id = ANY(%s::text[]) AND NOT (external_id = '') AND merged_into_id IS NULL"""
BY_VISITOR = "SELECT key, lead_id FROM leads_visitor WHERE key = ANY(%s::text[])"
# Along the merges to whoever stands for the person today; of several leads that had the name the newest counts.
_FORMER = """
WITH RECURSIVE trail AS (
    SELECT {name} AS name, id, merged_into_id AS here FROM leads_lead
    WHERE {name} = ANY(%s::text[]) AND NOT ({name} = '') AND NOT (merged_into_id IS NULL)
    UNION
    SELECT trail.name, trail.id, lead.merged_into_id
    FROM trail JOIN leads_lead AS lead ON lead.id = trail.here WHERE lead.merged_into_id IS NOT NULL
)
SELECT DISTINCT ON (trail.name) trail.name, lead.id FROM trail JOIN leads_lead AS lead ON lead.id = trail.here
WHERE lead.merged_into_id IS NULL ORDER BY trail.name, trail.id DESC"""
BY_FORMER_EMAIL = _FORMER.format(name="email")
BY_FORMER_EXTERNAL_ID = _FORMER.format(name="external_id")


def _ids(query: str, names: Collection[str]) -> dict[str, int]:
    """The leads of these names; nothing is asked for no names."""
    if not names:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(query, [list(names)])
        return dict(cursor.fetchall())


def _add_named(named: Sequence[Identity], now: datetime) -> None:
    """In one order for all batches; whoever names more comes first, so that a second name finds the same lead."""
    ordered = sorted(named, key=lambda one: (not (one.email and one.external_id), one.email, one.external_id))
    Lead.objects.bulk_create(
        [Lead(email=one.email, external_id=one.external_id, created_at=now) for one in ordered], ignore_conflicts=True
    )


def _add_anonymous(keys: Iterable[str], now: datetime) -> None:
    """A lead for each browser that is unseen. Call with the browsers locked."""
    unseen = set(keys)
    unseen -= set(_ids(BY_VISITOR, unseen))
    leads = Lead.objects.bulk_create([Lead(is_anonymous=True, created_at=now) for _key in unseen])
    Visitor.objects.bulk_create(
        [Visitor(key=key, lead=lead, first_seen_at=now) for key, lead in zip(sorted(unseen), leads, strict=True)]
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
