"""The deadlines, polled: a breach, or a rung and what it does, are one transaction: none is lost and none doubled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from handoff.actions import transition
from handoff.actions.ladder import climb
from handoff.enums import OPEN_STATES
from handoff.models import Deadline
from leads.models import Lead

RUNNING = Q(met_at=None, cancelled_at=None, is_paused=False)
BATCH = 200


def sweep_deadlines(*, now: datetime) -> tuple[int, int]:
    """Write every breach and climb every rung that has come due. Returns how many breaches and how many clocks."""
    return _all_batches(_breach_batch, now), _all_batches(_climb_batch, now)


def _all_batches(batch: Callable[[datetime], int], now: datetime) -> int:
    total = 0
    while count := batch(now):
        total += count
    return total


@transaction.atomic
def _breach_batch(now: datetime) -> int:
    """Write each breach once, at the stored due time, whenever it is noticed."""
    missed = RUNNING & Q(breached_at=None, due_at__lte=now)
    due = _locked(Deadline.objects.filter(missed, handoff__state__in=OPEN_STATES).order_by("due_at", "pk"))
    for deadline in due:
        if Deadline.objects.filter(missed, pk=deadline.pk).update(breached_at=now):
            transition.record(deadline.handoff, "breached", by=None, at=deadline.due_at, promise=deadline.promise)
    return len(due)


@transaction.atomic
def _climb_batch(now: datetime) -> int:
    """Climb the rungs of up to BATCH clocks whose time has come.

    Their leads are locked first, in id order, as everybody does; those that somebody works on are left for the next
    sweep.
    """
    due = Deadline.objects.filter(RUNNING, next_rung_at__lte=now, handoff__state__in=OPEN_STATES)
    leads = sorted(set(due.order_by("next_rung_at").values_list("handoff__lead", flat=True)[:BATCH]))
    locked = Lead.objects.filter(pk__in=leads).order_by("pk").select_for_update(skip_locked=True, no_key=True)
    by_lead = {lead.pk: lead for lead in locked}
    clocks = _locked(due.filter(handoff__lead__in=by_lead).order_by("next_rung_at", "pk"))
    for deadline in clocks:
        climb(deadline, by_lead[deadline.handoff.lead_id], now)
    return len(clocks)


def _locked(deadlines: QuerySet[Deadline]) -> list[Deadline]:
    """The clocks with what their rungs need; those that another sweep holds are left to it."""
    related = deadlines.select_related(
        "handoff__lead", "handoff__owner", "handoff__team", "version", "calendar_version"
    )
    return list(related.select_for_update(skip_locked=True, of=("self",))[:BATCH])
