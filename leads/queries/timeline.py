"""One list of everything that happened with a lead, or with all leads of a company, newest first.

Each kind of entry brings a loader; higher apps register theirs (scores, answers, contacts), so nothing here imports
them. A page merges the newest of every kind and goes on at a signed place (instant, kind, id).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from accounts.models import User
from leads.enquiry import Span
from web.paging import signed, unsigned

PAGE = 30
MOST_LEADS = 500


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the timeline. `spans` are the words of `text` that tell something: (begin, end, kind).

    `not_counted` says why an activity is left out of the scores.
    """

    kind: str
    at: datetime
    pk: int
    lead_id: int
    title: str | Promise
    icon: str = "dot"
    text: str = ""
    spans: Sequence[Span] = ()
    temperature: str = ""
    headcount: int | None = None
    object: str = ""
    by: str = ""
    told: str = ""
    tone: str = ""
    not_counted: str = ""
    details: tuple[tuple[str, str], ...] = ()
    recorded_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a page begins: just under this instant, this kind's rank, this id."""

    at: datetime
    rank: int
    pk: int


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a loader is asked for: whose entries, from where on, how many, and for whose eyes."""

    leads: Sequence[int]
    reader: User
    opened: Collection[int]
    rank: int
    place: Place | None
    size: int

    def newest(self, rows: QuerySet[Any], at: str) -> list[Any]:
        """The rows that belong on this page at most, by their time field `at`."""
        rows = rows.order_by(f"-{at}", "-pk")
        return list(rows.filter(self._beneath(at))[: self.size] if self.place else rows[: self.size])

    def _beneath(self, at: str) -> Q:
        place = self.place
        assert place is not None
        earlier = Q(**{f"{at}__lt": place.at})
        if self.rank < place.rank:
            return Q(**{f"{at}__lte": place.at})
        if self.rank > place.rank:
            return earlier
        # The plain bound beside the exact one is what an index can begin from.
        return Q(**{f"{at}__lte": place.at}) & (earlier | Q(pk__lt=place.pk))


Loader = Callable[[Scope], Iterable[Entry]]


@dataclass(frozen=True, kw_only=True)
class Kind:
    code: str
    label: str | Promise
    load: Loader


@dataclass(frozen=True, kw_only=True)
class Timeline:
    entries: list[Entry] = field(default_factory=list)
    older: str = ""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add a kind of entry; registering it again replaces it."""
    _kinds[kind.code] = kind


def kinds() -> list[Kind]:
    return list(_kinds.values())


def timeline(
    *, leads: Sequence[int], reader: User, opened: Collection[int], kind: str = "", older: str = "", size: int = PAGE
) -> Timeline:
    """A page of the timeline; all kinds unless one is named. An `older` that is not ours begins at the newest."""
    place = _read(older)
    pages = []
    for rank, each in enumerate(_kinds.values()):
        if kind in ("", each.code):
            scope = Scope(leads=leads, reader=reader, opened=opened, rank=rank, place=place, size=size + 1)
            pages.append([(entry.at, rank, entry.pk, entry) for entry in each.load(scope)])
    merged = heapq.merge(*pages, key=lambda row: row[:3], reverse=True)
    found = list(islice(merged, size + 1))
    last = found[size - 1][:3] if len(found) > size else None
    return Timeline(entries=[row[3] for row in found[:size]], older=signed(["timeline", *last]) if last else "")


def _read(text: str) -> Place | None:
    values = unsigned(text)
    if len(values) != 4 or values[0] != "timeline":
        return None
    return Place(at=values[1], rank=values[2], pk=values[3])
