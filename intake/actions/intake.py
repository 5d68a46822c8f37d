"""What other systems tell us about people: find or add the leads they name, then store what happened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from background.transactions import retrying
from intake.database import fetch
from intake.statements import (
    LEADS_BY_EMAIL,
    LEADS_BY_EXTERNAL_ID,
    LEADS_BY_FORMER_EMAIL,
    LEADS_BY_FORMER_EXTERNAL_ID,
    LEADS_BY_VISITOR,
)
from leads.actions.activities import NewActivity, ensure_months, record_activities
from leads.actions.identification import Identity, join_browsers, lock_visitors, name_anonymous, unsettled_browsers
from leads.models import Lead, Visitor


@dataclass(frozen=True, kw_only=True)
class IncomingActivity:
    """An activity of a lead that may not exist yet."""

    identity: Identity
    type_id: int
    occurred_at: datetime
    key: str
    object: str = ""
    properties: dict[str, Any] = field(default_factory=dict)


@retrying
def take_in_activities(activities: Sequence[IncomingActivity], *, source: str, now: datetime) -> dict[int, int]:
    """Store a batch in one transaction, adding the leads it names that are unknown.

    Returns the position of every stored activity with its id; the rest were known already.
    """
    # Before the transaction: a new month locks the leads.
    ensure_months(activity.occurred_at for activity in activities)
    with transaction.atomic():
        leads = find_or_add_leads((activity.identity for activity in activities), now=now)
        new = [
            NewActivity(
                lead_id=leads[activity.identity],
                type_id=activity.type_id,
                occurred_at=activity.occurred_at,
                object=activity.object,
                properties=activity.properties,
                key=activity.key,
            )
            for activity in activities
        ]
        return record_activities(new, source=source, now=now)


def find_or_add_leads(identities: Iterable[Identity], *, now: datetime) -> dict[Identity, int]:
    """The id of each lead, added where nobody knew it; browsers that say who they are join it. In a transaction."""
    asked = list(dict.fromkeys(identities))
    leads = find_leads(asked)
    browsers = unsettled_browsers(asked, leads)
    missing = [identity for identity in asked if identity not in leads]
    if not missing and not browsers:
        return leads
    unseen = {identity.anonymous_id for identity in missing if identity.is_anonymous}
    lock_visitors({*browsers, *unseen})
    named = [identity for identity in missing if not identity.is_anonymous]
    name_anonymous(browsers, named)
    # In one order for all batches; whoever has more names comes first, so that a second name finds the same lead.
    named.sort(
        key=lambda identity: (not (identity.email and identity.external_id), identity.email, identity.external_id)
    )
    Lead.objects.bulk_create(
        [Lead(email=identity.email, external_id=identity.external_id, created_at=now) for identity in named],
        ignore_conflicts=True,
    )
    leads |= find_leads(named)
    join_browsers(browsers, leads, now=now)
    unseen -= _ids(LEADS_BY_VISITOR, unseen).keys()
    anonymous = Lead.objects.bulk_create([Lead(is_anonymous=True, created_at=now) for _key in unseen])
    Visitor.objects.bulk_create(
        [Visitor(key=key, lead=lead, first_seen_at=now) for key, lead in zip(sorted(unseen), anonymous, strict=True)]
    )
    return leads | find_leads(identity for identity in asked if identity.is_anonymous)


def find_leads(identities: Iterable[Identity]) -> dict[Identity, int]:
    """The ids of the leads that are known already. A name that a merged lead had means the lead that lives on.

    A browser counts only where nothing else is known: it never says who a named lead is.
    """
    asked = list(identities)
    leads = _named(LEADS_BY_EXTERNAL_ID, LEADS_BY_EMAIL, asked)
    anonymous = [identity for identity in asked if identity.is_anonymous]
    browsers = _ids(LEADS_BY_VISITOR, {identity.anonymous_id for identity in anonymous})
    for identity in anonymous:
        if identity.anonymous_id in browsers:
            leads[identity] = browsers[identity.anonymous_id]
    rest = [identity for identity in asked if identity not in leads]
    return leads | _named(LEADS_BY_FORMER_EXTERNAL_ID, LEADS_BY_FORMER_EMAIL, rest)


def former_names(column: Literal["email", "external_id"], names: Collection[str]) -> dict[str, int]:
    """Of these names those that a merged lead had, each with the lead that lives on; another may have it today."""
    return _ids(LEADS_BY_FORMER_EMAIL if column == "email" else LEADS_BY_FORMER_EXTERNAL_ID, names)


def _named(by_external_id: str, by_email: str, asked: Collection[Identity]) -> dict[Identity, int]:
    """The leads of these identities by external id, else by e-mail."""
    ids = _ids(by_external_id, {identity.external_id for identity in asked} - {""})
    emails = _ids(by_email, {identity.email for identity in asked} - {""})
    leads = {identity: ids.get(identity.external_id) or emails.get(identity.email) for identity in asked}
    return {identity: pk for identity, pk in leads.items() if pk is not None}


def _ids(query: str, names: Collection[str]) -> dict[str, int]:
    """The leads of these names; nothing is asked for no names."""
    return dict(fetch(query, [list(names)])) if names else {}
