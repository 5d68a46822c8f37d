"""What a changed calendar does to promises that already run: they move, with a line in their history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Min, OuterRef, Q, Subquery
from django.urls import reverse

from accounts.models import User
from handoff.calendars import calendars, clock_of
from handoff.enums import DueMode
from handoff.errors import NeverOpenError
from handoff.models import Calendar, Deadline, Handoff, HandoffStep, SlaPolicy
from handoff.promises import due_at, warn_at
from notices.actions import BOTH, tell

OPEN = Q(met_at=None, breached_at=None, cancelled_at=None)
Moved = tuple[Deadline, datetime]  # with the time at which it was due before
USUAL_WARNING = 80  # percent, of a promise whose policy has been turned off


def move_open_deadlines(*, calendar: Calendar, by: User, now: datetime) -> int:
    """Count the open promises of a calendar anew, in the transaction that changed it; returns how many moved.

    A promise that the new count would end before `now` stays as it is: a change of settings breaks none.
    Each move is a step of its hand-off; who owns some of them is told once.
    """
    counted = Deadline.objects.exclude(mode=DueMode.ELAPSED_HOURS).filter(OPEN, due_at__gt=now, calendar=calendar)
    moved = _moved(calendar, counted.select_for_update(of=("self",)).order_by("handoff_id", "pk"), now)
    if moved:
        Deadline.objects.bulk_update((deadline for deadline, _before in moved), ["due_at", "warn_at", "warned_at"])
        _write_steps(moved, calendar, by, now)
        handoffs = {deadline.handoff_id for deadline, _before in moved}
        _sort_queue_anew(handoffs)
        _tell_owners(handoffs, calendar, by, now)
    return len(moved)


def _moved(calendar: Calendar, open_deadlines: Iterable[Deadline], now: datetime) -> list[Moved]:
    """The deadlines with their new times, those that keep theirs left out."""
    clock, moved = clock_of(calendars().get(pk=calendar.pk)), []
    percents = dict(SlaPolicy.objects.filter(is_active=True).values_list("promise", "warn_percent"))
    for deadline in open_deadlines:
        try:
            due = due_at(clock=clock, mode=deadline.mode, amount=deadline.amount, start=deadline.started_at)
        except NeverOpenError:
            continue
        if due != deadline.due_at and due > now:
            percent = percents.get(deadline.promise, USUAL_WARNING)
            warn = warn_at(clock=clock, mode=deadline.mode, start=deadline.started_at, due=due, percent=percent)
            moved.append((deadline, deadline.due_at))
            deadline.due_at, deadline.warn_at = due, warn
            deadline.warned_at = deadline.warned_at if warn <= now else None
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


def _sort_queue_anew(handoffs: Iterable[int]) -> None:
    running = Deadline.objects.filter(handoff=OuterRef("pk"), met_at=None, cancelled_at=None)
    next_due = running.values("handoff").annotate(next=Min("due_at")).values("next")
    Handoff.objects.filter(pk__in=handoffs).update(due_at=Subquery(next_due))


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
