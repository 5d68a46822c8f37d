"""What must be true of hand-offs, promises and notices at rest, asked of the database, never of logs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Count, Exists, F, Min, OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from background.invariants import Invariant, Violation
from handoff.actions.deadlines import PAUSABLE
from handoff.actions.on_episode import waiting_episodes
from handoff.calendars import clock_of_version
from handoff.enums import OPEN_STATES, DueMode
from handoff.models import Deadline, Handoff, HandoffStep
from handoff.promises import due_at
from handoff.queries.pauses import pauses_of
from notices.enums import Channel
from notices.models import Notice, OutboxMessage
from notices.models.destination import BREAK_AFTER
from scoring.models import LeadScore

# Work in flight is no fault: what is younger than this is somebody's current work.
AT_REST = timedelta(minutes=10)
SHOWN = 1_000


def episodes_handed_over(now: datetime) -> Iterator[Violation]:
    if not Team.objects.filter(is_active=True).exists():
        return
    for episode in waiting_episodes().filter(started_at__lt=now - AT_REST)[:SHOWN]:
        yield Violation(text=f"lead {episode.lead_id} has been hot since {episode.started_at} without a hand-off")


def breaches_written_once(now: datetime) -> Iterator[Violation]:
    missed = Deadline.objects.filter(breached_at=None, met_at=None, cancelled_at=None, due_at__lt=now - AT_REST)
    for deadline in missed.filter(handoff__state__in=OPEN_STATES)[:SHOWN]:
        yield Violation(text=f"deadline {deadline.pk} ({deadline.promise}) was missed and that is not written down")
    steps = HandoffStep.objects.annotate(of=KeyTextTransform("promise", "params"))
    own = steps.filter(handoff=OuterRef("handoff"), kind="breached", of=OuterRef("promise"), at=OuterRef("due_at"))
    times = Coalesce(Subquery(own.order_by().values("handoff").annotate(n=Count("pk")).values("n")), 0)
    written = Deadline.objects.exclude(breached_at=None).annotate(times=times)
    for deadline in written.exclude(times=1)[:SHOWN]:
        yield Violation(text=f"the breach of deadline {deadline.pk} is in the history {deadline.times} times")


def due_times_come_out_again(now: datetime) -> Iterator[Violation]:
    """Every deadline ever that nobody has set by hand, counted anew from its start, its calendar as it was, and the
    pauses it ran through."""
    named = Q(mode=DueMode.ELAPSED_HOURS) | Q(calendar_version__isnull=False)
    rows = (
        Deadline.objects.filter(named, is_by_hand=False)
        .select_related("calendar_version")
        .order_by("pk")
        .iterator(chunk_size=SHOWN)
    )
    while batch := list(islice(rows, SHOWN)):
        pauses = pauses_of(deadline.handoff_id for deadline in batch)
        for deadline in batch:
            ended = deadline.met_at or deadline.cancelled_at or deadline.breached_at
            through = [each for each in pauses[deadline.handoff_id] if ended is None or each[0] < ended]
            counted = due_at(
                clock=clock_of_version(deadline.calendar_version), mode=deadline.mode, amount=deadline.amount,
                start=deadline.started_at, pauses=through if deadline.promise in PAUSABLE else (),
            )  # fmt: skip
            if counted != deadline.due_at:
                yield Violation(text=f"deadline {deadline.pk} is due {deadline.due_at}, counted anew {counted}")


def queue_shows_next_due(now: datetime) -> Iterator[Violation]:
    running = Q(deadlines__met_at=None, deadlines__cancelled_at=None)
    shown = Handoff.objects.filter(state__in=OPEN_STATES).annotate(first=Min("deadlines__due_at", filter=running))
    apart = Q(due_at__lt=F("first")) | Q(due_at__gt=F("first"))
    one_missing = Q(due_at=None, first__isnull=False) | Q(due_at__isnull=False, first=None)
    for handoff in shown.filter(apart | one_missing)[:SHOWN]:
        yield Violation(text=f"hand-off {handoff.pk} is due {handoff.first} and sorted by {handoff.due_at}")


def queue_shows_current_total(now: datetime) -> Iterator[Violation]:
    scores = LeadScore.objects.filter(lead=OuterRef("lead"), model=OuterRef("model")).values("total")
    shown = Handoff.objects.filter(state__in=OPEN_STATES).annotate(total=Subquery(scores[:1]))
    for handoff in shown.exclude(total=F("current_total"))[:SHOWN]:
        yield Violation(
            text=f"hand-off {handoff.pk} is sorted by {handoff.current_total}, the total is {handoff.total}"
        )


def notices_delivered(now: datetime) -> Iterator[Violation]:
    stuck = OutboxMessage.objects.filter(sent_at=None, given_up_at=None, next_at__lt=now - AT_REST)
    # What a destination cannot take at present waits for it; its page says so.
    stuck = stuck.exclude(destination__rests_until__gt=now - AT_REST).exclude(destination__failures__gte=BREAK_AFTER)
    for message in stuck[:SHOWN]:
        yield Violation(text=f"message {message.pk} ({message.dedupe_key}) has been due since {message.next_at}")
    arrived = Exists(Notice.objects.filter(dedupe_key=OuterRef("dedupe_key")))
    lost = OutboxMessage.objects.filter(~arrived, channel=Channel.IN_APP, sent_at__isnull=False)
    for message in lost[:SHOWN]:
        yield Violation(text=f"message {message.pk} ({message.dedupe_key}) was sent and never arrived")


INVARIANTS = (
    Invariant(
        name="episodes_handed_over",
        says=_("Every episode of an identified lead has a hand-off, or the hand-off policy holds it back."),
        find=episodes_handed_over,
    ),
    Invariant(
        name="breaches_written_once",
        says=_("Every missed SLA is recorded once, at its due time."),
        find=breaches_written_once,
    ),
    Invariant(
        name="due_times_come_out_again",
        says=_("Every deadline, counted again from its start, calendar and pauses, is the one that is stored."),
        find=due_times_come_out_again,
    ),
    Invariant(
        name="queue_shows_next_due",
        says=_("The queue sorts open hand-offs by the next due SLA."),
        find=queue_shows_next_due,
    ),
    Invariant(
        name="queue_shows_current_total",
        says=_("The queue sorts open hand-offs by the current total."),
        find=queue_shows_current_total,
    ),
    Invariant(
        name="notices_delivered",
        says=_("Every notification arrived exactly once; none is overdue."),
        find=notices_delivered,
    ),
)
