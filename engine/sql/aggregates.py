"""What can be asked of a set of instants, and sets of instants to ask: the shape of every fact about activities.

A rule or leaf keeps some activities of a lead (all, the newest, the newest per object or day, the n newest of those)
and asks for measures of what it kept: how many, how many points, the first, the last, the soonest flip. Where the kept
instants live decides only how the question is put to PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import LiteralString, Protocol

from psycopg.sql import SQL, Composable

from engine.sql.fragments import TRUE, compose, conjunction, extreme, total, trusted
from engine.sql.select_chain import ColumnLayout

Of = Callable[[Composable], Composable]
WRITTEN_OUT = 4
"""Newest instants up to which each is named by its place in the list."""
CHUNK = 400
"""Aggregates in one pass. PostgreSQL carries at most 1,664 columns, and rules may ask for 30,000."""


@dataclass(frozen=True)
class Aggregate:
    """An aggregate, the type of its result, and what it is when there is nothing to aggregate."""

    name: LiteralString
    function: LiteralString
    kind: LiteralString
    absent: LiteralString


COUNT = Aggregate("count", "count", "bigint", "0::bigint")
TOTAL = Aggregate("total", "sum", "bigint", "0::bigint")
FIRST = Aggregate("first", "min", "timestamptz", "'infinity'::timestamptz")
LAST = Aggregate("last", "max", "timestamptz", "'-infinity'::timestamptz")
MEASURES = (COUNT, TOTAL, FIRST, LAST)

NEXT = Aggregate("next", "min", "timestamptz", "'infinity'::timestamptz")
SOONEST = Aggregate("soonest", "min", "float8", "'infinity'::float8")
ROUNDINGS = Aggregate("roundings", "sum", "bigint", "0")
EXACT = Aggregate("exact", "sum", "float8", "0::float8")
SHARED = (NEXT, SOONEST, ROUNDINGS, EXACT)
"""Measures of which only one for all rules together is wanted: the earliest end, the soonest flip, all roundings, and
the sum before rounding."""


def itself(instant: Composable) -> Composable:
    return instant


@dataclass(frozen=True, eq=False)
class SharedValue:
    """What a shared measure comes to. Rules that get the very same one share it; equal texts may count two things."""

    value: Composable


class ActivitySet(Protocol):
    """The kept activities of a lead, as a set of instants."""

    def ask(self, measure: Aggregate, of: Of = itself, since: Composable | None = None) -> Composable:
        """A measure of `of(instant)` over the instants from `since` on, as an expression over the lead's facts."""

    def share(self, measure: Aggregate, of: Of, since: Composable | None = None) -> SharedValue:
        """The same for a shared measure: what comes back may speak for other rules as well."""


class LookBack:
    """How far back something is looked at: rows before that need not be read."""

    def __init__(self) -> None:
        self.sinces: list[Composable] = []
        self.is_limited = True

    def add(self, since: Composable | None) -> None:
        """Somebody asks for what is not before `since`; None for however long ago."""
        if since is None:
            self.is_limited = False
        else:
            self.sinces.append(since)

    @property
    def start(self) -> Composable | None:
        """The earliest instant that anybody asked for; None for no limit."""
        return extreme("least", self.sinces) if self.is_limited else None


def furthest(reaches: Iterable[LookBack]) -> Composable | None:
    """The earliest start; None if one of them has no limit."""
    starts = [reach.start for reach in reaches]
    known = [start for start in starts if start is not None]
    return extreme("least", known) if len(known) == len(starts) else None


def aggregate(measure: Aggregate, argument: Composable, test: Composable) -> Composable:
    """The aggregate of one column; NULL when there is nothing to aggregate."""
    if measure is COUNT:
        return compose("count(*) FILTER (WHERE {})", test)
    return compose("{}({}) FILTER (WHERE {})", SQL(measure.function), argument, test)


def present(measure: Aggregate, value: Composable) -> Composable:
    return compose("coalesce({}, {})", value, SQL(measure.absent))


def together(measure: Aggregate, parts: list[Composable]) -> Composable:
    """What an aggregate makes of many rows, of some values, of which any may be NULL."""
    if measure.function == "sum":
        return parts[0] if len(parts) == 1 else total([present(measure, part) for part in parts], measure.absent)
    return extreme("least" if measure.function == "min" else "greatest", parts) or SQL("NULL")


