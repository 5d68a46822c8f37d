"""How it went on with a lead: an opportunity with its amount, won, lost, withdrawn, or back to nurture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from handoff.actions import transition
from handoff.actions.decisions import end_work
from handoff.actions.feedback import add_verdict, tell_verdict
from handoff.actions.waits import shown_waits, wake_up, wakes_on
from handoff.enums import HandoffState, OutcomeResult, Result, Verdict
from handoff.errors import AMOUNT_MISSING, RefusedError
from handoff.models import Handoff, LostReason, Outcome
from leads.actions import move_stage
from leads.enums import Stage
from leads.models import ActivityType, Lead
from scoring.actions import NEVER

CONCLUDABLE = (HandoffState.CONTACTED, HandoffState.ACCEPTED, HandoffState.CLOSED)
STAGE_AFTER = {
    Result.OPPORTUNITY: Stage.OPPORTUNITY,
    Result.WON: Stage.CUSTOMER,
    Result.LOST: Stage.NURTURE,
    Result.WITHDRAWN: Stage.NURTURE,
    Result.RECYCLED: Stage.NURTURE,
}
WITH_AN_AMOUNT = (Result.OPPORTUNITY, Result.WON)
WAITING = (Result.RECYCLED, Result.WITHDRAWN)  # these leads may wait for a day or a condition
AN_OPPORTUNITY = Q(state=HandoffState.CLOSED, result=Result.OPPORTUNITY)


@dataclass(frozen=True, kw_only=True)
class Deal:
    """What is known of a deal: the amount in minor units of its currency, when an opportunity is to be decided, the
    day on which it was, and why it was lost."""

    revenue: int | None = None
    currency: str = "JPY"
    amount_unknown: bool = False
    closes_on: date | None = None
    decided_on: date | None = None
    lost_reason: LostReason | None = None


@transaction.atomic
def record_result(
    *, handoff: Handoff, by: User, result: str, now: datetime, revenue: int | None = None, currency: str = "JPY",
    amount_unknown: bool = False, closes_on: date | None = None, decided_on: date | None = None,
    lost_reason: LostReason | None = None, wake_on: date | None = None, wake_total: int | None = None,
    wake_types: Iterable[ActivityType] = (), wake_when: dict[str, Any] | None = None, comment: str = "",
) -> None:  # fmt: skip
    """How it ended: only an opportunity can get another result later.

    A won deal has its `revenue` in minor units of `currency`, or `amount_unknown`; an opportunity may have an amount
    and the day on which it may be decided. `decided_on` is today unless it is said. A lead that is recycled or has
    withdrawn wakes on `wake_on`, at `wake_total` points, by an activity of `wake_types` or once it meets `wake_when`.
    """
    lead = transition.lock(handoff)
    deal = Deal(
        revenue=revenue, currency=currency, amount_unknown=amount_unknown, closes_on=closes_on, decided_on=decided_on,
        lost_reason=lost_reason,
    )  # fmt: skip
    wake = wake_up(total=wake_total, types=wake_types, when=wake_when, at=wakes_on(handoff, wake_on, now))
    _check_result(result, deal, waits=wake != NEVER)
    decided_at = _decided_at(handoff, decided_on, now)
    before = transition.image_of(handoff, lead)
    _conclude(handoff, result=result, wake_on=wake_on, comment=comment, now=now)
    before["episode"] = end_work(handoff, lead, wake, now)
    _move_lead(lead, Result(result), by, comment, now)
    if result in OutcomeResult.values:
        before["outcome"] = _outcome(handoff, lead, result, deal, decided_at, by, now).pk
    if lost_reason is not None:
        before["feedback"] = _say_why_lost(handoff, lost_reason, comment, by, now)
    said = _shown_deal(result, deal) | shown_waits(wake, wake_on)
    transition.record(handoff, "result", by=by, at=now, undo=before, result=result, comment=comment, **said)


def _move_lead(lead: Lead, result: Result, by: User, comment: str, now: datetime) -> None:
    """The stage that the result leads to; a lead that sales no longer works on has no owner."""
    move_stage(lead=lead, to=STAGE_AFTER[result], by=by, reason=f"result_{result}", now=now, note=comment)
    if result in (Result.LOST, *WAITING):
        transition.update_lead(lead, now=now, owner=None)


def _say_why_lost(handoff: Handoff, reason: LostReason, comment: str, by: User, now: datetime) -> int:
    """Tell marketing why the deal was lost; returns the key of the verdict."""
    verdict = add_verdict(handoff=handoff, verdict=Verdict.LOST, by=by, reason=reason, comment=comment, now=now)
    tell_verdict(verdict, now=now)
    return verdict.pk


def _outcome(
    handoff: Handoff, lead: Lead, result: str, deal: Deal, decided_at: datetime, by: User, now: datetime
) -> Outcome:
    return Outcome.objects.create(
        lead=lead, handoff=handoff, result=OutcomeResult(result), decided_at=decided_at, revenue=deal.revenue,
        currency=deal.currency, closes_on=deal.closes_on, lost_reason=deal.lost_reason, source="person", by=by,
        recorded_at=now,
    )  # fmt: skip


@transaction.atomic
def change_deal(
    *, handoff: Handoff, by: User, now: datetime, revenue: int | None, currency: str = "JPY",
    closes_on: date | None = None,
) -> None:  # fmt: skip
    """What an opportunity is worth, and when it is expected to be decided, as one knows it by now.

    Raises RefusedError once the deal is decided.
    """
    lead = transition.lock(handoff)
    _check_deal(Result.OPPORTUNITY, Deal(revenue=revenue, closes_on=closes_on))
    before = transition.image_of(handoff, lead)
    if not Handoff.objects.filter(AN_OPPORTUNITY, pk=handoff.pk).exists():
        raise RefusedError(transition.moved_on(handoff))
    # A file may have brought the stage before anybody recorded an opportunity here.
    outcome, is_new = Outcome.objects.get_or_create(
        handoff=handoff, result=OutcomeResult.OPPORTUNITY,
        defaults={"lead": lead, "decided_at": handoff.closed_at or now, "source": "person", "by": by,
                  "recorded_at": now},
    )  # fmt: skip
    if is_new:
        before["outcome"] = outcome.pk
    before["deal"] = {
        "id": outcome.pk, "revenue": outcome.revenue, "currency": outcome.currency,
        "closes_on": outcome.closes_on.isoformat() if outcome.closes_on else None,
    }  # fmt: skip
    outcome.revenue, outcome.currency, outcome.closes_on = revenue, currency, closes_on
    outcome.save(update_fields=["revenue", "currency", "closes_on"])
    deal = Deal(revenue=revenue, currency=currency, closes_on=closes_on)
    transition.record(handoff, "deal_changed", by=by, at=now, undo=before, **_shown_deal(Result.OPPORTUNITY, deal))


def _shown_deal(result: str, deal: Deal) -> dict[str, Any]:
    """What the history keeps of a deal."""
    return {
        "amount": [deal.revenue, deal.currency] if deal.revenue is not None else None,
        "closes_on": deal.closes_on.isoformat() if deal.closes_on else None,
        "decided_on": deal.decided_on.isoformat() if deal.decided_on and result != Result.OPPORTUNITY else None,
        "lost_reason": deal.lost_reason.code if deal.lost_reason else None,
    }


def _decided_at(handoff: Handoff, day: date | None, now: datetime) -> datetime:
    """The instant that a day stands for: of an earlier day the same time of day. Raises RefusedError."""
    today = timezone.localtime(now)
    if day is None or day == today.date():
        return now
    if day > today.date():
        raise RefusedError(_("The decision date can’t be in the future. Enter the day it was decided."))
    hot_on = timezone.localtime(handoff.episode.started_at).date()
    if day < hot_on:
        raise RefusedError(_("The decision date can’t be earlier than the day the lead became hot. Enter a later day."))
    return max(timezone.make_aware(datetime.combine(day, today.time())), handoff.episode.started_at)


def _check_result(result: str, deal: Deal, *, waits: bool) -> None:
    _check_deal(result, deal)
    _check_wake(result, waits=waits)


def _check_wake(result: str, *, waits: bool) -> None:
    """Only who returns to nurture, or has withdrawn, waits for something."""
    if waits and result not in WAITING:
        raise RefusedError(
            _("A follow-up date or condition is only for leads that return to nurture. Leave it empty otherwise.")
        )


def _check_deal(result: str, deal: Deal) -> None:
    """A won deal has an amount, or it is said that nobody knows it; an opportunity may have one, other results none."""
    if result == Result.WON and deal.revenue is None and not deal.amount_unknown:
        raise RefusedError(str(AMOUNT_MISSING))
    if deal.revenue is not None and (result not in WITH_AN_AMOUNT or deal.revenue < 0):
        raise RefusedError(
            _("Only opportunities and won deals have an amount, of 0 or more. Leave it empty otherwise.")
        )
    if deal.closes_on is not None and result != Result.OPPORTUNITY:
        raise RefusedError(_("Only an opportunity has an expected close date. Leave it empty for other results."))
    if deal.lost_reason is not None and result != Result.LOST:
        raise RefusedError(_("Only a lost deal has a reason for the loss. Leave it empty for other results."))


def _conclude(handoff: Handoff, *, result: str, wake_on: date | None, comment: str, now: datetime) -> None:
    undecided = ~Q(state=HandoffState.CLOSED)
    grown = AN_OPPORTUNITY & ~Q(result=result)
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
