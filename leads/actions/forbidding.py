"""Facts that forbid anybody to contact a lead: stated by whoever knows, lifted by a person with the right, in words.

The database keeps them through every other change (`forbidding_facts_stay`), whichever door it comes by.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pghistory
from django.db import connection, transaction

from accounts.models import User
from accounts.policies import require
from leads import policies
from leads.enums import DisqualifyReason, ForbiddingFact, NoteTopic
from leads.models import Lead, Note
from leads.signals import leads_changed

# Reasons for closing a lead that say more than that: they forbid to contact it from then on.
STATED_BY = {
    DisqualifyReason.NO_CONTACT_WISHED.value: ForbiddingFact.REFUSED,
    DisqualifyReason.COMPETITOR.value: ForbiddingFact.COMPETITOR,
}
STATED: dict[ForbiddingFact, dict[str, Any]] = {
    ForbiddingFact.REFUSED: {"consent": False},
    ForbiddingFact.COMPETITOR: {"is_competitor": True},
}
LIFTED: dict[ForbiddingFact, dict[str, Any]] = {
    ForbiddingFact.REFUSED: {"consent": None},
    ForbiddingFact.COMPETITOR: {"is_competitor": False},
}


@contextmanager
def lifting() -> Iterator[None]:
    """Within this, in a transaction, forbidding facts may be taken back: by a person, or with what brought them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('leadqual.lifts_facts', 'yes', true)")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("SELECT set_config('leadqual.lifts_facts', '', true)")


@transaction.atomic
def state_fact(*, lead: Lead, fact: ForbiddingFact, by: User | None) -> None:
    """From now on nobody contacts the lead. Its open hand-offs are withdrawn by the next sweep."""
    with pghistory.context(user=by.pk if by else None):
        Lead.objects.filter(pk=lead.pk).update(**STATED[fact])
    for name, value in STATED[fact].items():
        setattr(lead, name, value)
    transaction.on_commit(lambda: leads_changed.send(sender=None))


def refuse_as_asked(leads: Collection[int]) -> None:
    """These leads' own words wish no contact (leads.enquiry). Run it in the transaction that stores the words."""
    if not leads:
        return
    open_to_it = Lead.objects.filter(pk__in=leads).exclude(consent=False).order_by("pk")
    locked = [lead.pk for lead in open_to_it.only("pk").select_for_update(no_key=True, of=("self",))]
    if locked:
        Lead.objects.filter(pk__in=locked).update(**STATED[ForbiddingFact.REFUSED])


@transaction.atomic
def lift_fact(*, lead: Lead, fact: ForbiddingFact, by: User, reason: str, now: datetime) -> bool:
    """Take a forbidding fact back; the reason stays in the lead's notes. Returns whether there was one.

    What was refused is unknown afterwards, not agreed to. Raises PermissionDenied.
    """
    require(by, policies.LIFT)
    locked = Lead.objects.select_for_update(no_key=True, of=("self",)).get(pk=lead.pk)
    if fact not in LIFTED or fact not in locked.forbidding:
        return False
    with pghistory.context(user=by.pk), lifting():
        Lead.objects.filter(pk=lead.pk).update(**LIFTED[fact])
    for name, value in LIFTED[fact].items():
        setattr(lead, name, value)
    Note.objects.create(lead=lead, by=by, text=f"{fact.label}: {reason}", topic=NoteTopic.LIFTED, at=now)
    transaction.on_commit(lambda: leads_changed.send(sender=None))
    return True
