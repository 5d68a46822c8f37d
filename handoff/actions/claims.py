"""Taking a lead, giving it back, putting it aside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from handoff.access import FIRST_RESPONDERS
from handoff.actions import transition
from handoff.actions.rerouting import route_again
from handoff.actions.waits import refuse_what_is_met, shown_waits, wake_up
from handoff.enums import OPEN_STATES, HandoffState
from handoff.errors import ClaimLostError, RefusedError
from handoff.models import Handoff
from leads.models import ActivityType


@transaction.atomic
def claim_handoff(*, handoff: Handoff, by: User, now: datetime) -> None:
    """Make the hand-off `by`'s own. One wins; the others get a ClaimLostError that names the winner."""
    lead = transition.lock(handoff)
    before = transition.image_of(handoff, lead)
    is_claimed = transition.swap(
        handoff,
        states=[HandoffState.QUEUED],
        when=Q(owner=None) | Q(owner=by),
        owner=by,
        state=_state_when_claimed(handoff),
        claimed_at=now,
    )
    if not is_claimed and by.role not in FIRST_RESPONDERS:
        answered = Q(owner__role__in=FIRST_RESPONDERS)
        is_claimed = transition.swap(handoff, states=[HandoffState.CONTACTED], when=answered, owner=by)
    if not is_claimed:
        if handoff.owner_id == by.pk:
            raise ClaimLostError(_("You’ve already claimed this lead. You’ll find it under “Mine” in the queue."))
        if handoff.owner is not None and handoff.is_open:
            raise lost_to(handoff.owner)
        raise ClaimLostError(transition.moved_on(handoff))
    transition.update_lead(lead, now=now, owner=by)
    transition.record(handoff, "claimed", by=by, at=now, undo=before)


def lost_to(winner: User | None) -> ClaimLostError:
    """The claim of a lead that somebody else has by now."""
    words = _("%(name)s claimed this lead before you. Choose another one from the queue.")
    return ClaimLostError(words % {"name": winner})


def _state_when_claimed(handoff: Handoff) -> HandoffState:
    """What was done by somebody who has left counts: whoever takes over goes on from there."""
    if handoff.contacted_at is None:
        return HandoffState.CLAIMED
    return HandoffState.CONTACTED if handoff.decided_at is None else HandoffState.ACCEPTED


@transaction.atomic
def release_handoff(*, handoff: Handoff, by: User, now: datetime) -> None:
    """Give a claimed lead back: to the next one whom the rules name, else to the team's queue. Its clocks run on."""
    lead = transition.lock(handoff)
    before = transition.image_of(handoff, lead)
    transition.take_up(handoff, now)
    transition.swap_or_refuse(
        handoff, states=[HandoffState.CLAIMED], owner=None, state=HandoffState.QUEUED, claimed_at=None
    )
    transition.update_lead(lead, now=now, owner=None)
    transition.record(handoff, "released", by=by, at=now, undo=before)
    route_again(handoff, lead, now)


@transaction.atomic
def snooze_handoff(
    *, handoff: Handoff, by: User, until: datetime, now: datetime, wake_total: int | None = None,
    wake_types: Iterable[ActivityType] = (), wake_when: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Put a lead aside until an instant. That stops no clock: the promises were made to somebody else.

    It comes back earlier at `wake_total` whole points, by an activity of `wake_types` or once it meets `wake_when`.
    """
    if until <= now:
        raise RefusedError(_("Choose a time in the future."))
    lead = transition.lock(handoff)
    before = transition.image_of(handoff, lead)
    wake = wake_up(total=wake_total, types=wake_types, when=wake_when)
    transition.swap_or_refuse(
        handoff, states=OPEN_STATES, snoozed_until=until, retry_at=None, snoozed_at=now,
        snooze_total=wake.total, snooze_types=sorted(wake.types) or None, snooze_when=wake.when,
    )  # fmt: skip
    refuse_what_is_met(handoff, wake, now)
    transition.record(handoff, "snoozed", by=by, at=now, undo=before, until_at=until.isoformat(), **shown_waits(wake))


@transaction.atomic
def wake_handoff(*, handoff: Handoff, by: User, now: datetime) -> None:
    """Bring a snoozed lead back at once."""
    transition.lock(handoff)
    transition.swap_or_refuse(handoff, states=OPEN_STATES, snoozed_until=None)
    transition.record(handoff, "woken", by=by, at=now)
