"""What a door does with a fault that somebody repaired: rename, leave out, read a time in a zone.

A repair belongs to a group of faults (door, kind and field) and mends only rows that have that fault. What comes
through the door later is mended by the same words as what is kept back, so that both end up alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from frame.api.problems import ApiProblem

MOST_REPAIRS = 5  # of one row, one after the other: a circle of renamings has an end
FIELD_LENGTH = 160
PROPERTY = "property_"  # begins the kind of a property's fault, which ends with what was expected
UNKNOWN_TYPE, UNKNOWN_FIELD, TIME = "unknown_type", "unknown_field", "time"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why an event is kept: the code of the problem, its path in the event, and what its group is called after."""

    kind: str
    where: str
    field: str

    @classmethod
    def of(cls, problem: ApiProblem, type_code: str) -> Fault:
        """The fault that a problem of a row is; paths begin at the row."""
        field = problem.where
        if problem.code == UNKNOWN_TYPE:
            field = type_code
        elif problem.code.startswith(PROPERTY):
            field = f"{type_code}.{problem.where.removeprefix('properties.')}"
        return cls(kind=problem.code, where=problem.where[:FIELD_LENGTH], field=field[:FIELD_LENGTH])


class Act(StrEnum):
    """What a repair does."""

    MAP = "map"
    """Call the type, property or field by another name, `to`."""
    DROP = "drop"
    """Leave the value out; in the place of a key, take one that is made of the content."""
    ZONE = "zone"
    """Read a time without a zone as one of the zone `to`."""
    RECEIVED = "received"
    """Take the time at which the event came."""
    CHANGED = "changed"
    """Nothing at the door: a type was made, or what a property holds was changed."""


@dataclass(frozen=True, kw_only=True)
class Repair:
    act: Act
    to: str = ""

    def as_dict(self) -> dict[str, str]:
        return {"act": self.act.value, "to": self.to}

    @classmethod
    def of(cls, kept: Mapping[str, str]) -> Repair:
        return cls(act=Act(kept["act"]), to=kept.get("to", ""))


Repairs = Mapping[tuple[str, str], Repair]
"""The repairs of a door by kind and field of the fault."""


def mend(row: Any, faults: Iterable[Fault], repairs: Repairs, *, received_at: datetime) -> Any:
    """The row with the repairs of its faults; the same object where there is none for it."""
    mended = row
    for fault in faults:
        repair = repairs.get((fault.kind, fault.field))
        if repair is not None and isinstance(mended, dict):
            mended = _mended(mended, fault, repair, received_at)
    return mended


def _mended(row: dict[str, Any], fault: Fault, repair: Repair, received_at: datetime) -> dict[str, Any]:
    """The row with one repair; the same object where that changes nothing."""
    if repair.act == Act.RECEIVED:
        return row | {"occurred_at": received_at.isoformat()}
    if repair.act == Act.ZONE:
        return _in_zone(row, repair.to)
    if fault.kind == UNKNOWN_TYPE:
        return row | {"type": repair.to} if repair.act == Act.MAP else row
    if fault.where == "key":
        return row | {"key": digest_key(row)}
    owner, _dot, name = fault.where.rpartition(".")
    if fault.kind.startswith(PROPERTY):
        owner, name = "properties", fault.where.removeprefix("properties.")
    if repair.act not in (Act.MAP, Act.DROP):
        return row
    if not owner:
        return renamed(row, name, repair.to)
    inner = row.get(owner)
    return row | {owner: renamed(inner, name, repair.to)} if isinstance(inner, dict) and name in inner else row


def digest_key(row: Any) -> str:
    """What stands for the key of an event that has none: the same content is the same event."""
    content = json.dumps(row, sort_keys=True, default=str).encode()
    return f"content:{hashlib.sha256(content).hexdigest()[:40]}"


def renamed(values: dict[str, Any], name: str, to: str) -> dict[str, Any]:
    """The values with one called otherwise, or left out where `to` is "". What is there under that name stays."""
    rest = {key: value for key, value in values.items() if key != name}
    return {to: values[name]} | rest if to and name in values else rest


def _in_zone(row: dict[str, Any], zone: str) -> dict[str, Any]:
    """A time without a zone becomes one of this zone; what is no time at all stays."""
    try:
        told = datetime.fromisoformat(str(row.get("occurred_at")).strip().replace("/", "-"))
    except ValueError:
        return row
    return row | {"occurred_at": told.replace(tzinfo=ZoneInfo(zone)).isoformat()} if told.tzinfo is None else row
