"""What happens to hand-offs when somebody decides about the lead itself: they follow, in the same transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import User
from handoff.actions.assignments import assign_handoff
from handoff.actions.claims import release_handoff
from handoff.actions.holding_back import settle_held_back
from handoff.actions.withdrawal import withdraw
from handoff.enums import OPEN_STATES, HandoffState
from handoff.models import Handoff
from leads.actions.decisions import ASIDE


@transaction.atomic
def follow_decision(*, lead_ids: Collection[int], stage: str, by: User, now: datetime) -> int:
    """A lead that was put aside waits for nobody: its open hand-offs close and nothing is owed any longer.

    Returns how many were closed.
    """
    if stage not in ASIDE:
        return 0
    settle_held_back(leads=lead_ids, now=now)
    return withdraw(_open_handoffs(lead_ids), kind="withdrawn", by=by, now=now)


@transaction.atomic
def follow_assignment(*, lead_ids: Collection[int], owner: User | None, by: User, now: datetime) -> None:
    """The lead's new owner answers for its open hand-off; without an owner a claimed one waits for the team again."""
    for handoff in _open_handoffs(lead_ids):
        if owner is not None and handoff.owner_id != owner.pk:
            assign_handoff(handoff=handoff, to=owner, by=by, now=now)
        elif owner is None and handoff.state == HandoffState.CLAIMED:
            release_handoff(handoff=handoff, by=by, now=now)


def _open_handoffs(lead_ids: Collection[int]) -> list[Handoff]:
    return list(Handoff.objects.filter(lead__in=lead_ids, state__in=OPEN_STATES).order_by("lead", "pk"))
