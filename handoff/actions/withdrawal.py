"""Open hand-offs that nobody is to work on any more: they close, and nothing is owed any longer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from handoff.actions import transition
from handoff.actions.deadlines import cancel_open, refresh_due
from handoff.enums import OPEN_STATES, HandoffState
from handoff.models import Handoff
from scoring.actions import end_episodes

FORBIDDEN = Q(lead__consent=False) | Q(lead__is_competitor=True)
BATCH = 200


@transaction.atomic
def withdraw(handoffs: Iterable[Handoff], *, kind: str, by: User | None, now: datetime) -> int:
    """Close open hand-offs and let their leads rest; `kind` is the step that the history keeps. Returns how many."""
    closed = 0
    for handoff in handoffs:
        lead = transition.lock(handoff)
        changes: dict[str, Any] = {"state": HandoffState.CLOSED, "closed_at": now, "snoozed_until": None}
        if transition.swap(handoff, states=OPEN_STATES, **changes):
            cancel_open(handoff, now)
            refresh_due(handoff)
            end_episodes(leads=[lead], model=handoff.model, now=now)
            transition.update_lead(lead, now=now, owner=None)
            transition.record(handoff, kind, by=by, at=now)
            closed += 1
    return closed


def withdraw_forbidden(*, now: datetime) -> int:
    """Take leads out of the queue that must not be contacted, whoever said so and by which door. Returns how many."""
    closed = 0
    while batch := list(Handoff.objects.filter(FORBIDDEN, state__in=OPEN_STATES).order_by("lead", "pk")[:BATCH]):
        done = withdraw(batch, kind="forbidden", by=None, now=now)
        closed += done
        if not done:
            break
    return closed
