"""The promises of hand-offs as a person reads them: due when, how much business time is left, under which rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from handoff.calendars import clock_of
from handoff.enums import DueMode
from handoff.models import Deadline, Handoff
from handoff.promises import left_in_words, rule_in_words
from web import moments


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
    """Per hand-off its clocks, the one that is due first in front."""
    deadlines = Deadline.objects.filter(handoff__in=list(handoffs)).order_by("due_at")
    shown: dict[int, list[ShownPromise]] = defaultdict(list)
    for deadline in deadlines.select_related("calendar").prefetch_related("calendar__closings"):
        shown[deadline.handoff_id].append(shown_promise(deadline, now))
    return shown


def shown_promise(deadline: Deadline, now: datetime) -> ShownPromise:
    return ShownPromise(
        deadline=deadline,
        state=state_of(deadline, now),
        left=_left(deadline, now),
        rule=rule_in_words(deadline.mode, deadline.amount, deadline.calendar.name if deadline.calendar else ""),
    )


def state_of(deadline: Deadline, now: datetime) -> str:
    """Read from the stored instants; an overdue promise is breached whether the sweep has been there or not."""
    if deadline.cancelled_at is not None:
        return "cancelled"
    if deadline.met_at is not None:
        return "kept" if deadline.met_at <= deadline.due_at else "late"
    if now > deadline.due_at:
        return "breached"
    return "soon" if now >= deadline.warn_at else "open"


def _left(deadline: Deadline, now: datetime) -> str:
    if deadline.mode == DueMode.ELAPSED_HOURS:
        return moments.remaining(deadline.due_at, now)
    return left_in_words(clock_of(deadline.calendar), now, deadline.due_at)


def open_promise(promises: Iterable[ShownPromise]) -> ShownPromise | None:
    """The promise that has to be kept next."""
    return next((promise for promise in promises if promise.is_open), None)
