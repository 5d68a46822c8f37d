"""What every step of a hand-off has in common: lock, compare-and-swap, record with a before-image."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from handoff.access import is_given
from handoff.actions.automatic_todos import end_todos_of
from handoff.enums import HandoffState
from handoff.errors import RefusedError
from handoff.live import tell_changes
from handoff.models import Deadline, Handoff, HandoffStep
from leads.enums import Stage
from leads.models import Lead

HANDOFF_IMAGE = (
    "owner_id", "team_id", "state", "routed_by", "due_at", "claimed_at", "contacted_at", "decided_at", "closed_at",
    "snoozed_until", "snoozed_at", "snooze_total", "snooze_types", "snooze_when", "retry_at", "raised_at",
    "paused_until",
    "reject_reason_id", "result", "wake_on", "comment",
)  # fmt: skip
LEAD_IMAGE = ("owner_id", "team_id", "stage")
DEADLINE_IMAGE = (
    "id", "started_at", "warn_at", "due_at", "next_rung_at", "breached_at", "met_at", "cancelled_at", "is_paused",
    "is_by_hand",
)  # fmt: skip


def lock(handoff: Handoff) -> Lead:
    """Take the lead's row first, as everybody does, then look at the hand-off as it is now. Within a transaction."""
    lead = Lead.objects.select_for_update(no_key=True).get(pk=handoff.lead_id)
    handoff.refresh_from_db()
    return lead


def swap(handoff: Handoff, *, states: Collection[str], when: Q | None = None, **changes: Any) -> bool:
    """Change the hand-off if it is still in one of `states`; whether it was. The object follows the row."""
    if not Handoff.objects.filter(when or Q(), pk=handoff.pk, state__in=states).update(**changes):
        return False
    for name, value in changes.items():
        setattr(handoff, name, value)
    return True


def take_up(handoff: Handoff, now: datetime) -> None:
    """The first step with a lead that one was given is its claim."""
    if is_given(handoff):
        swap(handoff, states=[HandoffState.QUEUED], state=HandoffState.CLAIMED, claimed_at=now)


def swap_or_refuse(handoff: Handoff, *, states: Collection[str], when: Q | None = None, **changes: Any) -> None:
    """As `swap`, but raises RefusedError where the hand-off is in none of `states` any more."""
    if not swap(handoff, states=states, when=when, **changes):
        raise RefusedError(moved_on(handoff))


def moved_on(handoff: Handoff) -> str:
    """Why a step is too late, with what the hand-off is now."""
    return _("You can’t do this anymore: the hand-off is now “%(state)s”.") % {"state": handoff.get_state_display()}


def image_of(handoff: Handoff, lead: Lead) -> dict[str, Any]:
    """Everything a step can change, as it was before the step; undo writes it back."""
    deadlines = Deadline.objects.filter(handoff=handoff).values(*DEADLINE_IMAGE)
    return {
        "handoff": _plain({name: getattr(handoff, name) for name in HANDOFF_IMAGE}),
        "lead": {name: getattr(lead, name) for name in LEAD_IMAGE},
        "deadlines": [_plain(row) for row in deadlines],
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def record(
    handoff: Handoff, kind: str, *, by: User | None, at: datetime, undo: dict[str, Any] | None = None, **params: Any
) -> HandoffStep:
    """Add a step to the history; with a before-image in `undo` the step can be taken back. Open pages hear of it.

    Where the step ended the hand-off, what the product made to do for it ends, too.
    """
    end_todos_of(handoff, at)
    shown = {name: value for name, value in params.items() if value not in ("", None)}
    tell_changes([handoff], before=undo["handoff"] if undo else None)
    return HandoffStep.objects.create(
        handoff=handoff, kind=kind, by=by, at=at, params=shown | ({"undo": undo} if undo else {})
    )


def update_lead(lead: Lead, *, now: datetime, **changes: Any) -> None:
    """Write columns of a locked lead, and its time of change. The object follows the row."""
    Lead.objects.filter(pk=lead.pk).update(updated_at=now, **changes)
    for name, value in changes.items():
        setattr(lead, name, value)


def address_of(handoff: Handoff) -> str:
    """Where a notice leads: the hand-off's own page, which outlives a merge of its lead."""
    return reverse("handoff:detail", args=[handoff.pk])


UNQUALIFIED = (Stage.INQUIRY, Stage.NURTURE)
