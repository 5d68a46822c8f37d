"""What a door cannot take in is kept: the event as it was sent, and each of its faults in its group."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intake.database import fetch_named, run_named
from intake.enums import KeptState
from intake.incoming import DoorName
from intake.models import BatchReceipt, Door, KeptEvent, KeptFault, KeptGroup
from intake.repairs import Fault, Repair, Repairs
from intake.statements import DROP_EVENTS, GROUPS_OF, KEEP_EVENTS, SETTLE_EVENTS

LONGEST_ROW = 256 * 1024  # characters of one event; of a longer one the beginning is kept
BEGINNING = 10_000
MOST_GROUPS = 500  # of one door: whoever sends ever new names fills one group with them
OTHER = "…"


@dataclass(frozen=True, kw_only=True)
class KeptRow:
    """An event to be kept. `activity` is what it became where only a part of it is kept."""

    key: str
    row: Any
    occurred_at: datetime | None
    faults: Sequence[Fault]
    lead: int | None = None
    activity: int | None = None


def open_door(name: DoorName, *, now: datetime) -> Door:
    """The row of a door, made when something first comes through it; it is called as it is called today."""
    door, _made = Door.objects.get_or_create(
        source=name.source, defaults={"kind": name.kind, "name": name.name[:120], "first_seen_at": now}
    )
    if door.name != name.name[:120]:
        door.name = name.name[:120]
        door.save(update_fields=["name"])
    return door


def repairs_of(door: int | None) -> Repairs:
    """What a door does with faults that somebody repaired; nothing for a door that nothing came through."""
    rows = KeptGroup.objects.filter(door=door).exclude(repair=None).values_list("kind", "field", "repair")
    return {(kind, field): Repair.of(repair) for kind, field, repair in rows if repair} if door is not None else {}


def row_text(row: Any) -> str:
    """A row as it is kept: JSON that the database takes."""
    text = json.dumps(row, ensure_ascii=False).replace("\\u0000", "\\ufffd")
    return text.encode("utf-8", "replace").decode()


def keep_back(kept: Sequence[KeptRow], *, receipt: BatchReceipt, now: datetime) -> set[str]:
    """Keep what does not wait already, inside a transaction; returns the keys that were kept now.

    Two of `kept` must not have the same key.
    """
    if not kept:
        return set()
    texts = [row_text(row.row) for row in kept]
    whole = [len(text) <= LONGEST_ROW for text in texts]
    made = dict(
        fetch_named(
            KEEP_EVENTS,
            door=receipt.door_id,
            receipt=receipt.pk,
            now=now,
            keys=[row.key for row in kept],
            times=[row.occurred_at for row in kept],
            rows=[text if fits else json.dumps(text[:BEGINNING]) for text, fits in zip(texts, whole, strict=True)],
            whole=whole,
            parts=[row.activity is not None for row in kept],
            leads=[row.lead for row in kept],
            activities=[row.activity for row in kept],
        )
    )
    note_faults({made[row.key]: row.faults for row in kept if row.key in made}, door=receipt.door_id, now=now)
    return set(made)


def note_faults(faults: dict[int, Sequence[Fault]], *, door: int, now: datetime) -> None:
    """Put events into the groups of their faults, each once."""
    groups = groups_of((fault for each in faults.values() for fault in each), door=door)
    rows: dict[tuple[int, int], KeptFault] = {}
    for event, each in faults.items():
        for fault in each:
            group = groups.get((fault.kind, fault.field)) or groups[fault.kind, OTHER]
            rows.setdefault(
                (event, group),
                KeptFault(event_id=event, group_id=group, where=fault.where, received_at=now),
            )
    KeptFault.objects.bulk_create(rows.values())


def groups_of(faults: Iterable[Fault], *, door: int) -> dict[tuple[str, str], int]:
    """The groups of these faults by kind and field, made where there are none. A door that has too many gets no more
    than one for each kind, called OTHER."""
    asked = {(fault.kind, fault.field) for fault in faults}
    if not asked:
        return {}
    known = {
        (kind, field): pk
        for kind, field, pk in KeptGroup.objects.filter(
            door=door, kind__in={kind for kind, _field in asked}, field__in={field for _kind, field in asked}
        ).values_list("kind", "field", "pk")
    }
    missing = asked - known.keys()
    if not missing:
        return known
    if KeptGroup.objects.filter(door=door).count() + len(missing) > MOST_GROUPS:
        missing = {(kind, OTHER) for kind, _field in missing}
    kinds, fields = zip(*sorted(missing), strict=True)
    made = fetch_named(GROUPS_OF, door=door, kinds=list(kinds), fields=list(fields))
    return known | {(kind, field): pk for pk, kind, field in made}


def waiting(door: int, keys: Collection[str]) -> dict[str, KeptEvent]:
    """What waits under these keys of a door."""
    return {event.key: event for event in KeptEvent.objects.filter(door=door, state=KeptState.OPEN, key__in=keys)}


def note_again(event: KeptEvent, faults: Sequence[Fault], *, now: datetime) -> None:
    """An event that still cannot be taken in, for other reasons than before, is in the groups of these."""
    KeptFault.objects.filter(event=event).delete()
    note_faults({event.pk: faults}, door=event.door_id, now=event.received_at)


def settle(events: Collection[int], *, state: KeptState, now: datetime) -> None:
    """These events wait no longer, and their receipts say so. Inside a transaction."""
    if events:
        run_named(SETTLE_EVENTS, ids=sorted(events), state=state, now=now)


def drop_events(events: Collection[int]) -> None:
    """Remove events of a person who was erased, inside a transaction; their receipts count them as filtered."""
    if events:
        run_named(DROP_EVENTS, ids=sorted(events))
        KeptEvent.objects.filter(pk__in=events).delete()
