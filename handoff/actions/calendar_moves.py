"""What a changed calendar does to promises that already run: they move, with a line in their history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Min, OuterRef, Q, Subquery
from django.urls import reverse

from accounts.models import User
from handoff.actions.calendar_versions import version_of
from handoff.actions.deadlines import count_anew
from handoff.calendars import calendars, clock_of
from handoff.clock import BusinessClock
from handoff.enums import DueMode
from handoff.models import Calendar, CalendarVersion, Deadline, Handoff, HandoffStep
from handoff.queries.pauses import pauses_of
from notices.actions import BOTH, tell

OPEN = Q(met_at=None, breached_at=None, cancelled_at=None)
Moved = tuple[Deadline, datetime]  # with the time at which it was due before


def move_open_deadlines(*, calendar: Calendar, by: User, now: datetime) -> int:
    """Count the open promises of a calendar anew, in the transaction that changed it; returns how many moved.

    A promise that the new count would end before `now` stays as it is: a change of settings breaks none.
    Each move is a step of its hand-off; who owns some of them is told once.
    """
    fresh = calendars().get(pk=calendar.pk)
    version = version_of(fresh)
    counted = Deadline.objects.exclude(mode=DueMode.ELAPSED_HOURS).filter(OPEN, due_at__gt=now, calendar=calendar)
    locked = counted.select_related("version").select_for_update(of=("self",)).order_by("handoff_id", "pk")
    moved = _moved(clock_of(fresh), version, locked, now)
    if moved:
        _write_steps(moved, calendar, by, now)
        handoffs = {deadline.handoff_id for deadline, _before in moved}
        sort_queue_anew(handoffs)
        _tell_owners(handoffs, calendar, by, now)
    return len(moved)


def _moved(
    clock: BusinessClock, version: CalendarVersion, open_deadlines: Iterable[Deadline], now: datetime
) -> list[Moved]:
    """The deadlines with their new times, those that keep theirs left out; all but the broken name the new version."""
    counted: list[Deadline] = []
    moved: list[Moved] = []
    running = list(open_deadlines)
    pauses = pauses_of(deadline.handoff_id for deadline in running)
    for deadline in running:
        before = deadline.due_at
        if not count_anew(deadline, clock, now, pauses[deadline.handoff_id]):
            continue
        deadline.calendar_version = version
        counted.append(deadline)
        if deadline.due_at != before:
            moved.append((deadline, before))
    Deadline.objects.bulk_update(counted, ["due_at", "warn_at", "next_rung_at", "calendar_version"])
    return moved


def _write_steps(moved: Iterable[Moved], calendar: Calendar, by: User, now: datetime) -> None:
    HandoffStep.objects.bulk_create(
        HandoffStep(
            handoff_id=deadline.handoff_id,
            kind="deadline_moved",
            at=now,
            by=by,
            params={
                "promise": deadline.promise,
                "calendar": calendar.name,
                "due_before": before.isoformat(),
                "due_after": deadline.due_at.isoformat(),
            },
        )
        for deadline, before in moved
    )


def sort_queue_anew(handoffs: Iterable[int]) -> None:
    """Copy the next due time of these hand-offs onto their rows, after their clocks have changed."""
    running = Deadline.objects.filter(handoff=OuterRef("pk"), met_at=None, cancelled_at=None)
    next_due = running.values("handoff").annotate(next=Min("due_at")).values("next")
    Handoff.objects.filter(pk__in=list(handoffs)).update(due_at=Subquery(next_due))


def _tell_owners(handoffs: Iterable[int], calendar: Calendar, by: User, now: datetime) -> None:
    owned = Handoff.objects.filter(pk__in=handoffs).exclude(owner=None).exclude(owner=by)
    counts = Counter(owned.values_list("owner_id", flat=True))
    for owner in User.objects.filter(pk__in=counts, is_active=True):
        tell(
            people=[owner],
            kind="handoff.deadlines_moved",
            key=f"calendar:{calendar.pk}:{now.isoformat()}:{owner.pk}",
            now=now,
            params={"count": counts[owner.pk], "calendar": calendar.name},
            url=reverse("handoff:queue"),
            channels=BOTH,
        )
