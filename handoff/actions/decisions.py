"""What sales says about a lead: accepted, or rejected with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from handoff.actions import transition
from handoff.actions.deadlines import cancel_open, keep, keep_next_step, refresh_due, run_clock
from handoff.actions.feedback import add_verdict
from handoff.actions.reject_effects import ENDS, back_to_queue, fact_stated, stage_after
from handoff.actions.waits import refuse_what_is_met, shown_waits, wake_up, wakes_on
from handoff.audience import marketers
from handoff.enums import HandoffState, Promise, RejectEffect, Verdict
from handoff.errors import RefusedError
from handoff.models import Handoff, HandoffStep, RejectReason
from leads.actions import move_stage
from leads.actions.forbidding import state_fact
from leads.actions.telling import tell_of_lead
from leads.enums import Stage
from leads.models import ActivityType, Lead
from notices.enums import Channel
from scoring.actions import NEVER, WakeUp, end_episodes

REJECTABLE = (HandoffState.CLAIMED, HandoffState.CONTACTED)


@transaction.atomic
def accept_handoff(*, handoff: Handoff, by: User, now: datetime) -> None:
    """Sales takes the lead as its own: the stage becomes SQL. The result is still owed."""
    lead = transition.lock(handoff)
    before = transition.image_of(handoff, lead)
    transition.swap_or_refuse(handoff, states=[HandoffState.CONTACTED], state=HandoffState.ACCEPTED, decided_at=now)
    if lead.stage in (*transition.UNQUALIFIED, Stage.MQL):
        move_stage(lead=lead, to=Stage.SQL, by=by, reason="accepted", now=now)
    run_clock(handoff, Promise.NEXT_STEP, now)
    if lead.todos.filter(done_at=None).exists():
        keep_next_step(lead, now)
    refresh_due(handoff)
    transition.record(handoff, "accepted", by=by, at=now, undo=before)


@transaction.atomic
def reject_handoff(
    *, handoff: Handoff, by: User, reason: RejectReason, now: datetime, comment: str = "", wake_on: date | None = None,
    wake_total: int | None = None, wake_types: Iterable[ActivityType] = (), wake_when: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Give the lead back to marketing with a coded reason, which says what becomes of it.

    A lead that is nurtured wakes as one that is recycled does (`record_result`). Marketing learns it under the bell,
    without a mail each.
    """
    if reason.effect == RejectEffect.QUEUE:
        back_to_queue(handoff=handoff, by=by, reason=reason, comment=comment, now=now)
        return
    lead = transition.lock(handoff)
    before = transition.image_of(handoff, lead)
    transition.take_up(handoff, now)
    wake = wake_up(total=wake_total, types=wake_types, when=wake_when, at=wakes_on(handoff, wake_on, now))
    _check_wake(reason, wake)
    transition.swap_or_refuse(
        handoff, states=REJECTABLE, state=HandoffState.REJECTED, reject_reason=reason, comment=comment,
        decided_at=now, closed_at=now, wake_on=wake_on,
    )  # fmt: skip
    before["episode"] = end_work(handoff, lead, wake, now)
    move_stage(lead=lead, to=stage_after(reason, lead), by=by, reason="rejected", now=now, note=comment)
    _state_fact(lead, reason, by, before)
    transition.update_lead(lead, now=now, owner=None)
    _record_rejection(handoff, lead, by, comment, before, shown_waits(wake, wake_on), now)


def _record_rejection(
    handoff: Handoff, lead: Lead, by: User, comment: str, before: dict[str, Any], waits: dict[str, Any], now: datetime
) -> None:
    """What sales says of the lead, as marketing learns from it, and the step of the history."""
    reason = handoff.reject_reason
    assert reason is not None
    before["feedback"] = add_verdict(
        handoff=handoff, verdict=Verdict.REJECTED, by=by, reason=reason, comment=comment, now=now
    ).pk
    step = transition.record(
        handoff, "rejected", by=by, at=now, undo=before, reason=reason.code, comment=comment, **waits
    )
    _tell_rejected(handoff, lead, reason, step, now)


def _check_wake(reason: RejectReason, wake: WakeUp) -> None:
    if reason.effect in ENDS and wake != NEVER:
        raise RefusedError(_("A disqualified lead isn’t handed off again. Choose another reason, or no follow-up."))


def _state_fact(lead: Lead, reason: RejectReason, by: User, before: dict[str, Any]) -> None:
    """Some reasons say that the lead must not be contacted; `before` keeps what is to be lifted again."""
    if fact := fact_stated(reason):
        before["fact"] = "" if fact in lead.forbidding else fact.value
        state_fact(lead=lead, fact=fact, by=by)


def _tell_rejected(handoff: Handoff, lead: Lead, reason: RejectReason, step: HandoffStep, now: datetime) -> None:
    tell_of_lead(
        lead=lead, people=marketers(), kind="handoff.rejected", key=f"rejected:{handoff.pk}:{step.pk}", now=now,
        params={"by": str(step.by), "reason_en": reason.label_en, "reason_ja": reason.label_ja},
        url=transition.address_of(handoff), channels=[Channel.IN_APP],
    )  # fmt: skip


def end_work(handoff: Handoff, lead: Lead, wake: WakeUp, now: datetime) -> Any:
    """Sales is done with the lead: its promises are settled, its episode ends, and it waits for `wake`.

    Returns the episode as it was, for undo. Raises RefusedError where what it is to wait for has happened already.
    """
    settle_promises(handoff, now)
    episode = end_episodes(leads=[lead], model=handoff.model, now=now, wake=wake).get(lead.pk)
    refuse_what_is_met(handoff, wake, now)
    return episode


def settle_promises(handoff: Handoff, now: datetime) -> None:
    """The result is recorded, whichever it is; a contact that is no longer needed is no longer owed."""
    keep(handoff, Promise.RESULT, now)
    cancel_open(handoff, now)
    refresh_due(handoff)
