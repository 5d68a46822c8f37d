"""What other systems tell us about people: find or add the leads they name, then store what happened."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from intake.database import fetch
from intake.incoming import IncomingActivity
from intake.statements import (
    KNOWN_ACTIVITIES,
    LEADS_BY_EMAIL,
    LEADS_BY_EXTERNAL_ID,
    LEADS_BY_FORMER_EMAIL,
    LEADS_BY_FORMER_EXTERNAL_ID,
    LEADS_BY_VISITOR,
)
from leads.actions.activities import NewActivity, record_activities
from leads.actions.identification import Identity, join_browsers, lock_visitors, name_anonymous, unsettled_browsers
from leads.models import Lead, Visitor
from leads.queries.erased import erased_among


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What became of activities by their places in the batch: id and lead of each that was stored; all others were
    known.

    `conflicts` are those whose key was sent before with something else, `erased` those that name somebody whose data
    was erased: they are not stored.
    """

    ids: dict[int, int]
    leads: dict[int, int]
    conflicts: list[int]
    erased: set[int]


def store_activities(activities: Mapping[int, IncomingActivity], *, source: str, now: datetime) -> Stored:
    """Store activities in one transaction, which the caller has begun, adding the leads they name that are unknown.

    What came before under its key is not stored again, whatever it says now, and adds no lead.
    """
    known = known_activities(source, [activity.key for activity in activities.values()])
    erased = erased_places({place: activity.identity for place, activity in activities.items()})
    fresh = [place for place, activity in activities.items() if activity.key not in known and place not in erased]
    leads = find_or_add_leads((activities[place].identity for place in fresh), now=now)
    new = [activities[place].of(leads[activities[place].identity]) for place in fresh]
    stored = record_activities(new, source=source, now=now)
    leads |= find_leads(activity.identity for activity in activities.values() if activity.key in known)
    firsts = known | {activity.key: activity for activity in reversed(new)}
    conflicts = [
        place
        for place, activity in activities.items()
        if place not in erased and not activity.says(firsts[activity.key], leads)
    ]
    return Stored(
        ids={fresh[at]: pk for at, pk in stored.items()},
        leads={fresh[at]: new[at].lead_id for at in stored},
        conflicts=conflicts,
        erased=erased,
    )


def erased_places(identities: Mapping[int, Identity]) -> set[int]:
    """The places of those whose data was erased and who must not be brought back."""
    places = list(identities)
    return {places[at] for at in erased_among([identities[place].person for place in places])}


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
