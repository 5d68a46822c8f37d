"""What other systems tell us about people: find or add the leads they name, then store what happened."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from background.transactions import retrying
from intake.database import fetch
from intake.statements import (
    KNOWN_ACTIVITIES,
    LEADS_BY_EMAIL,
    LEADS_BY_EXTERNAL_ID,
    LEADS_BY_FORMER_EMAIL,
    LEADS_BY_FORMER_EXTERNAL_ID,
    LEADS_BY_VISITOR,
)
from leads.actions.activities import NewActivity, ensure_months, record_activities
from leads.actions.identification import Identity, join_browsers, lock_visitors, name_anonymous, unsettled_browsers
from leads.models import Lead, Visitor
from leads.queries.erased import erased_among


@dataclass(frozen=True, kw_only=True)
class IncomingActivity:
    """An activity of a lead that may not exist yet."""

    identity: Identity
    type_id: int
    occurred_at: datetime
    key: str
    object: str = ""
    properties: dict[str, Any] = field(default_factory=dict)

    def of(self, lead: int) -> NewActivity:
        """The activity of this lead, to be stored."""
        return NewActivity(
            lead_id=lead,
            type_id=self.type_id,
            occurred_at=self.occurred_at,
            object=self.object,
            properties=self.properties,
            key=self.key,
        )

    def says(self, first: NewActivity, leads: Mapping[Identity, int]) -> bool:
        """Whether it says what was stored first under its key; what was read out of that one's text is left aside."""
        mine = (leads.get(self.identity), self.type_id, self.occurred_at, self.object)
        theirs = (first.lead_id, first.type_id, first.occurred_at, first.object)
        return mine == theirs and self.properties.items() <= first.properties.items()


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What became of a batch: the id of each stored activity by its position; all others were known already.

    `conflicts` are the positions of those whose key was sent before with something else, `erased` of those that name
    somebody whose data was erased: they are not stored.
    """

    stored: dict[int, int]
    conflicts: list[int]
    erased: list[int] = field(default_factory=list)


@retrying
def take_in_activities(activities: Sequence[IncomingActivity], *, source: str, now: datetime) -> Receipt:
    """Store a batch in one transaction, adding the leads it names that are unknown.

    What came before under its key is not stored again, whatever it says now, and adds no lead.
    """
    # Before the transaction: a new month locks the leads.
    ensure_months(activity.occurred_at for activity in activities)
    with transaction.atomic():
        known = known_activities(source, [activity.key for activity in activities])
        erased = erased_among([activity.identity.person for activity in activities])
        fresh = [
            place for place, activity in enumerate(activities) if activity.key not in known and place not in erased
        ]
        leads = find_or_add_leads((activities[place].identity for place in fresh), now=now)
        new = [activities[place].of(leads[activities[place].identity]) for place in fresh]
        stored = record_activities(new, source=source, now=now)
        again = [activity for activity in activities if activity.key in known]
        leads |= find_leads(activity.identity for activity in again)
        firsts = known | {activity.key: activity for activity in reversed(new)}
        conflicts = [
            place
            for place, activity in enumerate(activities)
            if place not in erased and not activity.says(firsts[activity.key], leads)
        ]
        stored_places = {fresh[place]: pk for place, pk in stored.items()}
        return Receipt(stored=stored_places, conflicts=conflicts, erased=sorted(erased))


def known_activities(source: str, keys: Collection[str]) -> dict[str, NewActivity]:
    """What is stored under these keys of a source."""
    rows = fetch(KNOWN_ACTIVITIES, [source, list(keys)])
    return {
        key: NewActivity(
            lead_id=lead, type_id=kind, occurred_at=at, object=about, properties=json.loads(properties), key=key
        )
        for key, lead, kind, at, about, properties in rows
    }


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
    return dict(fetch(query, [list(names)] * query.count("%s"))) if names else {}
