"""A due time that a manager sets, with a reason: it stays, whatever calendar, pauses and SLA say afterwards."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from handoff.actions import transition
from handoff.actions.deadlines import refresh_due
from handoff.calendars import clock_of_version
from handoff.errors import RefusedError
from handoff.models import Deadline, Handoff
from handoff.policy.sla import USUAL_WARNING
from handoff.promises import next_rung_at, warn_at
from handoff.queries.sla_terms import terms_of_deadline


@transaction.atomic
def set_due(*, handoff: Handoff, promise: str, due_at: datetime, reason: str, by: User, now: datetime) -> None:
    """Make a running deadline due at `due_at`, which lies ahead. Raises RefusedError."""
    if due_at <= now:
        raise RefusedError(_("Choose a time in the future."))
    lead = transition.lock(handoff)
    before = transition.image_of(handoff, lead)
    running = Deadline.objects.filter(
        handoff=handoff, promise=promise, met_at=None, breached_at=None, cancelled_at=None
    )
    deadline = running.select_related("version", "calendar_version").first()
    if deadline is None:
        raise RefusedError(_("This deadline is no longer running. Reload the page to see what is due."))
    params = {"promise": promise, "due_before": deadline.due_at.isoformat(), "due_after": due_at.isoformat()}
    clock, terms = clock_of_version(deadline.calendar_version), terms_of_deadline(deadline)
    percent = terms.warn_percent if terms else USUAL_WARNING
    deadline.due_at, deadline.is_by_hand = due_at, True
    deadline.warn_at = warn_at(clock=clock, mode=deadline.mode, start=deadline.started_at, due=due_at, percent=percent)
    deadline.next_rung_at = (
        next_rung_at(clock=clock, terms=terms, start=deadline.started_at, due=due_at, after=now) if terms else None
    )
    deadline.save(update_fields=["due_at", "warn_at", "next_rung_at", "is_by_hand"])
    refresh_due(handoff)
    transition.record(handoff, "due_set", by=by, at=now, undo=before, comment=reason, **params)
