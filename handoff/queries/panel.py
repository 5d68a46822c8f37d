"""One hand-off in full: its promises, contacts and history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, QuerySet, Value, When

from accounts.models import User
from handoff.access import visible_handoffs
from handoff.enums import OPEN_STATES
from handoff.models import Contact, Handoff, HandoffStep, Outcome
from handoff.queries.rows import RELATED, Row, outcomes_of, row_of
from handoff.queries.steps import undoable_step
from handoff.routing import PUT_ASIDE, SKIPPED


@dataclass(frozen=True, kw_only=True)
class EndedHandoff:
    """An earlier hand-off, with its result where one is recorded."""

    handoff: Handoff
    outcome: Outcome | None


@dataclass(frozen=True, kw_only=True)
class Panel:
    row: Row
    contacts: list[Contact]
    steps: list[HandoffStep]
    can_undo: bool
    earlier: list[EndedHandoff]


def panel_of(handoff: Handoff, user: User, now: datetime) -> Panel:
    """Everything the panel of a hand-off shows this person."""
    return Panel(
        row=row_of(handoff, user, now),
        contacts=list(handoff.contacts.select_related("by")),
        steps=list(handoff.steps.select_related("by")),
        can_undo=undoable_step(handoff, user, now) is not None,
        earlier=with_outcomes(worked_handoffs(user, handoff.lead_id).exclude(pk=handoff.pk)[:5]),
    )


def worked_handoffs(user: User, lead_id: int) -> QuerySet[Handoff]:
    """The hand-offs of a lead that this person sees, the open one and then the latest first.

    Those that nobody had to work on are left out.
    """
    handoffs = visible_handoffs(user).filter(lead_id=lead_id).exclude(routed_by__in=SKIPPED)
    return handoffs.select_related(*RELATED).order_by(
        Case(When(state__in=OPEN_STATES, then=Value(0)), default=Value(1)), "-queued_at", "-pk"
    )


def put_aside(lead_id: int) -> Handoff | None:
    """The decision of the matrix by which a lead is not with sales, if that is the last thing that was decided."""
    last = Handoff.objects.filter(lead=lead_id).select_related("episode").order_by("-queued_at", "-pk").first()
    return last if last is not None and last.routed_by in PUT_ASIDE else None


def latest_handoff(user: User, lead_id: int) -> Handoff | None:
    return worked_handoffs(user, lead_id).first()


def with_outcomes(handoffs: Iterable[Handoff]) -> list[EndedHandoff]:
    handoffs = list(handoffs)
    outcomes = outcomes_of(handoffs)
    return [EndedHandoff(handoff=handoff, outcome=outcomes.get(handoff.pk)) for handoff in handoffs]
