"""What sales says about a lead: accepted, rejected with a reason, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from handoff.actions import transition
from handoff.actions.deadlines import cancel_open, keep, keep_next_step, refresh_due, run_clock
from handoff.actions.waits import refuse_what_is_met, shown_waits, wake_up, wakes_on
from handoff.audience import marketers
from handoff.enums import HandoffState, OutcomeResult, Promise, RejectEffect, Result
from handoff.errors import AMOUNT_MISSING, RefusedError
from handoff.models import Handoff, HandoffStep, Outcome, RejectReason
from leads.actions import move_stage
from leads.actions.forbidding import STATED_BY, state_fact
from leads.actions.telling import tell_of_lead
from leads.enums import Stage
from leads.models import ActivityType, Lead
from notices.enums import Channel
from scoring.actions import NEVER, end_episodes

REJECTABLE = (HandoffState.CLAIMED, HandoffState.CONTACTED)
CONCLUDABLE = (HandoffState.CONTACTED, HandoffState.ACCEPTED, HandoffState.CLOSED)
STAGE_AFTER = {
    Result.OPPORTUNITY: Stage.OPPORTUNITY,
    Result.WON: Stage.CUSTOMER,
    Result.LOST: Stage.NURTURE,
    Result.RECYCLED: Stage.NURTURE,
}
FINAL = {Result.WON: OutcomeResult.WON, Result.LOST: OutcomeResult.LOST}


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
    """Give the lead back to marketing with a coded reason, which says whether it is nurtured or disqualified.

    A lead that is nurtured wakes as one that is recycled does (`record_result`). Marketing learns it under the bell,
    without a mail each.
    """
    lead = transition.lock(handoff)
    before = transition.image_of(handoff, lead)
    transition.take_up(handoff, now)
    wake = wake_up(total=wake_total, types=wake_types, when=wake_when, at=wakes_on(handoff, wake_on, now))
    if reason.effect == RejectEffect.DISQUALIFY and wake != NEVER:
        raise RefusedError(_("A disqualified lead isn’t handed off again. Choose another reason, or no follow-up."))
    transition.swap_or_refuse(
        handoff, states=REJECTABLE, state=HandoffState.REJECTED, reject_reason=reason, comment=comment,
        decided_at=now, closed_at=now, wake_on=wake_on,
    )  # fmt: skip
    _settle_promises(handoff, now)
    before["episode"] = end_episodes(leads=[lead], model=handoff.model, now=now, wake=wake).get(lead.pk)
    refuse_what_is_met(handoff, wake, now)
    stage = Stage.DISQUALIFIED if reason.effect == RejectEffect.DISQUALIFY else Stage.NURTURE
    move_stage(lead=lead, to=stage, by=by, reason="rejected", now=now, note=comment)
    if fact := STATED_BY.get(reason.code):
        before["fact"] = "" if fact in lead.forbidding else fact.value
        state_fact(lead=lead, fact=fact, by=by)
    transition.update_lead(lead, now=now, owner=None)
    step = transition.record(
        handoff, "rejected", by=by, at=now, undo=before, reason=reason.code, comment=comment,
        **shown_waits(wake, wake_on),
    )  # fmt: skip
    _tell_rejected(handoff, lead, reason, step, now)


def _tell_rejected(handoff: Handoff, lead: Lead, reason: RejectReason, step: HandoffStep, now: datetime) -> None:
    tell_of_lead(
        lead=lead, people=marketers(), kind="handoff.rejected", key=f"rejected:{handoff.pk}:{step.pk}", now=now,
        params={"by": str(step.by), "reason_en": reason.label_en, "reason_ja": reason.label_ja},
        url=transition.address_of(handoff), channels=[Channel.IN_APP],
    )  # fmt: skip


@transaction.atomic
def record_result(
    *, handoff: Handoff, by: User, result: str, now: datetime, revenue: int | None = None, currency: str = "JPY",
    amount_unknown: bool = False, wake_on: date | None = None, wake_total: int | None = None,
    wake_types: Iterable[ActivityType] = (), wake_when: dict[str, Any] | None = None, comment: str = "",
) -> None:  # fmt: skip
    """How it ended: only an opportunity can get another result later.

    A won deal has its `revenue` in minor units of `currency`, or `amount_unknown`. A recycled lead wakes on `wake_on`,
    at `wake_total` whole points, by an activity of `wake_types` or once it meets `wake_when`.
    """
    lead = transition.lock(handoff)
    _check_amount(result, revenue, is_unknown=amount_unknown)
    wake = wake_up(total=wake_total, types=wake_types, when=wake_when, at=wakes_on(handoff, wake_on, now))
    _check_wake(result, waits=wake != NEVER)
    before = transition.image_of(handoff, lead)
    _conclude(handoff, result=result, wake_on=wake_on, comment=comment, now=now)
    _settle_promises(handoff, now)
    before["episode"] = end_episodes(leads=[lead], model=handoff.model, now=now, wake=wake).get(lead.pk)
    refuse_what_is_met(handoff, wake, now)
    move_stage(lead=lead, to=STAGE_AFTER[Result(result)], by=by, reason=f"result_{result}", now=now, note=comment)
    if result in (Result.LOST, Result.RECYCLED):
        transition.update_lead(lead, now=now, owner=None)
    if result in FINAL:
        before["outcome"] = Outcome.objects.create(
            lead=lead, handoff=handoff, result=FINAL[Result(result)], decided_at=now, revenue=revenue,
            currency=currency, source="person", by=by, recorded_at=now,
        ).pk  # fmt: skip
    transition.record(
        handoff, "result", by=by, at=now, undo=before, result=result, comment=comment, **shown_waits(wake, wake_on)
    )


def _check_wake(result: str, *, waits: bool) -> None:
    """Only who returns to nurture waits for something."""
    if waits and result != Result.RECYCLED:
        raise RefusedError(
            _("A follow-up date or condition is only for leads that return to nurture. Leave it empty otherwise.")
        )


def _check_amount(result: str, revenue: int | None, *, is_unknown: bool) -> None:
    """A won deal has an amount, or it is said that nobody knows it; no other result has one."""
    if result == Result.WON and revenue is None and not is_unknown:
        raise RefusedError(str(AMOUNT_MISSING))
    if revenue is not None and (result != Result.WON or revenue < 0):
        raise RefusedError(_("Only won deals have an amount, of 0 or more. Leave it empty for other results."))


def _conclude(handoff: Handoff, *, result: str, wake_on: date | None, comment: str, now: datetime) -> None:
    undecided = ~Q(state=HandoffState.CLOSED)
    grown = Q(state=HandoffState.CLOSED, result=Result.OPPORTUNITY) & ~Q(result=result)
    transition.swap_or_refuse(
        handoff,
        states=CONCLUDABLE,
        when=undecided | grown,
        state=HandoffState.CLOSED,
        result=result,
        wake_on=wake_on,
        comment=comment,
        decided_at=handoff.decided_at or now,
        closed_at=now,
    )


def _settle_promises(handoff: Handoff, now: datetime) -> None:
    """The result is recorded, whichever it is; a contact that is no longer needed is no longer owed."""
    keep(handoff, Promise.RESULT, now)
    cancel_open(handoff, now)
    refresh_due(handoff)
