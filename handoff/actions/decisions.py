"""What sales says about a lead: accepted, rejected with a reason, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from handoff.actions import transition
from handoff.actions.deadlines import cancel_open, keep, refresh_due
from handoff.audience import marketers
from handoff.calendars import wake_instant
from handoff.enums import HandoffState, OutcomeResult, Promise, RejectEffect, Result
from handoff.errors import AMOUNT_MISSING, RefusedError
from handoff.models import Handoff, Outcome, RejectReason
from leads.actions import move_stage
from leads.actions.forbidding import STATED_BY, state_fact
from leads.actions.telling import tell_of_lead
from leads.enums import Stage
from leads.models import ActivityType
from notices.enums import Channel
from scoring.actions import WakeUp, end_episodes
from scoring.models import LeadScore

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
    transition.record(handoff, "accepted", by=by, at=now, undo=before)


@transaction.atomic
def reject_handoff(*, handoff: Handoff, by: User, reason: RejectReason, now: datetime, comment: str = "") -> None:
    """Give the lead back to marketing with a coded reason, which says whether it is nurtured or disqualified.

    Marketing learns it under the bell, without a mail each.
    """
    lead = transition.lock(handoff)
    before = transition.image_of(handoff, lead)
    transition.take_up(handoff, now)
    transition.swap_or_refuse(
        handoff, states=REJECTABLE, state=HandoffState.REJECTED, reject_reason=reason, comment=comment,
        decided_at=now, closed_at=now,
    )  # fmt: skip
    _settle_promises(handoff, now)
    before["episode"] = end_episodes(leads=[lead], model=handoff.model, now=now).get(lead.pk)
    stage = Stage.DISQUALIFIED if reason.effect == RejectEffect.DISQUALIFY else Stage.NURTURE
    move_stage(lead=lead, to=stage, by=by, reason="rejected", now=now, note=comment)
    if fact := STATED_BY.get(reason.code):
        before["fact"] = "" if fact in lead.forbidding else fact.value
        state_fact(lead=lead, fact=fact, by=by)
    transition.update_lead(lead, now=now, owner=None)
    step = transition.record(handoff, "rejected", by=by, at=now, undo=before, reason=reason.code, comment=comment)
    tell_of_lead(
        lead=lead, people=marketers(), kind="handoff.rejected", key=f"rejected:{handoff.pk}:{step.pk}", now=now,
        params={"by": str(by), "reason_en": reason.label_en, "reason_ja": reason.label_ja},
        url=transition.address_of(handoff), channels=[Channel.IN_APP],
    )  # fmt: skip


@transaction.atomic
def record_result(
    *, handoff: Handoff, by: User, result: str, now: datetime, revenue: int | None = None, currency: str = "JPY",
    amount_unknown: bool = False, wake_on: date | None = None, wake_total: int | None = None,
    wake_types: Iterable[ActivityType] = (), comment: str = "",
) -> None:  # fmt: skip
    """How it ended: only an opportunity can get another result later.

    A won deal has its `revenue` in minor units of `currency`, or `amount_unknown`. A recycled lead wakes on `wake_on`,
    at `wake_total` whole points or by an activity of `wake_types`.
    """
    lead = transition.lock(handoff)
    _check_amount(result, revenue, is_unknown=amount_unknown)
    types = tuple(kind.pk for kind in wake_types)
    _check_result(result, now, wake_on=wake_on, waits=wake_total is not None or bool(types))
    before = transition.image_of(handoff, lead)
    _conclude(handoff, result=result, wake_on=wake_on, comment=comment, now=now)
    _settle_promises(handoff, now)
    at = wake_instant(handoff.team, wake_on) if wake_on else None
    wake = WakeUp(at=at, total=None if wake_total is None else wake_total * 100, types=types)
    before["episode"] = end_episodes(leads=[lead], model=handoff.model, now=now, wake=wake).get(lead.pk)
    _check_total(handoff, wake)
    move_stage(lead=lead, to=STAGE_AFTER[Result(result)], by=by, reason=f"result_{result}", now=now, note=comment)
    if result in (Result.LOST, Result.RECYCLED):
        transition.update_lead(lead, now=now, owner=None)
    if result in FINAL:
        before["outcome"] = Outcome.objects.create(
            lead=lead, handoff=handoff, result=FINAL[Result(result)], decided_at=now, revenue=revenue,
            currency=currency, source="person", by=by, recorded_at=now,
        ).pk  # fmt: skip
    transition.record(handoff, "result", by=by, at=now, undo=before, result=result, comment=comment)


def _check_total(handoff: Handoff, wake: WakeUp) -> None:
    """A total that the lead has already is nothing to wait for."""
    score = LeadScore.objects.filter(lead=handoff.lead_id, model=handoff.model_id).first()
    if wake.total is not None and score is not None and score.total >= wake.total:
        words = _("The lead already has %(points)s points. Enter a higher total.")
        raise RefusedError(words % {"points": score.total // 100})


def _check_amount(result: str, revenue: int | None, *, is_unknown: bool) -> None:
    """A won deal has an amount, or it is said that nobody knows it; no other result has one."""
    if result == Result.WON and revenue is None and not is_unknown:
        raise RefusedError(str(AMOUNT_MISSING))
    if revenue is not None and (result != Result.WON or revenue < 0):
        raise RefusedError(_("Only won deals have an amount, of 0 or more. Leave it empty for other results."))


def _check_result(result: str, now: datetime, *, wake_on: date | None, waits: bool) -> None:
    if (wake_on is not None or waits) and result != Result.RECYCLED:
        raise RefusedError(
            _("A follow-up date or condition is only for leads that return to nurture. Leave it empty otherwise.")
        )
    if wake_on is not None and wake_on <= now.date():
        raise RefusedError(_("The follow-up date must be in the future. Choose tomorrow or later."))


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
