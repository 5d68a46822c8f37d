"""Who is held back from sales, why, and what is missing: the list of a person's leads, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from handoff.enums import HeldFor
from handoff.models import HeldBack
from handoff.queries.missing import MissingGate, missing_gates
from leads.access import visible_leads
from leads.models import Lead
from scoring.models import LeadScore
from web.paging import Order

NEWEST = Order(name="since", keys=("-since", "-pk"))
COUNTED = 100


@dataclass(frozen=True, kw_only=True)
class HeldLead:
    """One row: the lead, its score, and for what it waits."""

    held: HeldBack
    score: LeadScore | None
    missing: list[MissingGate]

    @property
    def lead(self) -> Lead:
        return self.held.lead

    @property
    def is_settling(self) -> bool:
        """Whether nothing is missing any more, so that it is handed over with the next look at it."""
        return not self.missing and not self.waits_for_call

    @property
    def waits_for_call(self) -> bool:
        return self.held.held_for == HeldFor.CONFIRM


def held_back(user: User, *, gate: str = "", kind: str = "") -> QuerySet[HeldBack]:
    """Those whose leads `user` sees; of one gate by its name, or of one kind."""
    rows = HeldBack.objects.filter(ended_at=None, lead__in=visible_leads(user).values("pk"))
    if gate:
        rows = rows.filter(gates__contains=[gate])
    if kind in HeldFor.values:
        rows = rows.filter(held_for=kind)
    return rows.order_by(*NEWEST.expressions())


def count_held_back(user: User) -> int:
    """How many there are, up to COUNTED."""
    return len(held_back(user).order_by().values_list("pk", flat=True)[:COUNTED])


def gates_that_hold(user: User) -> list[tuple[str, int]]:
    """The gates by which leads of this person's are held back, with how many each, the most first."""
    counted: dict[str, int] = {}
    for names in held_back(user).values_list("gates", flat=True):
        for name in names:
            counted[name] = counted.get(name, 0) + 1
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def rows_of(held: Sequence[HeldBack], user: User, now: datetime) -> list[HeldLead]:
    """The rows of those that were read with their lead, model and to-do."""
    asked = [(row.lead, row.model, row.gates) for row in held if row.gates]
    missing = missing_gates(asked, user, now)
    scores = LeadScore.objects.filter(lead__in=[row.lead_id for row in held])
    by_pair = {(score.lead_id, score.model_id): score for score in scores}
    return [
        HeldLead(
            held=row, score=by_pair.get((row.lead_id, row.model_id)),
            missing=missing.get((row.lead_id, row.model_id), []),
        )
        for row in held
    ]  # fmt: skip


def held_of(lead: Lead, user: User, now: datetime) -> HeldLead | None:
    """Why a lead that `user` sees is held back; None where it is not."""
    row = HeldBack.objects.filter(lead=lead, ended_at=None).select_related("lead", "model", "todo__owner").first()
    return rows_of([row], user, now)[0] if row else None
