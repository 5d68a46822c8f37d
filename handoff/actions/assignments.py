"""Giving a hand-off to a person, or back to a team."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Team, User
from handoff.actions import transition
from handoff.enums import OPEN_STATES, HandoffState
from handoff.errors import RefusedError
from handoff.models import Handoff
from handoff.queries.availability import open_leads_of
from leads.actions.telling import tell_of_lead


@transaction.atomic
def assign_handoff(*, handoff: Handoff, to: User, by: User, now: datetime) -> None:
    """Give an open hand-off to one person. A waiting one then waits for them only; another changes hands.

    That it was one more than the person's limit is kept with the step.
    """
    if not to.is_active:
        raise RefusedError(_("%(name)s is inactive. Choose someone else.") % {"name": to})
    lead = transition.lock(handoff)
    before = transition.image_of(handoff, lead)
    transition.swap_or_refuse(handoff, states=OPEN_STATES, owner=to, routed_by="by_hand", snoozed_until=None)
    # A helper from outside sees the lead itself, with its contact data, only after claiming it.
    is_waiting_outside = to.role == Role.OUTSOURCED and handoff.state == HandoffState.QUEUED
    transition.update_lead(lead, now=now, owner=None if is_waiting_outside else to)
    has = open_leads_of(to)
    over = {"open": has, "limit": to.capacity} if has > to.capacity else None
    step = transition.record(handoff, "assigned", by=by, at=now, undo=before, to=str(to), over_limit=over)
    if to.pk != by.pk:
        tell_of_lead(
            lead=lead,
            people=[to],
            kind="handoff.assigned",
            key=f"assigned:{handoff.pk}:{step.pk}",
            now=now,
            params={"by": str(by)},
            url=transition.address_of(handoff),
        )


@transaction.atomic
def requeue_handoff(*, handoff: Handoff, team: Team, by: User, now: datetime) -> None:
    """Put a hand-off that nobody has contacted yet into the queue of a team."""
    lead = transition.lock(handoff)
    before = transition.image_of(handoff, lead)
    transition.swap_or_refuse(
        handoff,
        states=[HandoffState.QUEUED, HandoffState.CLAIMED],
        state=HandoffState.QUEUED,
        owner=None,
        team=team,
        claimed_at=None,
        routed_by="by_hand",
    )
    transition.update_lead(lead, now=now, owner=None, team=team)
    transition.record(handoff, "requeued", by=by, at=now, undo=before, team=str(team))
