"""The promises of hand-offs as a person reads them: due when, how much business time is left, under which rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects

from handoff.calendars import clock_of
from handoff.enums import DueMode
from handoff.models import Deadline, Handoff
from handoff.promises import left_in_words, rule_in_words
from web import formats


@dataclass(frozen=True, kw_only=True)
class ShownPromise:
    """One clock. `state` is kept, late (kept too late), open, soon, breached or cancelled."""

    deadline: Deadline
    state: str
    left: str
    rule: str

    @property
    def due_at(self) -> datetime:
        return self.deadline.due_at

    @property
    def is_open(self) -> bool:
        return self.state in ("open", "soon", "breached")

    @property
    def mark(self) -> str:
        """How the due time is drawn: soon, late, or plain."""
        return {"soon": "soon", "breached": "late"}.get(self.state, "")


def promises_of(handoffs: Iterable[Handoff], now: datetime) -> dict[int, list[ShownPromise]]:
    """Per hand-off its clocks, the one that is due first in front. Each calendar is read and made a clock once."""
    deadlines = Deadline.objects.filter(handoff__in=list(handoffs)).select_related("calendar").order_by("due_at")
    known = {deadline.calendar.pk: deadline.calendar for deadline in deadlines if deadline.calendar}
    prefetch_related_objects(list(known.values()), "closings")
    clocks = {pk: clock_of(calendar) for pk, calendar in known.items()}
    shown: dict[int, list[ShownPromise]] = defaultdict(list)
    for deadline in deadlines:
        calendar, due = deadline.calendar, deadline.due_at
        clock = clocks[calendar.pk] if calendar else clock_of(None)
        is_elapsed = deadline.mode == DueMode.ELAPSED_HOURS
        promise = ShownPromise(
            deadline=deadline,
            state=state_of(deadline, now),
            left=formats.remaining(due, now) if is_elapsed else left_in_words(clock, now, due),
            rule=rule_in_words(deadline.mode, deadline.amount, calendar.name if calendar else ""),
        )
        shown[deadline.handoff_id].append(promise)
    return shown


def state_of(deadline: Deadline, now: datetime) -> str:
    """Read from the stored instants; an overdue promise is breached whether the sweep has been there or not."""
    if deadline.cancelled_at is not None:
        return "cancelled"
    if deadline.met_at is not None:
        return "kept" if deadline.met_at <= deadline.due_at else "late"
    if now > deadline.due_at:
        return "breached"
    return "soon" if now >= deadline.warn_at else "open"


def open_promise(promises: Iterable[ShownPromise]) -> ShownPromise | None:
    """The promise that has to be kept next."""
    return next((promise for promise in promises if promise.is_open), None)