class AggregateColumns:
    """The aggregates of one grouped SELECT; equal ones are kept once. Very many are packed by measure into arrays."""

    def __init__(self, name: str, layout: ColumnLayout) -> None:
        self.name, self.layout = name, layout
        self.slots: dict[Aggregate, dict[str, Composable]] = {measure: {} for measure in MEASURES}
        self.shared: dict[Aggregate, AlternativesByType] = {}
        self.shares: dict[Aggregate, SharedValue] = {}
        self.lists: dict[str, Composable] = {}

    def __len__(self) -> int:
        return sum(len(slots) for slots in self.slots.values())

    def share(self, measure: Aggregate, kind: int | None, test: Composable, value: Composable) -> SharedValue:
        """One more activity kind and value for a shared measure."""
        self.shared.setdefault(measure, AlternativesByType(measure)).add(kind, test, value)
        column = compose("{}.{}", trusted(self.name), SQL(measure.name))
        return self.shares.setdefault(measure, SharedValue(present(measure, column)))

    def add(self, measure: Aggregate, column: Composable) -> Composable:
        """The fact as a lead has it, whether or not the pass has a row for the lead."""
        slots, text = self.slots[measure], column.as_string(None)
        slots.setdefault(text, column)
        place = self.layout.place(measure.name, list(slots).index(text) + 1)
        return present(measure, compose("{}.{}", trusted(self.name), place))

    def listed(self, instant: Composable, test: Composable) -> Composable:
        """The instants that pass the test, the newest last, as an array; NULL of none.

        In the order of time, which is the order of the index: nothing is sorted for it.
        """
        column = compose("array_agg({0} ORDER BY {0}) FILTER (WHERE {1})", instant, test)
        self.lists.setdefault(column.as_string(None), column)
        return trusted(f"{self.name}.list{list(self.lists).index(column.as_string(None)) + 1}")

    def select(self) -> list[Composable]:
        """The select list of the pass."""
        columns: list[tuple[str, Composable]] = []
        for measure in MEASURES:
            columns += self.layout.columns(measure.name, list(self.slots[measure].values()), measure.kind)
        columns += [(f"list{index}", column) for index, column in enumerate(self.lists.values(), start=1)]
        columns += [(measure.name, alternatives.aggregate()) for measure, alternatives in self.shared.items()]
        return [compose("{} AS {}", value, trusted(name)) for name, value in columns]


class AlternativesByType:
    """What rows of different types give to one aggregate.

    A row finds its own alternatives by halving the list of types: far cheaper than an aggregate for each of them. Where
    it has none it gives NULL, which aggregates pass over at once.
    """

    def __init__(self, measure: Aggregate) -> None:
        self.measure = measure
        self.by_kind: dict[int | None, list[tuple[Composable, Composable]]] = {}

    def add(self, kind: int | None, test: Composable, value: Composable) -> None:
        self.by_kind.setdefault(kind, []).append((test, value))

    def aggregate(self) -> Composable:
        """A single alternative needs no search: the aggregate's own filter finds it."""
        (kind, found), *others = self.by_kind.items()
        if not others and len(found) == 1:
            test, value = found[0]
            return aggregate(self.measure, value, conjunction([_is_of(kind), test]))
        given = {
            kind: together(
                self.measure, [compose("CASE WHEN {} THEN {} END", test, value) for test, value in alternatives]
            )
            for kind, alternatives in self.by_kind.items()
        }
        parts = [given.pop(None)] if None in given else []
        if by_own := {kind: value for kind, value in given.items() if kind is not None}:
            parts.append(by_type(by_own, SQL("NULL")))
        return compose("{}({})", SQL(self.measure.function), together(self.measure, parts))


def by_type(found: Mapping[int, Composable], otherwise: Composable) -> Composable:
    """What a row's type finds, by halving the list of types."""
    kinds = sorted(found)
    if len(kinds) == 1:
        return compose("CASE WHEN type_id = {} THEN {} ELSE {} END", _type(kinds[0]), found[kinds[0]], otherwise)
    middle = len(kinds) // 2
    lower, upper = ({kind: found[kind] for kind in half} for half in (kinds[:middle], kinds[middle:]))
    lower_half, upper_half = by_type(lower, otherwise), by_type(upper, otherwise)
    return compose("CASE WHEN type_id < {} THEN {} ELSE {} END", _type(kinds[middle]), lower_half, upper_half)


