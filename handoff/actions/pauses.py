"""Waiting for the customer: the deadlines after the first contact stand still, and run on when the wait is over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from handoff.actions import transition
from handoff.actions.deadlines import PAUSABLE, count_anew, refresh_due
from handoff.calendars import clock_of_version
from handoff.enums import OPEN_STATES, HandoffState
from handoff.errors import RefusedError
from handoff.models import Deadline, Handoff, Pause
from handoff.queries.pauses import pauses_of
from handoff.queries.rows import WAITING_STATES
from leads.actions.telling import tell_of_lead


@transaction.atomic
def pause_handoff(*, handoff: Handoff, by: User, until: datetime, now: datetime, note: str = "") -> None:
    """Stop the deadlines of a lead that was contacted, until the customer answers or `until` comes.

    What was missed already stays missed. Raises RefusedError.
    """
    if until <= now:
        raise RefusedError(_("Choose a time in the future."))
    lead = transition.lock(handoff)
    if handoff.paused_until is not None:
        raise RefusedError(_("The deadlines are already paused. Resume them first."))
    before = transition.image_of(handoff, lead)
    if not _running(handoff).exists():
        raise RefusedError(_("No deadline is running that could be paused. First contact can’t be paused."))
    pause = Pause.objects.create(handoff=handoff, started_at=now, until=until, note=note, by=by)
    transition.swap_or_refuse(handoff, states=WAITING_STATES, paused_until=until)
    _count_anew(handoff, now, is_paused=True)
    before["pause"] = pause.pk
    transition.record(handoff, "paused", by=by, at=now, undo=before, until_at=until.isoformat())


@transaction.atomic
def resume_handoff(*, handoff: Handoff, by: User | None, now: datetime) -> None:
    """Let the deadlines of a paused lead run on. Raises RefusedError where they do."""
    lead = transition.lock(handoff)
    before = transition.image_of(handoff, lead)
    ended = end_pause(handoff, now)
    if ended is None:
        raise RefusedError(_("The deadlines aren’t paused. Reload the page to see them as they are."))
    before["resumed"] = ended.pk
    transition.record(handoff, "resumed", by=by, at=now, undo=before)


def end_pause(handoff: Handoff, at: datetime) -> Pause | None:
    """End the open pause of a locked hand-off at `at` and count its deadlines anew; None where there was none."""
    pause = Pause.objects.filter(handoff=handoff, ended_at=None).first()
    if pause is None:
        return None
    pause.ended_at = at
    pause.save()
    transition.swap(handoff, states=HandoffState.values, paused_until=None)
    _count_anew(handoff, at, is_paused=False)
    return pause


def end_pauses(*, now: datetime) -> int:
    """End the pauses whose time has come, each at its own; whoever has the lead is told. Returns how many."""
    due = Pause.objects.filter(ended_at=None, until__lte=now).order_by("until", "pk")
    return sum(_end_in_time(pause, now) for pause in due.select_related("handoff__lead", "handoff__owner"))


@transaction.atomic
def _end_in_time(pause: Pause, now: datetime) -> bool:
    handoff = pause.handoff
    lead = transition.lock(handoff)
    if end_pause(handoff, pause.until) is None:
        return False
    if handoff.state in OPEN_STATES:
        transition.record(handoff, "resumed", by=None, at=pause.until)
        tell_of_lead(
            lead=lead, people=[handoff.owner] if handoff.owner else [], kind="handoff.resumed",
            key=f"resumed:{pause.pk}", now=now, url=transition.address_of(handoff),
            params={"due_at": handoff.due_at.isoformat()} if handoff.due_at else {},
        )  # fmt: skip
    return True


def _running(handoff: Handoff) -> QuerySet[Deadline]:
    """The clocks that a pause stops."""
    return Deadline.objects.filter(
        handoff=handoff, promise__in=PAUSABLE, met_at=None, breached_at=None, cancelled_at=None
    ).select_related("version", "calendar_version")


def _count_anew(handoff: Handoff, at: datetime, *, is_paused: bool) -> None:
    """Give the running clocks the times that the pauses leave them. One that its pause did not reach in time keeps its
    due time, and is then missed."""
    pauses = pauses_of([handoff])[handoff.pk]
    for deadline in _running(handoff):
        count_anew(deadline, clock_of_version(deadline.calendar_version), at, pauses)
        deadline.is_paused = is_paused
        deadline.save(update_fields=["due_at", "warn_at", "next_rung_at", "is_paused"])
    refresh_due(handoff)
