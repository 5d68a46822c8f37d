"""Whoever has a lead open holds it for two minutes at a time, so that two who ask for the next one never meet."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import User
from handoff.models import Handoff, Hold
from handoff.queries.queue import next_handoffs

LASTS = timedelta(minutes=2)
CANDIDATES = 10  # read at a time; others may take each of them first


def take_hold(*, handoff: Handoff, by: User, now: datetime) -> bool:
    """Hold a hand-off for two more minutes. Returns False where somebody else holds it."""
    until, holds = now + LASTS, Hold.objects.filter(handoff=handoff)
    if holds.filter(person=by, until__gt=now).update(until=until):
        return True
    if holds.filter(Q(until__lte=now) | Q(person=by)).update(person=by, since=now, until=until):
        return True
    Hold.objects.bulk_create([Hold(handoff=handoff, person=by, since=now, until=until)], ignore_conflicts=True)
    return holds.filter(person=by).exists()


def free_hold(*, handoff: Handoff, by: User) -> None:
    """Give back what `by` holds; what others hold stays theirs."""
    Hold.objects.filter(handoff=handoff, person=by).delete()


def offer_next(*, by: User, now: datetime) -> Handoff | None:
    """The next lead to work on, held for `by`; None when there is none that nobody else has open."""
    for waiting in next_handoffs(by, now):
        while candidates := list(waiting[:CANDIDATES]):
            for handoff in candidates:
                if take_hold(handoff=handoff, by=by, now=now):
                    return handoff
    return None