def _is_of(kind: int | None) -> Composable | None:
    return None if kind is None else compose("type_id = {}", _type(kind))


def _type(pk: int) -> Composable:
    return trusted(f"{pk:d}::smallint")


@dataclass(frozen=True)
class PassRows:
    """Instants that are rows of a pass: one aggregate column answers. `kind` is the type that the rows have to have.

    Where not every row has it (`is_optional`), it is NULL in the others. `reach` collects how far back one asks.
    """

    packed: AggregateColumns
    instant: Composable
    reach: LookBack
    test: Composable | None = None
    kind: int | None = None
    is_optional: bool = False

    def ask(self, measure: Aggregate, of: Of = itself, since: Composable | None = None) -> Composable:
        return self.packed.add(measure, aggregate(measure, of(self.instant), self._own(since)))

    def listed(self, since: Composable | None) -> Composable:
        """All from `since` on as an array, the newest last; NULL of none."""
        return self.packed.listed(self.instant, self._own(since))

    def share(self, measure: Aggregate, of: Of, since: Composable | None = None) -> SharedValue:
        return self.packed.share(measure, self.kind, self._from(since), of(self.instant))

    def _own(self, since: Composable | None) -> Composable:
        return conjunction([_is_of(self.kind), self._from(since)])

    def _from(self, since: Composable | None) -> Composable:
        self.reach.add(since)
        there = compose("{} IS NOT NULL", self.instant) if self.is_optional else None
        return conjunction([there if since is None else compose("{} >= {}", self.instant, since), self.test])


@dataclass(frozen=True)
class NewestActivity:
    """The one newest instant, itself a fact (`-infinity` if there is none): a CASE answers."""

    instant: Composable

    def ask(self, measure: Aggregate, of: Of = itself, since: Composable | None = None) -> Composable:
        since = since or SQL("'-infinity'::timestamptz")
        value = SQL("1::bigint") if measure is COUNT else of(self.instant)
        return compose(
            "CASE WHEN {at} > '-infinity' AND {at} >= {since} THEN {value} ELSE {absent} END",
            at=self.instant,
            since=since,
            value=value,
            absent=SQL(measure.absent),
        )

    def share(self, measure: Aggregate, of: Of, since: Composable | None = None) -> SharedValue:
        return SharedValue(self.ask(measure, of, since))


@dataclass(frozen=True)
class RecentActivities:
    """The `at_most` newest of some rows: counted with the rows, otherwise measured one by one."""

    rows: PassRows
    at_most: int

    def ask(self, measure: Aggregate, of: Of = itself, since: Composable | None = None) -> Composable:
        if measure is COUNT:  # those since an instant are newer than all others
            return compose("least({}, {}::bigint)", self.rows.ask(COUNT, since=since), trusted(str(self.at_most)))
        listed = self.rows.listed(since)
        say_it = self._each_by_place if self.at_most <= WRITTEN_OUT else self._each_of_some
        return compose(
            "CASE WHEN {listed} IS NULL THEN {absent} ELSE {value} END",
            listed=listed,
            absent=SQL(measure.absent),
            value=present(measure, say_it(listed, measure, of)),
        )

    def _each_by_place(self, listed: Composable, measure: Aggregate, of: Of) -> Composable:
        """The last places of the array, written out. A subquery for three instants costs more than all other rules."""
        parts = []
        for place in range(self.at_most):
            instant = compose("{0}[cardinality({0}) - {1}]", listed, trusted(str(place)))
            parts.append(compose("CASE WHEN {} IS NOT NULL THEN {} END", instant, of(instant)))
        return compose("({})", together(measure, parts))

    def _each_of_some(self, listed: Composable, measure: Aggregate, of: Of) -> Composable:
        kept = compose("{0}[greatest(cardinality({0}) - {1}, 0) + 1:]", listed, trusted(str(self.at_most)))
        value = aggregate(measure, of(SQL("kept.at")), TRUE)
        return compose("(SELECT {} FROM unnest({}) AS kept(at))", value, kept)

    def share(self, measure: Aggregate, of: Of, since: Composable | None = None) -> SharedValue:
        return SharedValue(self.ask(measure, of, since))
