"""What every door calls: take in what can be taken in, keep back the rest, and leave a receipt that adds up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from background.transactions import retrying
from frame.api.problems import ApiProblem
from intake.actions.intake import Stored, erased_places, known_activities, store_activities
from intake.actions.keeping import Fault, KeptRow, digest_key, keep_back, open_door, settle, waiting
from intake.enums import KeptState
from intake.incoming import CleanedBatch, DoorName, RefusedRow
from intake.models import BatchReceipt
from intake.payloads import clean_activities
from leads.actions.activities import ensure_months

FIELD_LENGTH = 160


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What became of the rows of a batch, by their places in it.

    `stored` holds the ids of the activities. `duplicates` came before under their keys, of which `conflicts` say
    something else than what came first. `refused` holds what is wrong with those that were not taken in: they are
    kept back. `erased` name somebody whose data was erased; nothing of them is kept.
    """

    stored: dict[int, int]
    duplicates: list[int]
    conflicts: list[int]
    erased: list[int]
    refused: dict[int, list[ApiProblem]] = field(default_factory=dict)


def take_in_activities(
    rows: Iterable[Any], *, door: DoorName, now: datetime, root: str = "", filtered: int = 0
) -> Receipt:
    """Take in what came through a door, in one transaction: its receipt in the database says what became of each row.

    A row has the shape of `POST /api/v1/activities`: key, lead, type, occurred_at, object, properties. What is wrong
    with one is said by its path, which begins with `root[place]`, and costs no other. `filtered` is how many the door
    itself has left out of `rows` (bots, one's own people): they count as received. Never send secrets in a row: it may
    be kept as it is.
    """
    batch = clean_activities(rows, root=root, now=now)
    # Before the transaction: a new month locks the leads.
    ensure_months(activity.occurred_at for activity in batch.activities.values())
    return _take_in(batch, door=door, now=now, filtered=filtered)


@retrying
@transaction.atomic
def _take_in(batch: CleanedBatch, *, door: DoorName, now: datetime, filtered: int) -> Receipt:
    stored = store_activities(batch.activities, source=door.source, now=now)
    refused = {place: refused_row.problems for place, refused_row in batch.refused.items()}
    duplicates = [place for place in batch.activities if place not in stored.ids and place not in stored.erased]
    erased = stored.erased | erased_places(
        {place: row.identity for place, row in batch.refused.items() if row.identity is not None}
    )
    row = open_door(door, now=now)
    book = BatchReceipt.objects.create(
        door=row,
        at=now,
        received=len(batch.rows) + filtered,
        taken=len(stored.ids),
        twice=len(duplicates) + len(batch.refused.keys() - erased),
        filtered=filtered + len(erased),
    )
    kept = _keep(batch, stored, book, erased, source=door.source, now=now)
    if kept:
        BatchReceipt.objects.filter(pk=book.pk).update(twice=book.twice - kept, kept_back=kept)
    return Receipt(
        stored=stored.ids,
        duplicates=duplicates,
        conflicts=stored.conflicts,
        erased=sorted(erased),
        refused={place: problems for place, problems in refused.items() if place not in erased},
    )


def _keep(
    batch: CleanedBatch, stored: Stored, book: BatchReceipt, erased: set[int], *, source: str, now: datetime
) -> int:
    """Keep what was refused and is not known under its key; returns how many. What waited under a key that came in
    now, or that is kept with something else, waits no longer."""
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
            kept[key] = KeptRow(key=key, row=batch.rows[place], occurred_at=row.occurred_at, faults=faults_of(row))
    replaced = [event.pk for key, event in old.items() if key in taken or key in kept]
    settle(replaced, state=KeptState.TWICE, now=now)
    return len(keep_back(list(kept.values()), receipt=book, now=now))


def faults_of(refused: RefusedRow) -> list[Fault]:
    """The faults of a row, each called as its group is: an unknown type after its code, all others after their path."""
    return [
        Fault(
            kind=fault.code,
            where=fault.where,
            field=(refused.type_code if fault.code == "unknown_type" else fault.where)[:FIELD_LENGTH],
        )
        for fault in refused.faults
    ]
