"""The clocks of a hand-off: started, kept, moved, cancelled. The hand-off carries the one that is due next."""

from __future__ import annotations

from datetime import datetime

from handoff.calendars import calendar_of_team, clock_of
from handoff.enums import DueMode, Promise
from handoff.errors import NeverOpenError
from handoff.models import Calendar, Deadline, Handoff, SlaPolicy
from handoff.promises import due_at, warn_at


def active_policy(promise: str) -> SlaPolicy | None:
    """The policy of a promise; None while it is switched off."""
    return SlaPolicy.objects.filter(promise=promise, is_active=True).first()


def new_deadline(*, handoff: Handoff, policy: SlaPolicy, calendar: Calendar | None, start: datetime) -> Deadline | None:
    """An unsaved clock that starts at `start`; None where the calendar has no open time left to promise."""
    clock = clock_of(calendar)
    try:
        due = due_at(clock=clock, mode=policy.mode, amount=policy.amount, start=start)
        warn = warn_at(clock=clock, mode=policy.mode, start=start, due=due, percent=policy.warn_percent)
    except NeverOpenError:
        return None
    return Deadline(
        handoff=handoff,
        promise=policy.promise,
        amount=policy.amount,
        mode=policy.mode,
        calendar=None if policy.mode == DueMode.ELAPSED_HOURS else calendar,
        started_at=start,
        warn_at=warn,
        due_at=due,
    )


def run_result_clock(handoff: Handoff, start: datetime) -> None:
    """Start the clock of the result at the recorded contact time, or move it there."""
    policy = active_policy(Promise.RESULT)
    if policy is None:
        return
    fresh = new_deadline(handoff=handoff, policy=policy, calendar=calendar_of_team(handoff.team), start=start)
    if fresh is None:
        return
    Deadline.objects.update_or_create(
        handoff=handoff,
        promise=Promise.RESULT,
        defaults={"started_at": start, "warn_at": fresh.warn_at, "due_at": fresh.due_at},
        create_defaults={
            "started_at": start, "warn_at": fresh.warn_at, "due_at": fresh.due_at,
            "amount": fresh.amount, "mode": fresh.mode, "calendar": fresh.calendar,
        },
    )  # fmt: skip


def keep(handoff: Handoff, promise: str, at: datetime) -> None:
    """The promise was met at `at`. Once met it stays met; a breach that was written stays written."""
    Deadline.objects.filter(handoff=handoff, promise=promise, met_at=None, cancelled_at=None).update(met_at=at)


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
