"""The passes over the activities: one for all plain facts, more per unit (object, day) or for the n newest.

Equal questions share a column, different questions share a pass; a pass that grows too wide is continued in another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import LiteralString, cast

from psycopg.sql import SQL, Composable

from engine.catalog import FieldType
from engine.nodes import ANY_ACTIVITY, BARE, AllOf, AnyOf, Condition, FieldLeaf, Not, Repeat, Scalar, leaves
from engine.sql.aggregates import (
    CHUNK,
    LAST,
    ActivitySet,
    AggregateColumns,
    LookBack,
    NewestActivity,
    PassRows,
    RecentActivities,
    by_type,
    furthest,
)
from engine.sql.comparisons import Comparisons
from engine.sql.context import StatementContext
from engine.sql.fragments import FALSE, commas, compose, conjunction, trusted
from engine.values import property_type

NEWEST_PER_UNIT = CHUNK // 4
OCCURRED_AT = SQL("occurred_at")
NOTHING = SQL("")
COVERED = SQL("lead_id, type_id, occurred_at, object")
"""What the index of a lead's activities holds; whoever asks for no more reads no row of the table."""
NOT_EXCLUDED_BY = (
    "NOT EXISTS (SELECT FROM leads_exclusion AS said WHERE said.lead_id = activity.lead_id"
    " AND said.occurred_at = activity.occurred_at AND said.activity_id = activity.id AND said.at <= {}"
    " AND (said.reverted_at IS NULL OR said.reverted_at > {}))"
)
JSON_TYPES: Mapping[FieldType, tuple[LiteralString, LiteralString]] = {
    FieldType.TEXT: ("string", "nullif({} ->> {}, '')"),
    FieldType.DECIMAL: ("number", "({} ->> {})::numeric"),
    FieldType.BOOLEAN: ("boolean", "({} ->> {})::boolean"),
}


@dataclass
class PlainPass:
    """Aggregates over the rows themselves; `reaches` are those of the types it reads, None among them for all types."""

    packed: AggregateColumns
    is_covered: bool
    reaches: dict[int | None, LookBack] = field(default_factory=dict)


@dataclass
class UnitStream:
    """The activities of which a unit pass keeps the newest, in a column of this name."""

    name: str
    match: Composable
    reach: LookBack = field(default_factory=LookBack)

    @property
    def newest(self) -> Composable:
        return compose("max(occurred_at) FILTER (WHERE {})", self.match)

    @property
    def test(self) -> Composable:
        """Of the rows that are read at all; those of one stream alone need no other."""
        return conjunction([self.match, _from(self.reach.start)])


@dataclass
class UnitPass:
    """First the newest matching instant per lead and unit, one column per stream; then aggregates over those."""

    name: str
    unit: Composable
    packed: AggregateColumns
    newest: dict[str, UnitStream] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        return len(self.newest) >= NEWEST_PER_UNIT or len(self.packed) >= CHUNK


