"""Going on to the next lead without working on this one: with a reason, so that a team sees what is left aside."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from handoff.actions import transition
from handoff.actions.holds import free_hold
from handoff.enums import HandoffState
from handoff.errors import RefusedError
from handoff.models import Handoff

SKIPPABLE = (HandoffState.QUEUED, HandoffState.CLAIMED)


@transaction.atomic
def skip_handoff(*, handoff: Handoff, by: User, reason: str, now: datetime) -> None:
    """Put a lead last among those that `by` is offered today. Nothing else changes: its deadlines run on.

    The total that was skipped over is kept with the reason, a code of SkipReason.
    """
    lead = transition.lock(handoff)
    if handoff.state not in SKIPPABLE or handoff.owner_id not in (None, by.pk):
        raise RefusedError(transition.moved_on(handoff))
    before = transition.image_of(handoff, lead)
    transition.record(handoff, "skipped", by=by, at=now, undo=before, skip=reason, score=handoff.current_total)
    free_hold(handoff=handoff, by=by)
