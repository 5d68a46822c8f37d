"""One list of everything that happened with a lead, or with all leads of a company, newest first.

Each kind of entry brings a loader; higher apps register theirs (scores, answers, contacts), so nothing here imports
them. A page merges the newest of every kind and goes on at a signed place (instant, kind, id).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext

from accounts.models import User
from leads.enquiry import Span
from web.paging import Order, merged, signed, unsigned

PAGE = 30
MOST_LEADS = 500
CURSOR = "timeline"
ABOVE_ALL_IDS = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """A line of the timeline. `spans` are the words of `text` that tell something: (begin, end, kind). `said` is what
    each of its clauses says: the clause and that in words. `speaker` names who wrote it where it is nobody who may buy.

    `not_counted` says why an activity is left out of the scores. `points` is what it gives now, `full_points` what it
    gave when it happened, in hundredths and before any cap; None for what gives nothing.
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
    headcount_to: int | None = None
    speaker: str = ""
    said: Sequence[tuple[str, str]] = ()
    object: str = ""
    by: str = ""
    source: str = ""
    tone: str = ""
    not_counted: str = ""
    points: int | None = None
    full_points: int | None = None
    details: tuple[tuple[str, str], ...] = ()
    recorded_at: datetime | None = None

    @property
    def has_faded(self) -> bool:
        return self.points != self.full_points

    @property
    def css_class(self) -> str:
        tone = f" lq-entry-{self.tone}" if self.tone else ""
        return f"lq-entry{tone}{' lq-entry-idle' if self.not_counted else ''}"


@dataclass(frozen=True, kw_only=True)
class TimelineScope:
    """What a loader is asked for: whose entries, from where on, how many, and for whose eyes.

    `position` is the instant and id under which this kind's entries of the page lie; None on the first page.
    """

    leads: Sequence[int]
    reader: User
    opened: Collection[int]
    position: tuple[datetime, int] | None
    size: int

    def told(self, lead_id: int, text: str) -> str:
        """What a colleague wrote about a lead: it may hold a telephone number, and is masked like one."""
        return text if lead_id in self.opened or not text else gettext("Claim the lead to see this")

    def newest(self, rows: QuerySet[Any], at: str) -> list[Any]:
        """The rows that belong on this page at most, by their time field `at`."""
        order = Order.by(f"-{at}")
        if self.position is not None:
            # The plain bound beside the exact one spares the later partitions of activities.
            rows = rows.filter(Q(**{f"{at}__lte": self.position[0]}), order.beyond(self.position))
        return list(rows.order_by(*order.expressions())[: self.size])


Loader = Callable[[TimelineScope], Iterable[TimelineEntry]]


@dataclass(frozen=True, kw_only=True)
class EntryKind:
    """Entries of one kind, with what reads those of a lead. Higher apps register theirs."""

    code: str
    label: str | Promise
    load: Loader


Points = Mapping[int, tuple[int, int]]
"""What each activity gives now and gave at first, by its id, in hundredths."""
PointsReader = Callable[[User, int], Points]
"""Says what the activities of a lead give, as far as this reader may see points."""


@dataclass(frozen=True, kw_only=True)
class Timeline:
    entries: list[TimelineEntry] = field(default_factory=list)
    older: str = ""


_kinds: dict[str, EntryKind] = {}
_points_readers: list[PointsReader] = []


def register_entry_kinds(*kinds: EntryKind) -> None:
    """Make kinds of entries known; called once by each app when it is ready."""
    for kind in kinds:
        if kind.code in _kinds:
            raise ValueError(f"{kind.code} is registered twice")
        _kinds[kind.code] = kind


def register_points_reader(reader: PointsReader) -> None:
    """Make known who says how many points each activity of a lead gives; called once, by the app that scores."""
    _points_readers.append(reader)


def kinds() -> list[EntryKind]:
    return list(_kinds.values())


def timeline(
    *, leads: Sequence[int], reader: User, opened: Collection[int], kind: str = "", older: str = "", size: int = PAGE
) -> Timeline:
    """A page of the timeline; all kinds unless one is named. An `older` that is not ours begins at the newest."""
    last = unsigned(CURSOR, older)
    lists = []
    for rank, shown in enumerate(_kinds.values()):
        if kind in ("", shown.code):
            position = _position(last, rank)
            scope = TimelineScope(leads=leads, reader=reader, opened=opened, position=position, size=size + 1)
            lists.append([(entry.at, rank, entry.pk, entry) for entry in shown.load(scope)])
    rows, has_more = merged(lists, key=lambda row: row[:3], size=size)
    entries = _with_points([row[3] for row in rows], leads, reader)
    return Timeline(entries=entries, older=signed(CURSOR, rows[-1][:3]) if has_more else "")


def _with_points(entries: list[TimelineEntry], leads: Sequence[int], reader: User) -> list[TimelineEntry]:
    """The entries, each activity with its points; only for a single lead: one explanation tells all of its points."""
    if len(leads) != 1 or not any(entry.kind == "activity" for entry in entries):
        return entries
    given = {pk: pair for points_of in _points_readers for pk, pair in points_of(reader, leads[0]).items()}
    return [
        replace(entry, points=given[entry.pk][0], full_points=given[entry.pk][1])
        if entry.kind == "activity" and entry.pk in given
        else entry
        for entry in entries
    ]


def _position(last: Sequence[Any], rank: int) -> tuple[datetime, int] | None:
    """Where a kind of this rank goes on below the last entry shown: at one instant the higher ranks come first."""
    if not last:
        return None
    at, last_rank, pk = last
    if rank == last_rank:
        return at, pk
    return at, ABOVE_ALL_IDS if rank < last_rank else 0