class ActivityPasses:
    """Collects what is asked of the activities; `ctes` then gives the passes."""

    def __init__(self, context: StatementContext) -> None:
        self.catalog, self.sources, self.layout = context.catalog, context.sources, context.layout
        self.parameters, self.time = context.parameters, context.time
        self.comparisons = Comparisons(context)
        self.plain: list[PlainPass] = []
        self.units: dict[Repeat, list[UnitPass]] = {}
        self.kinds: set[int | None] = set()
        self.is_covered = True

    # --- asking

    def kept(
        self, activity: str, where: Condition | None, repeat: Repeat = Repeat.EVERY_TIME, at_most: int | None = None
    ) -> ActivitySet:
        """The instants of the matching activities that a repeat policy keeps."""
        if repeat in (Repeat.ONCE_PER_OBJECT, Repeat.ONCE_PER_DAY):
            unit_pass, stream = self._stream(repeat, self.match(activity, where))
            newest = PassRows(unit_pass.packed, trusted(stream.name), stream.reach, is_optional=True)
            return newest if at_most is None else RecentActivities(newest, at_most)
        rows = self._rows(activity, where)
        if repeat is Repeat.ONCE:
            return NewestActivity(rows.ask(LAST))
        return rows if at_most is None else RecentActivities(rows, at_most)

    def newest_of_all(self) -> Composable:
        """The instant of the newest sign of interest, `-infinity` if there is none."""
        return self._rows(ANY_ACTIVITY, None).ask(LAST)

    def interest(self, activity: str) -> Composable | None:
        """A test on a row where a rule speaks of any activity: it is a sign of interest. None where all types are."""
        types = self.catalog.activities.values()
        if activity != ANY_ACTIVITY or all(kind.is_interest for kind in types):
            return None
        signs = sorted(kind.pk for kind in types if kind.is_interest)
        return compose("type_id = ANY({})", self.parameters(signs, "smallint[]"))

    def _rows(self, activity: str, where: Condition | None) -> PassRows:
        """What the covering index answers, in the order of leads, stays apart from what needs the table."""
        kind, is_covered = self._kind(activity), _is_covered(where)
        self.is_covered &= is_covered
        open_passes = (each for each in self.plain if each.is_covered is is_covered and len(each.packed) < CHUNK)
        chosen = next(open_passes, None)
        if chosen is None:
            chosen = PlainPass(AggregateColumns(f"a{len(self.plain)}", self.layout), is_covered)
            self.plain.append(chosen)
        reach = chosen.reaches.setdefault(kind, LookBack())
        tests = [self.interest(activity), None if where is None else self._where(where)]
        wanted = [test for test in tests if test is not None]
        return PassRows(chosen.packed, OCCURRED_AT, reach, conjunction(wanted) if wanted else None, kind)

    def _stream(self, repeat: Repeat, match: Composable) -> tuple[UnitPass, UnitStream]:
        passes = self.units.setdefault(repeat, [])
        text = match.as_string(None)
        for known in passes:
            if text in known.newest and not known.is_full:
                return known, known.newest[text]
        if not passes or passes[-1].is_full:
            prefix = "o" if repeat is Repeat.ONCE_PER_OBJECT else "d"
            name = f"{prefix}{len(passes)}"
            passes.append(UnitPass(name, self.unit(repeat), AggregateColumns(name, self.layout)))
        newest = passes[-1].newest
        newest[text] = UnitStream(f"m{len(newest)}", match)
        return passes[-1], newest[text]

    def unit(self, repeat: Repeat) -> Composable:
        """What activities have in common of which only the newest is kept."""
        if repeat is Repeat.ONCE_PER_OBJECT:
            return SQL("object")
        return compose("(occurred_at AT TIME ZONE {})::date", self.parameters(self.time.zone, "text"))

    # --- matching

    def match(self, activity: str, where: Condition | None) -> Composable:
        """A test on a row of activities."""
        kind = self._kind(activity)
        self.is_covered &= _is_covered(where)
        own = None if kind is None else compose("type_id = {}", trusted(f"{kind:d}::smallint"))
        return conjunction([own, self.interest(activity), None if where is None else self._where(where)])

    def _kind(self, activity: str) -> int | None:
        """The type that rows have to have, None for any; all that were asked for are remembered."""
        kind = None if activity == ANY_ACTIVITY else self.catalog.activities[activity].pk
        self.kinds.add(kind)
        return kind

    def _where(self, node: Condition) -> Composable:
        match node:
            case AllOf(parts=parts):
                return compose("({})", SQL(" AND ").join([self._where(part) for part in parts]))
            case AnyOf(parts=parts):
                return compose("({})", SQL(" OR ").join([self._where(part) for part in parts]))
            case Not(part=part):
                return compose("(NOT {})", self._where(part))
            case FieldLeaf():
                return self._compared(node)
            case _:
                return FALSE

    def _compared(self, leaf: FieldLeaf) -> Composable:
        """An activity without an object has an unknown one; a property of another type is unknown to the comparison."""
        if leaf.field == "object":
            return self.comparisons.compare(SQL("nullif(object, '')"), FieldType.TEXT, leaf.op, leaf.value)
        key = self.parameters(leaf.field.removeprefix("properties."), "text")
        if leaf.op in BARE:
            present = compose("nullif(nullif(properties -> {}, 'null'::jsonb), '\"\"'::jsonb)", key)
            return self.comparisons.compare(present, FieldType.TEXT, leaf.op, None)
        kind = property_type(cast("Scalar", leaf.value))
        json_type, template = JSON_TYPES[kind]
        column = SQL("properties")
        operand = compose(
            "CASE WHEN jsonb_typeof({column} -> {key}) = {json_type} THEN {value} END",
            column=column,
            key=key,
            json_type=self.parameters(json_type, "text"),
            value=compose(template, column, key),
        )
        return self.comparisons.compare(operand, kind, leaf.op, leaf.value)

    # --- the passes

    def stored(self, *tests: Composable | None, joined: Composable = NOTHING) -> Composable:
        """FROM and WHERE of the activities in scope that were known, whatever their time."""
        counted: list[Composable] = [SQL("NOT is_excluded")]
        if self.sources.known_at is not None:  # received by then, and not among those that were not counted then
            then = self.parameters(self.sources.known_at, "timestamptz")
            counted = [compose("received_at <= {}", then), compose(NOT_EXCLUDED_BY, then, then)]
        where = conjunction([self.sources.scope.of("lead_id"), *counted, *tests])
        return compose("{} AS activity{} WHERE {}", SQL(self.sources.activity.text), joined, where)

    def past(self) -> Composable:
        """A test: up to t."""
        return compose("occurred_at <= {}", self.parameters(self.time.t, "timestamptz"))

    def _rows_of(self, *tests: Composable | None) -> Composable:
        """FROM and WHERE of what a pass reads: the table, or what was read once of few leads for all passes."""
        return compose("acts WHERE {}", conjunction(tests)) if self.sources.scope.is_small else self.stored(*tests)

    def _of_types(self, kinds: Collection[int | None]) -> Composable | None:
        known = sorted(kind for kind in kinds if kind is not None)
        return None if len(known) < len(kinds) else compose("type_id = ANY({})", self.parameters(known, "smallint[]"))

    def _reached(self, reaches: Mapping[int | None, LookBack]) -> Iterator[Composable | None]:
        """Tests: of these types, and not before anybody asks for that type. The start of all lets PostgreSQL pass by
        whole months; the start of each spares aggregates, of which every row passes through all."""
        yield _from(furthest(reaches.values()))
        starts = {kind: reach.start for kind, reach in reaches.items() if kind is not None}
        if None in reaches or len({start and start.as_string(None) for start in starts.values()}) == 1:
            yield self._of_types(reaches)
        else:
            ever = {kind: SQL("'-infinity'::timestamptz") if start is None else start for kind, start in starts.items()}
            yield _from(by_type(ever, SQL("'infinity'::timestamptz")))

    def ctes(self) -> list[tuple[str, Composable]]:
        """Every pass, named."""
        passes = []
        for plain in self.plain:
            rows = self._rows_of(self.past(), *self._reached(plain.reaches))
            query = compose("SELECT lead_id, {} FROM {} GROUP BY lead_id", commas(plain.packed.select()), rows)
            passes.append((plain.packed.name, query))
        units = [unit for units in self.units.values() for unit in units]
        return [*passes, *((unit.name, self._unit_pass(unit)) for unit in units)]

    def read_once(self) -> Iterator[tuple[str, Composable]]:
        """The rows of few leads, which all passes share."""
        if self.sources.scope.is_small and self.kinds:
            columns = COVERED if self.is_covered else compose("{}, properties", COVERED)
            yield "acts", compose("SELECT {} FROM {}", columns, self.stored(self._of_types(self.kinds)))

    def _unit_pass(self, unit: UnitPass) -> Composable:
        streams = list(unit.newest.values())
        only = len(streams) == 1
        newest = [SQL("max(occurred_at)") if only else stream.newest for stream in streams]
        columns = [
            compose("{} AS {}", value, trusted(stream.name)) for value, stream in zip(newest, streams, strict=True)
        ]
        rows = self._rows_of(
            self.past(),
            _from(furthest(stream.reach for stream in streams)),
            compose("({})", SQL(" OR ").join([stream.test for stream in streams])),
        )
        inner = compose("SELECT lead_id, {} FROM {} GROUP BY lead_id, {}", commas(columns), rows, unit.unit)
        return compose("SELECT lead_id, {} FROM ({}) AS units GROUP BY lead_id", commas(unit.packed.select()), inner)

    def arrivals(self, tests: Sequence[Composable]) -> Composable:
        """Per resting lead and test, whether an activity that passes it has arrived since: `again1`, `again2`, ...; and
        whether one of the types that the lead waits for has: `woken`."""
        assert self.sources.resting is not None
        columns = [compose("bool_or({}) AS {}", test, trusted(f"again{n}")) for n, test in enumerate(tests, start=1)]
        columns.append(SQL("bool_or(type_id = ANY(wake_types)) AS woken"))
        resting = compose(
            " JOIN (SELECT lead_id AS resting_id, since, wake_types FROM {} AS resting) AS rest"
            " ON resting_id = lead_id AND received_at > since",
            SQL(self.sources.resting.text),
        )
        rows = self.stored(self.past(), joined=resting)
        return compose("SELECT lead_id, {} FROM {} GROUP BY lead_id", commas(columns), rows)

    def upcoming(self) -> Composable | None:
        """Per lead the first activity that lies ahead of t, if the rules look at activities at all."""
        if not self.kinds:
            return None
        ahead = compose("occurred_at > {}", self.parameters(self.time.t, "timestamptz"))
        rows = self._rows_of(ahead, self._of_types(self.kinds))
        return compose("SELECT lead_id, min(occurred_at) AS at FROM {} GROUP BY lead_id", rows)


def _from(start: Composable | None) -> Composable | None:
    return None if start is None else compose("occurred_at >= {}", start)


def _is_covered(where: Condition | None) -> bool:
    """Whether type, time and object are all that is asked of a row: the index of a lead's activities holds them."""
    return all(isinstance(leaf, FieldLeaf) and leaf.field == "object" for leaf in leaves(where))
