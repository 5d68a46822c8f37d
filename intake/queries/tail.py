"""The newest that came through the doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from intake.database import fetch_named
from intake.statements import TAIL

MOST = 100


@dataclass(frozen=True, kw_only=True)
class TailRow:
    """One event: taken in where it has an activity, else kept back."""

    at: datetime
    source: str
    key: str
    type: str
    object: str
    lead: int | None
    activity: int | None
    event: int | None


def tail(sources: Sequence[str], *, outcome: str = "") -> list[TailRow]:
    """The last MOST events of these sources, newest first; `outcome` is "", taken or kept."""
    rows = fetch_named(TAIL, sources=list(sources), taken=outcome != "kept", kept=outcome != "taken", most=MOST)
    names = ("at", "source", "key", "type", "object", "lead", "activity", "event")
    return [TailRow(**dict(zip(names, row, strict=True))) for row in rows]
