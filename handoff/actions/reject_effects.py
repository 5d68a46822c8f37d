"""What the reason of a rejection does to the lead, as the policy says: RejectReason.effect is what is in force."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from handoff.actions import transition
from handoff.actions.rerouting import route_again
from handoff.enums import HandoffState, RejectEffect
from handoff.models import Handoff, RejectReason
from leads.actions.forbidding import STATED_BY
from leads.enums import ForbiddingFact, Stage
from leads.models import Lead

ENDS = (RejectEffect.DISQUALIFY, RejectEffect.FORBID)
"""Effects after which a lead isn't handed over again, so that it waits for nothing."""


def stage_after(reason: RejectReason, lead: Lead) -> Stage:
    """Where the lead stands after its rejection."""
    if reason.effect in ENDS:
        return Stage.DISQUALIFIED
    return Stage(lead.stage) if reason.effect == RejectEffect.REST else Stage.NURTURE


def fact_stated(reason: RejectReason) -> ForbiddingFact | None:
    """What a rejection says for good about contacting the lead."""
    stated = STATED_BY.get(reason.code)
    return stated or (ForbiddingFact.REFUSED if reason.effect == RejectEffect.FORBID else None)


def back_to_queue(*, handoff: Handoff, by: User, reason: RejectReason, comment: str, now: datetime) -> None:
    """Have somebody else work on the lead: the hand-off stays open, its clocks run on. The lead is locked."""
    lead = transition.lock(handoff)
    before = transition.image_of(handoff, lead)
    transition.take_up(handoff, now)
    transition.swap_or_refuse(
        handoff, states=[HandoffState.CLAIMED, HandoffState.CONTACTED], owner=None, state=HandoffState.QUEUED,
        claimed_at=None,
    )  # fmt: skip
    transition.update_lead(lead, now=now, owner=None)
    transition.record(
        handoff, "returned_rejected", by=by, at=now, undo=before, reason=reason.code, comment=comment
    )  # fmt: skip
    route_again(handoff, lead, now)
