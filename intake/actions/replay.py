"""What is kept back is taken in after all: the same way as at the door, with its repairs, by a job that may be stopped.

A replay may be repeated: what came in meanwhile under its key counts as twice. Activities are recorded now, at the time
at which they happened; so scores become what they had been if nothing had been wrong, while decisions of the past stay
explainable, and nobody is told of what would have been then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from accounts.models import User
from background.jobs import JobClaim, JobKind, create_job, stop_jobs
from background.models import JobRun
from intake.actions.intake import store_activities
from intake.actions.keeping import drop_events, note_again, repairs_of, settle
from intake.enums import KeptState
from intake.incoming import IncomingActivity, RefusedRow
from intake.models import KeptEvent, KeptFault, KeptGroup
from intake.payloads import clean_repaired, faults_in, planned_types
from intake.signals import replay_wanted
from leads.actions.activities import NewActivity, ensure_months, record_activities
from leads.actions.exclusions import replace_activity
from leads.models import Activity

REPLAY = "intake.replay"
BATCH = 200

Cleaned = dict[int, IncomingActivity | RefusedRow]


def subject_of(group: KeptGroup) -> str:
    return f"intake.KeptGroup:{group.pk}"


def waiting_in(group: KeptGroup) -> int:
    """How many events of a group wait."""
    return KeptFault.objects.filter(group=group, is_open=True).count()


def start_replay(*, group: KeptGroup, by: User | None, now: datetime) -> JobRun:
    """Take in what waits in a group. A job that is open already goes on instead."""
    open_job = JobRun.objects.open().filter(kind=REPLAY, subject=subject_of(group)).first()
    if open_job is not None:
        return open_job
    times = KeptEvent.objects.filter(faults__group=group, state=KeptState.OPEN).values_list("occurred_at", flat=True)
    ensure_months(time for time in times if time is not None)
    with transaction.atomic():
        job = create_job(
            kind=REPLAY, subject=subject_of(group), by=by, now=now, total=waiting_in(group),
            cursor={"group": group.pk},
        )  # fmt: skip
        transaction.on_commit(lambda: replay_wanted.send(sender=None))
    return job


def stop_replay(*, group: KeptGroup, now: datetime) -> int:
    """What came in until now stays in; the rest waits."""
    return stop_jobs(REPLAY, subject=subject_of(group), now=now)


def replay_step(claim: JobClaim) -> None:
    """The next events of the group, the oldest first."""
    group = KeptGroup.objects.select_related("door").get(pk=claim.job.cursor["group"])
    events = next_events(group, after=claim.slice.after, limit=BATCH)
    if not events:
        claim.finish()
        return
    replay_events(group, events, now=claim.clock())
    claim.advance(len(events), after=events[-1].pk)


REPLAYS = (JobKind(code=REPLAY, step=replay_step),)


def next_events(group: KeptGroup, *, after: int, limit: int) -> Sequence[KeptEvent]:
    """Events that wait in a group, locked until the end of the transaction."""
    chosen = KeptFault.objects.filter(group=group, is_open=True, event_id__gt=after).order_by("event_id")
    ids = list(chosen.values_list("event_id", flat=True)[:limit])
    rows = KeptEvent.objects.filter(pk__in=ids, state=KeptState.OPEN).order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def replay_events(group: KeptGroup, events: Sequence[KeptEvent], *, now: datetime) -> None:
    """Take in these events of one door, in the transaction of the caller. What still cannot come in waits on."""
    cleaned = cleaned_events(group, events, now=now)
    by_id = {event.pk: event for event in events}
    whole = {pk: one for pk, one in cleaned.items() if not by_id[pk].is_part}
    _take_in_whole(group, by_id, whole, now)
    for pk in cleaned.keys() - whole.keys():
        _take_in_part(by_id[pk], cleaned[pk], source=group.door.source, now=now)
    for pk, one in cleaned.items():
        if by_id[pk].state == KeptState.OPEN and (faults := faults_in(one)):
            note_again(by_id[pk], faults, now=now)


def cleaned_events(group: KeptGroup, events: Sequence[KeptEvent], *, now: datetime) -> Cleaned:
    """Each event as its door would read it today."""
    types, repairs = planned_types(), repairs_of(group.door_id)
    return {
        event.pk: clean_repaired(event.raw, types, now, "", repairs, received_at=event.received_at) for event in events
    }


def _take_in_whole(group: KeptGroup, events: dict[int, KeptEvent], cleaned: Cleaned, now: datetime) -> None:
    """Events that were not taken in at all."""
    good = {pk: replace(one, key=events[pk].key) for pk, one in _readable(cleaned).items()}
    stored = store_activities(good, source=group.door.source, now=now)
    drop_events(stored.erased)
    for pk in good.keys() - stored.erased:
        event = events[pk]
        event.state = KeptState.TAKEN if pk in stored.ids else KeptState.TWICE
        event.activity_id, event.lead_id = stored.ids.get(pk), stored.leads.get(pk)
    for pk in stored.erased:
        events[pk].state = KeptState.DROPPED
    KeptEvent.objects.bulk_update([events[pk] for pk in stored.ids], ["activity_id", "lead_id"])
    for state in (KeptState.TAKEN, KeptState.TWICE):
        settle([pk for pk in good if events[pk].state == state], state=state, now=now)
    for pk, one in good.items():
        if pk in stored.ids and one.set_aside:  # the rest of it waits on, as a part
            KeptEvent.objects.filter(pk=pk).update(is_part=True, state=KeptState.OPEN, settled_at=None)
            note_again(events[pk], faults_in(one), now=now)


def _readable(cleaned: Cleaned) -> dict[int, IncomingActivity]:
    """Those that can be taken in. The key of an event that has none is the one under which it is kept."""
    return {pk: one for pk, one in cleaned.items() if isinstance(one, IncomingActivity)}


def _take_in_part(event: KeptEvent, cleaned: IncomingActivity | RefusedRow, *, source: str, now: datetime) -> None:
    """The properties that were left out of an activity: it is replaced by one that has them."""
    if isinstance(cleaned, RefusedRow) or cleaned.set_aside:
        return
    at = event.occurred_at or now
    old = Activity.objects.filter(pk=event.activity_id or 0, occurred_at=at, is_excluded=False).first()
    event.state = KeptState.DROPPED if old is None else KeptState.TAKEN
    if old is not None:
        row = NewActivity(
            lead_id=old.lead_id,
            type_id=cleaned.type_id,
            occurred_at=cleaned.occurred_at,
            object=cleaned.object,
            properties=cleaned.properties,
            key=f"repaired:{event.pk}",
        )
        stored = record_activities([row], source=source, now=now)
        replace_activity(lead=old.lead_id, activity=old.pk, now=now)
        event.activity_id = stored.get(0, old.pk)
        event.save(update_fields=["activity_id"])
    settle([event.pk], state=event.state, now=now)
