"""The clocks of a hand-off: started, kept, moved, cancelled. The hand-off carries the one that is due next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handoff.actions.calendar_versions import version_of
from handoff.calendars import calendar_of_team, clock_of
from handoff.clock import BusinessClock
from handoff.clock import Pause as Stretch
from handoff.enums import DueMode, Promise
from handoff.errors import NeverOpenError
from handoff.models import Calendar, CalendarVersion, Deadline, Handoff
from handoff.policy.sla import USUAL_WARNING, Terms
from handoff.promises import due_at, next_rung_at, warn_at
from handoff.queries.pauses import pauses_of
from handoff.queries.sla_terms import terms_of, terms_of_deadline
from leads.models import Lead

PAUSABLE = (Promise.RESULT, Promise.NEXT_STEP)  # the first contact is sales' to make, whoever else is waited for


def new_deadline(
    *, handoff: Handoff, terms: Terms, calendar: Calendar | None, start: datetime, pauses: Sequence[Stretch] = (),
    calendar_version: CalendarVersion | None = None,
) -> Deadline | None:  # fmt: skip
    """An unsaved clock that starts at `start`; None where the calendar has no open time left to promise.

    Where many are made, the version that the calendar is at is given with it.
    """
    clock = clock_of(calendar)
    counted = calendar if terms.mode != DueMode.ELAPSED_HOURS else None
    try:
        due = due_at(clock=clock, mode=terms.mode, amount=terms.amount, start=start, pauses=pauses)
        warn = warn_at(clock=clock, mode=terms.mode, start=start, due=due, percent=terms.warn_percent, pauses=pauses)
        rung = next_rung_at(clock=clock, terms=terms, start=start, due=due, after=start, pauses=pauses)
        return Deadline(
            handoff=handoff,
            promise=terms.promise,
            version=handoff.sla_version,
            place=handoff.sla_place,
            amount=terms.amount,
            mode=terms.mode,
            calendar=counted,
            calendar_version=(calendar_version or version_of(counted)) if counted else None,
            started_at=start,
            warn_at=warn,
            due_at=due,
            next_rung_at=rung,
        )
    except NeverOpenError:
        return None


def run_clock(handoff: Handoff, promise: Promise, start: datetime) -> None:
    """Start the clock of a promise at `start`, or move it there; nothing where the policy does not make it."""
    terms = terms_of(handoff, promise)
    if terms is None:
        return
    calendar, pauses = calendar_of_team(handoff.team), pauses_of([handoff])[handoff.pk]
    fresh = new_deadline(handoff=handoff, terms=terms, calendar=calendar, start=start, pauses=pauses)
    if fresh is None:
        return
    fresh.is_paused = promise in PAUSABLE and handoff.paused_until is not None
    times = {name: getattr(fresh, name) for name in ("started_at", "warn_at", "due_at", "next_rung_at", "is_paused")}
    rule = ("version", "place", "amount", "mode", "calendar", "calendar_version")
    Deadline.objects.update_or_create(
        handoff=handoff,
        promise=promise,
        defaults=times,
        create_defaults=times | {name: getattr(fresh, name) for name in rule},
    )


def count_anew(deadline: Deadline, clock: BusinessClock, now: datetime, pauses: Sequence[Stretch] = ()) -> bool:
    """Give a running clock the times that `clock` and the pauses of its hand-off say; whether it has any, and they are
    still to come at `now`. A due time that a manager has set stays."""
    if deadline.is_by_hand:
        return False
    start, mode = deadline.started_at, deadline.mode
    terms = terms_of_deadline(deadline)
    percent = terms.warn_percent if terms else USUAL_WARNING
    pauses = pauses if deadline.promise in PAUSABLE else ()
    try:
        due = due_at(clock=clock, mode=mode, amount=deadline.amount, start=start, pauses=pauses)
        warn = warn_at(clock=clock, mode=mode, start=start, due=due, percent=percent, pauses=pauses)
        rung = None
        if terms:
            rung = next_rung_at(clock=clock, terms=terms, start=start, due=due, after=now, pauses=pauses)
    except NeverOpenError:
        return False
    if due <= now:
        return False
    deadline.due_at, deadline.warn_at, deadline.next_rung_at = due, warn, rung
    return True


def keep(handoff: Handoff, promise: str, at: datetime) -> None:
    """The promise was met at `at`. Once met it stays met; a breach that was written stays written."""
    Deadline.objects.filter(handoff=handoff, promise=promise, met_at=None, cancelled_at=None).update(met_at=at)


def keep_next_step(lead: Lead, at: datetime) -> None:
    """A to-do was made, or the lead was contacted: where a next step was promised, there is one."""
    owed = Deadline.objects.filter(
        handoff__lead=lead, promise=Promise.NEXT_STEP, started_at__lte=at, met_at=None, cancelled_at=None
    )
    handoffs = list(Handoff.objects.filter(deadlines__in=owed))
    owed.update(met_at=at)
    for handoff in handoffs:
        refresh_due(handoff)


def cancel_open(handoff: Handoff, now: datetime) -> None:
    """Stop every clock of the hand-off that was not met; a breach that was written stays written."""
    Deadline.objects.filter(handoff=handoff, met_at=None, cancelled_at=None).update(cancelled_at=now)


def next_due(handoff: Handoff) -> datetime | None:
    """When the next open promise is due."""
    running = Deadline.objects.filter(handoff=handoff, met_at=None, cancelled_at=None)
    return running.order_by("due_at").values_list("due_at", flat=True).first()


def refresh_due(handoff: Handoff) -> None:
    """Copy the next due time onto the hand-off, both the row and the object, after its clocks have changed."""
    handoff.due_at = next_due(handoff)
    Handoff.objects.filter(pk=handoff.pk).update(due_at=handoff.due_at)
