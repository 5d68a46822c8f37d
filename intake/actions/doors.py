"""What every door calls: take in what can be taken in, keep back the rest, and leave a receipt that adds up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from background.transactions import retrying
from frame.api.problems import ApiProblem
from intake.actions.intake import Stored, erased_places, known_activities, store_activities
from intake.actions.keeping import KeptRow, keep_back, open_door, repairs_of, settle, waiting
from intake.enums import KeptState
from intake.incoming import CleanedBatch, DoorName
from intake.models import BatchReceipt, Door
from intake.payloads import clean_activities, faults_in, row_path
from intake.repairs import digest_key
from leads.actions.activities import ensure_months


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What became of the rows of a batch, by their places in it.

    `stored` holds the ids of the activities. `duplicates` came before under their keys, of which `conflicts` say
    something else than what came first. `refused` holds what is wrong with those that were not taken in: they are
    kept back. `set_aside` holds what is wrong with properties of stored ones: those were taken in without them.
    `erased` name somebody whose data was erased; nothing of them is kept.
    """

    stored: dict[int, int]
    duplicates: list[int]
    conflicts: list[int]
    erased: list[int]
    refused: dict[int, list[ApiProblem]]
    set_aside: dict[int, list[ApiProblem]]


def take_in_activities(
    rows: Iterable[Any], *, door: DoorName, now: datetime, root: str = "", filtered: int = 0
) -> Receipt:
    """Take in what came through a door, in one transaction: its receipt in the database says what became of each row.

    A row has the shape of `POST /api/v1/activities`: key, lead, type, occurred_at, object, properties. What is wrong
    with one is said by its path, which begins with `root[place]`, and costs no other. A property with a value of the
    wrong type costs the property alone, unless its activity type says otherwise. `filtered` is how many the door
    itself has left out of `rows` (bots, one's own people): they count as received. Never send secrets in a row: it may
    be kept as it is.
    """
    known = Door.objects.filter(source=door.source).first()
    batch = clean_activities(rows, root=root, now=now, repairs=repairs_of(known.pk if known else None))
    # Before the transaction: a new month locks the leads.
    ensure_months(activity.occurred_at for activity in batch.activities.values())
    return _take_in(batch, door=door, now=now, filtered=filtered)


@retrying
@transaction.atomic
def _take_in(batch: CleanedBatch, *, door: DoorName, now: datetime, filtered: int) -> Receipt:
    stored = store_activities(batch.activities, source=door.source, now=now)
    duplicates = [place for place in batch.activities if place not in stored.ids and place not in stored.erased]
    erased = stored.erased | erased_places(
        {place: row.identity for place, row in batch.refused.items() if row.identity is not None}
    )
    book = BatchReceipt(
        door=open_door(door, now=now),
        at=now,
        received=len(batch.rows) + filtered,
        taken=len(stored.ids),
        twice=len(duplicates) + len(batch.refused.keys() - erased),
        filtered=filtered + len(erased),
    )
    book.save()
    if kept := _keep(batch, stored, book, erased, source=door.source, now=now):
        BatchReceipt.objects.filter(pk=book.pk).update(twice=book.twice - kept, kept_back=kept)
    return Receipt(
        stored=stored.ids,
        duplicates=duplicates,
        conflicts=stored.conflicts,
        erased=sorted(erased),
        refused={place: row.problems for place, row in batch.refused.items() if place not in erased},
        set_aside={
            place: [replace(fault, where=f"{row_path(batch.root, place)}.{fault.where}".strip(".")) for fault in faults]
            for place in stored.ids
            if (faults := batch.activities[place].set_aside)
        },
    )


def _keep(
    batch: CleanedBatch, stored: Stored, book: BatchReceipt, erased: set[int], *, source: str, now: datetime
) -> int:
    """Keep what was refused and is not known under its key; returns how many. What waited under a key that came in
    now, or that is kept with something else, waits no longer. Faulty properties of what was stored are kept, too."""
    refused = {place: row for place, row in batch.refused.items() if place not in erased}
    keys = {place: row.key or digest_key(batch.rows[place]) for place, row in refused.items()}
    taken = {batch.activities[place].key for place in stored.ids}
    old = waiting(book.door_id, {*taken, *keys.values()})
    known = taken | known_activities(source, set(keys.values())).keys() if keys else taken
    kept: dict[str, KeptRow] = {}
    for place, row in refused.items():
        key = keys[place]
        same = key in old and old[key].raw == batch.rows[place]
        if key not in known and key not in kept and not same:
            faults = faults_in(row)
            kept[key] = KeptRow(key=key, row=batch.rows[place], occurred_at=row.occurred_at, faults=faults)
    settle([event.pk for key, event in old.items() if key in taken or key in kept], state=KeptState.TWICE, now=now)
    parts = [
        KeptRow(
            key=activity.key,
            row=batch.rows[place],
            occurred_at=activity.occurred_at,
            faults=faults_in(activity),
            lead=stored.leads[place],
            activity=pk,
        )
        for place, pk in stored.ids.items()
        if (activity := batch.activities[place]).set_aside
    ]
    keep_back(parts, receipt=book, now=now)
    return len(keep_back(list(kept.values()), receipt=book, now=now))
