"""Entering and ending absences, and what becomes of the leads of whoever is away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from handoff.actions import transition
from handoff.actions.rerouting import route_again
from handoff.enums import HandoffState
from handoff.models import Absence, Handoff

UNTOUCHED = (HandoffState.QUEUED, HandoffState.CLAIMED)


@transaction.atomic
def save_absence(*, absence: Absence, changes: Mapping[str, Any], now: datetime) -> int:
    """Enter an absence or change it; returns how many leads went back to a team at once."""
    for name, value in changes.items():
        setattr(absence, name, value)
    if absence.starts_at > now:
        absence.returned_at = None  # moved to a later start, it asks again then
    absence.save()
    return return_leads_of_absent(now=now, only=absence)


@transaction.atomic
def end_absence(*, absence: Absence, now: datetime) -> None:
    """Have a running absence end now; one that has not begun is removed."""
    if absence.starts_at < now:
        absence.ends_at = now
        absence.save(update_fields=["ends_at"])
    else:
        absence.delete()


@transaction.atomic
def return_leads_of_absent(*, now: datetime, only: Absence | None = None) -> int:
    """Put the leads that nobody has contacted back into their team's queue, once for each absence that asks for it.

    `only` one absence is looked at, or all; returns how many leads went back.
    """
    begun = Absence.objects.at(now).filter(returns_leads=True, returned_at=None).select_for_update(of=("self",))
    if only is not None:
        begun = begun.filter(pk=only.pk)
    returned = 0
    for absence in begun.select_related("person"):
        returned += sum(_return(handoff, absence.person, now) for handoff in _untouched(absence.person))
        absence.returned_at = now
        absence.save(update_fields=["returned_at"])
    return returned


def _untouched(person: User) -> list[Handoff]:
    """In the order in which everybody locks leads."""
    return list(Handoff.objects.filter(owner=person, state__in=UNTOUCHED).order_by("lead_id", "pk"))


def _return(handoff: Handoff, person: User, now: datetime) -> bool:
    lead = transition.lock(handoff)
    is_returned = handoff.owner_id == person.pk and transition.swap(
        handoff, states=UNTOUCHED, state=HandoffState.QUEUED, owner=None, routed_by="owner_absent", claimed_at=None,
    )  # fmt: skip
    if is_returned:
        transition.update_lead(lead, now=now, owner=None, team=handoff.team)
        transition.record(handoff, "returned_absent", by=None, at=now, team=str(handoff.team), to="")
        route_again(handoff, lead, now)
    return is_returned
