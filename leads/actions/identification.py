"""A browser says who it is: its visits become part of the lead that is named (S69), set by set.

The lead that exists survives. Where nobody has the name yet, the anonymous lead of the browser gets it and keeps its
id. A browser that belongs to somebody stays with them, whatever name it sends: ids of browsers can be forged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from django.db import IntegrityError, connection, transaction

from leads.actions.merge import join_leads, locked_leads
from leads.enums import MergeOrigin
from leads.models import Lead, Visitor
from leads.queries.erased import GivenPerson
from leads.statements import VISITOR_OWNERS

# Whoever changes the lead of a browser goes alone; browsers share this many locks, so that a batch stays small.
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

    @property
    def person(self) -> GivenPerson:
        """The same, to be compared with who was erased."""
        return GivenPerson(emails=[self.email] if self.email else [], external_id=self.external_id)

    def overlaps(self, others: Iterable[Identity]) -> bool:
        """Whether one of the others has the same e-mail or external id: it is the same person then."""
        return any(
            (self.email and self.email == other.email) or (self.external_id and self.external_id == other.external_id)
            for other in others
        )


Browsers = dict[str, Identity]


def unsettled_browsers(identities: Iterable[Identity], found: Mapping[Identity, int]) -> Browsers:
    """Browsers that were named and are not known to be anybody's: of several names the first counts."""
    named: Browsers = {}
    for identity in identities:
        if identity.anonymous_id and not identity.is_anonymous:
            named.setdefault(identity.anonymous_id, identity)
    owners = _owners(named)
    return {key: identity for key, identity in named.items() if key not in owners or owners[key][1]}


def lock_visitors(keys: Iterable[str]) -> None:
    """Until the end of the transaction nobody else adds these browsers or gives them to another lead."""
    slots = sorted({crc32(key.encode()) % VISITOR_LOCKS for key in keys})
    if not slots:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('leads_visitor'), slot) FROM unnest(%s::int[]) AS slot", [slots]
        )


def name_anonymous(browsers: Browsers, unknown: Collection[Identity]) -> None:
    """Give the anonymous leads of these browsers the names that nobody has yet. Call with the browsers locked."""
    free = set(unknown)
    owners = _owners(key for key, identity in browsers.items() if identity in free)
    named: dict[int, Identity] = {}
    for key, identity in browsers.items():
        if key in owners and owners[key][1] and not identity.overlaps(named.values()):
            named.setdefault(owners[key][0], identity)
    leads = [lead for lead in locked_leads(named).values() if lead.is_anonymous and lead.merged_into_id is None]
    for lead in leads:
        lead.email, lead.external_id, lead.is_anonymous = named[lead.pk].email, named[lead.pk].external_id, False
    # Somebody may add a lead of that name meanwhile; then it exists, and the browser is merged into it.
    with suppress(IntegrityError), transaction.atomic():
        Lead.objects.bulk_update(leads, ["email", "external_id", "is_anonymous"])


def join_browsers(browsers: Browsers, found: Mapping[Identity, int], *, now: datetime) -> None:
    """Give each browser to the lead that was named: the browser itself where it is unseen, else all of its visits."""
    owners = _owners(browsers)
    unseen = [
        Visitor(key=key, lead_id=found[identity], first_seen_at=now)
        for key, identity in browsers.items()
        if key not in owners
    ]
    Visitor.objects.bulk_create(unseen)
    into = {
        owners[key][0]: found[identity]
        for key, identity in browsers.items()
        if key in owners and owners[key][1] and owners[key][0] != found[identity]
    }
    if not into:
        return
    leads = locked_leads([*into.keys(), *into.values()])
    for pairs in _rounds(into, leads):
        join_leads(pairs, by=None, origin=MergeOrigin.IDENTIFICATION, now=now)


def _rounds(into: Mapping[int, int], leads: Mapping[int, Lead]) -> list[list[tuple[Lead, Lead]]]:
    """Several browsers of one person are merged one after the other: what they share counts once."""
    rounds: list[list[tuple[Lead, Lead]]] = []
    filled: dict[int, int] = {}
    for merged, kept in sorted(into.items()):
        if _stands(leads.get(kept)) and _stands(leads.get(merged)) and leads[merged].is_anonymous:
            at = filled[kept] = filled.get(kept, -1) + 1
            if at == len(rounds):
                rounds.append([])
            rounds[at].append((leads[kept], leads[merged]))
    return rounds


def _stands(lead: Lead | None) -> bool:
    return lead is not None and lead.merged_into_id is None


def _owners(keys: Iterable[str]) -> dict[str, tuple[int, bool]]:
    """Of the browsers that were seen: whose they are, and whether that lead is anonymous."""
    asked = list(keys)
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(VISITOR_OWNERS, [asked])
        return {key: (lead, is_anonymous) for key, lead, is_anonymous in cursor.fetchall()}
