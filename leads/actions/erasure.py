"""Erasing a person: nothing says any more who it was, the numbers stay true, and nobody brings them back."""

from __future__ import annotations

from datetime import datetime

import pghistory
from django.db import transaction

from accounts.models import User
from accounts.policies import require
from background.transactions import retrying
from leads import policies
from leads.actions.erasers import ErasedPerson, erasers
from leads.enums import ErasedKind, ErasureReason, NoteTopic
from leads.erased_values import PersonalValues, numbers_in, spaceless
from leads.models import DirtyMark, ErasedAddress, Erasure, Lead, Note
from leads.queries.erased import GivenPerson, digests_of
from leads.signals import leads_changed

CALLED_BY = ("email", "other_emails", "external_id", "name", "kana", "phone")


@retrying
@transaction.atomic
def erase_lead(*, lead: Lead, by: User, reason: ErasureReason, now: datetime, reference: str = "") -> Erasure:
    """Empty everything that says who a lead is, in its history too, for good; who does it twice gets the first Erasure.

    Its activities, scores and results stay, without words. It is never hot and never handed over again, open hand-offs
    and to-dos end, and of its addresses digests are kept. Raises PermissionDenied.
    """
    require(by, policies.ERASE)
    ids = ids_of_person(lead)
    # Whoever is about to add a row to the lead ends first, or waits and finds it erased.
    locked = {row.pk: row for row in Lead.objects.filter(pk__in=ids).order_by("pk").select_for_update()}
    if locked[lead.pk].erased_at is not None:
        return Erasure.objects.filter(lead=lead).latest("pk")
    values = _values_of(ids)
    person = ErasedPerson(pk=lead.pk, ids=ids, values=values, by=by, now=now)
    addresses = _addresses(list(locked.values()))
    with pghistory.context(user=by.pk):
        emptied = {eraser.code: eraser.empty(person) for eraser in reversed(erasers())}
        erasure = Erasure.objects.create(
            lead=lead, reason=reason, reference=reference, by=by, at=now,
            emptied={code: number for code, number in sorted(emptied.items()) if number},
        )  # fmt: skip
    kept = {(kind, digests_of(kind, text)[0]) for kind, text in addresses}
    ErasedAddress.objects.bulk_create(
        ErasedAddress(erasure=erasure, kind=kind, digest=digest) for kind, digest in sorted(kept)
    )
    DirtyMark.objects.create(lead_id=lead.pk, marked_at=now)
    lead.refresh_from_db()
    transaction.on_commit(lambda: leads_changed.send(sender=None))
    return erasure


def ids_of_person(lead: Lead) -> list[int]:
    """The lead and all that were merged into it, directly or through others."""
    found, here = [lead.pk], [lead.pk]
    while here:
        here = list(Lead.objects.filter(merged_into__in=here).values_list("pk", flat=True))
        found += here
    return sorted(found)


def _values_of(ids: list[int]) -> PersonalValues:
    """What the person is called, and was called before."""
    events = Lead.history.rel.related_model._base_manager  # type: ignore[attr-defined]
    rows = Lead.objects.filter(pk__in=ids).values(*CALLED_BY)
    return PersonalValues.of_rows([*rows, *events.filter(pgh_obj__in=ids).values(*CALLED_BY).distinct()])


def _addresses(leads: list[Lead]) -> set[tuple[str, str]]:
    """What digests are kept of: the addresses that the person has now, except a number that others have as well."""
    addresses = {address for lead in leads for address in GivenPerson.of_lead(lead).addresses()}
    numbers = {number for kind, number in addresses if kind == ErasedKind.PHONE}
    names = {spaceless(lead.name) for lead in leads}
    shared: set[str] = set()
    others = Lead.objects.identified().exclude(pk__in=[lead.pk for lead in leads])
    for number in numbers:
        holders = others.filter(search__contains=number).only("phone", "name")
        if any(number in numbers_in(other.phone) and spaceless(other.name) not in names for other in holders[:100]):
            shared.add(number)
    return {(kind, text) for kind, text in addresses if kind != ErasedKind.PHONE or text not in shared}


@transaction.atomic
def readmit_addresses(*, lead: Lead, by: User, reason: str, now: datetime) -> bool:
    """Let the addresses of an erased person in again, who then becomes a new lead; the erased one stays empty.

    The reason stays in its notes. Returns whether there was something to let in. Raises PermissionDenied.
    """
    require(by, policies.ERASE)
    if not ErasedAddress.objects.filter(erasure__lead=lead).delete()[0]:
        return False
    with pghistory.context(user=by.pk):
        Note.objects.create(lead=lead, by=by, text=reason, topic=NoteTopic.LIFTED, at=now)
    return True
