"""The promises of hand-offs as a person reads them: due when, how much business time is left, under which rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from handoff.calendars import clock_of
from handoff.clock import BusinessClock, OfficeCalendar
from handoff.enums import DueMode, Promise
from handoff.models import Deadline, Handoff
from handoff.promises import left_in_words, rule_in_words
from handoff.queries.pauses import open_pauses
from handoff.queries.sla_terms import terms_of
from web import formats


@dataclass(frozen=True, kw_only=True)
class ShownPromise:
    """One clock. `state` is running, soon, outside (its hours do not count at present), paused, breached, kept, late
    (kept too late) or cancelled; `left` says how long, `again` from when on its time counts again."""

    deadline: Deadline
    state: str
    left: str
    rule: str
    again: str = ""

    @property
    def due_at(self) -> datetime:
        return self.deadline.due_at

    @property
    def is_open(self) -> bool:
        return self.state in RUNNING

    @property
    def mark(self) -> str:
        """How the due time is drawn: soon, late, or plain."""
        return {"soon": "soon", "breached": "late"}.get(self.state, "")


RUNNING = ("running", "soon", "outside", "paused", "breached")


def promises_of(handoffs: Iterable[Handoff], now: datetime) -> dict[int, list[ShownPromise]]:
    """Per hand-off its clocks, the one that is due first in front."""
    deadlines = Deadline.objects.filter(handoff__in=list(handoffs)).select_related("calendar").order_by("due_at")
    shown: dict[int, list[ShownPromise]] = defaultdict(list)
    for promise in shown_promises(deadlines, now):
        shown[promise.deadline.handoff_id].append(promise)
    return shown


def shown_promises(deadlines: Iterable[Deadline], now: datetime) -> list[ShownPromise]:
    """Clocks as they are read, in their order. Each calendar is read and made a clock once."""
    rows = list(deadlines)
    known = {row.calendar.pk: row.calendar for row in rows if row.calendar}
    prefetch_related_objects(list(known.values()), "closings")
    clocks = {pk: clock_of(calendar) for pk, calendar in known.items()}
    waits = open_pauses([row.handoff_id for row in rows if row.is_paused])
    return [_shown(row, clocks.get(row.calendar_id or 0), waits.get(row.handoff_id), now) for row in rows]


def _shown(
    deadline: Deadline, clock: BusinessClock | None, paused_until: datetime | None, now: datetime
) -> ShownPromise:
    state = state_of(deadline, now)
    counted = clock or clock_of(None)
    is_elapsed = deadline.mode == DueMode.ELAPSED_HOURS
    if state == "running" and not (is_elapsed or deadline.is_by_hand or counted.is_open(now)):
        state = "outside"
    return ShownPromise(
        deadline=deadline,
        state=state,
        left=formats.remaining(deadline.due_at, now) if is_elapsed else left_in_words(counted, now, deadline.due_at),
        rule=_rule(deadline),
        again=_again(state, counted, paused_until, now),
    )


def _rule(deadline: Deadline) -> str:
    """What the due time came from."""
    if deadline.is_by_hand:
        return _("set manually; see the history for the reason")
    return rule_in_words(deadline.mode, deadline.amount, deadline.calendar.name if deadline.calendar else "")


def _again(state: str, clock: BusinessClock, paused_until: datetime | None, now: datetime) -> str:
    """From when on a clock that stands still runs again; empty for one that runs."""
    if state == "paused" and paused_until is not None:
        return _("paused until %(time)s") % {"time": formats.moment(paused_until, now)}
    if state == "outside":
        return _("counts again %(time)s") % {"time": formats.moment(clock.next_open(now), now)}
    return ""


def state_of(deadline: Deadline, now: datetime) -> str:
    """Read from the stored instants; an overdue promise is breached whether the sweep has been there or not."""
    if deadline.cancelled_at is not None:
        return "cancelled"
    if deadline.met_at is not None:
        return "kept" if deadline.met_at <= deadline.due_at else "late"
    if deadline.is_paused:
        return "paused"
    if now > deadline.due_at:
        return "breached"
    return "soon" if now >= deadline.warn_at else "running"


def zone_in(promises: Iterable[ShownPromise]) -> ZoneInfo:
    """The zone of the calendar in which promises are counted, which is the team's; the usual one where none is."""
    named = (promise.deadline.calendar.timezone for promise in promises if promise.deadline.calendar)
    return ZoneInfo(next(named, OfficeCalendar().zone))


def open_promise(promises: Iterable[ShownPromise]) -> ShownPromise | None:
    """The promise that has to be kept next."""
    return next((promise for promise in promises if promise.is_open), None)


def why_none(handoff: Handoff, promises: Iterable[ShownPromise]) -> str:
    """Why no clock of an open hand-off runs; empty where one does."""
    if not handoff.is_open or open_promise(promises) is not None:
        return ""
    promise = Promise.RESULT if handoff.contacted_at else Promise.FIRST_CONTACT
    if terms_of(handoff, promise) is None:
        return _("No deadline: the SLA sets none.")
    if any(shown.deadline.promise == promise for shown in promises):
        return _("No deadline: everything due so far is done.")
    return _("No deadline: the team’s calendar has no working hours ahead.")
