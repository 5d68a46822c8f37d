"""Results that another system tells of: a file, or a call of the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from handoff.actions.feedback import add_verdict
from handoff.enums import OutcomeResult, Verdict
from handoff.models import Handoff, LostReason, Outcome
from leads.actions import move_stage
from leads.enums import Stage
from leads.models import Lead

GROWN = (
    (OutcomeResult.WON, Stage.CUSTOMER, [Stage.CUSTOMER]),
    (OutcomeResult.OPPORTUNITY, Stage.OPPORTUNITY, [Stage.CUSTOMER, Stage.OPPORTUNITY]),
)
"""To which stage a result moves a lead, and the stages in which it is as far already."""

ResultKey = tuple[int, datetime, str]
"""Lead, instant of the decision, result: what tells the same key is the same result."""


@dataclass(frozen=True, kw_only=True)
class ToldResult:
    """One result of a lead; `revenue` is in minor units of `currency`, `lost_reason` the key of one."""

    lead: int
    result: str
    decided_at: datetime
    revenue: int | None = None
    currency: str = "JPY"
    closes_on: date | None = None
    lost_reason: int | None = None

    @property
    def key(self) -> ResultKey:
        return self.lead, self.decided_at, self.result

    def changes_of(self, known: Outcome) -> dict[str, object]:
        """What it says otherwise of an opportunity that is known; of what is decided nothing changes any more."""
        if known.result != OutcomeResult.OPPORTUNITY:
            return {}
        told: dict[str, object] = {} if self.revenue is None else {"revenue": self.revenue, "currency": self.currency}
        if self.closes_on is not None:
            told["closes_on"] = self.closes_on
        return {name: value for name, value in told.items() if getattr(known, name) != value}


def store_results(results: Sequence[ToldResult], *, source: str, by: User | None, now: datetime) -> None:
    """Write results that are new, move the leads that grew to their stage, and keep why deals were lost for marketing.

    Within a transaction.
    """
    outcomes = [
        Outcome(
            lead_id=told.lead, result=told.result, decided_at=told.decided_at, revenue=told.revenue,
            currency=told.currency, closes_on=told.closes_on, lost_reason_id=told.lost_reason, source=source, by=by,
            recorded_at=now,
        )
        for told in results
    ]  # fmt: skip
    Outcome.objects.bulk_create(outcomes, ignore_conflicts=True)
    for result, stage, passed in GROWN:
        grown = {told.lead for told in results if told.result == result}
        for lead in Lead.objects.filter(pk__in=grown).exclude(stage__in=passed).order_by("pk"):
            move_stage(lead=lead, to=stage, by=by, reason="imported", now=now)
    for told in results:
        _keep_loss(told, by, now)


def _keep_loss(told: ToldResult, by: User | None, now: datetime) -> None:
    """The reason of a loss speaks of the rules that had called the lead hot."""
    if told.lost_reason is None or told.result != OutcomeResult.LOST:
        return
    before = Handoff.objects.filter(lead=told.lead, queued_at__lte=told.decided_at)
    handoff = before.select_related("episode").order_by("-queued_at").first()
    if handoff is not None and not handoff.feedback.filter(verdict=Verdict.LOST).exists():
        reason = LostReason.objects.get(pk=told.lost_reason)
        add_verdict(handoff=handoff, verdict=Verdict.LOST, by=by, reason=reason, now=now)
