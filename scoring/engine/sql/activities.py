"""The passes over the activities: one for all plain facts, more per unit (object, day) or for the n newest.

Equal questions share a column, different questions share a pass; a pass that grows too wide is continued in another.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import LiteralString, cast

from psycopg.sql import SQL, Composable

from scoring.engine.catalog import Catalog, FieldType
from scoring.engine.nodes import (
    ANY_ACTIVITY,
    BARE,
    AllOf,
    AnyOf,
    Condition,
    FieldLeaf,
    Not,
    Repeat,
    Scalar,
)
from scoring.engine.sql.comparisons import Comparisons
from scoring.engine.sql.fragments import FALSE, TRUE, Parameters, commas, conjunction, ours, say
from scoring.engine.sql.layers import Shape
from scoring.engine.sql.measures import CHUNK, LAST, Instants, Listed, Newest, Packed, Rows
from scoring.engine.sql.moment import Moment
from scoring.engine.sql.sources import Sources
from scoring.engine.values import property_type

NEWEST_PER_UNIT = CHUNK // 4
OCCURRED_AT = SQL("occurred_at")
JSON_TYPES: Mapping[FieldType, tuple[LiteralString, LiteralString]] = {
    FieldType.TEXT: ("string", "nullif({} ->> {}, '')"),
    FieldType.DECIMAL: ("number", "({} ->> {})::numeric"),
    FieldType.BOOLEAN: ("boolean", "({} ->> {})::boolean"),
}


@dataclass
class Listing:
    """Array columns of the n newest instants, beside the packed aggregates of a pass."""

    name: str
    columns: dict[str, Composable] = field(default_factory=dict)

    def add(self, column: Composable) -> Composable:
        """The list as a lead has it; NULL when the pass has no row for the lead."""
        self.columns.setdefault(column.as_string(None), column)
        return ours(f"{self.name}.kept{list(self.columns).index(column.as_string(None))}")

    def select(self) -> list[Composable]:
        return [say("{} AS {}", column, ours(f"kept{index}")) for index, column in enumerate(self.columns.values())]


@dataclass
class PlainPass:
    """Aggregates over the rows themselves; `kinds` are the types it reads, None among them for all."""

    packed: Packed
    is_narrow: bool
    kinds: set[int | None] = field(default_factory=set)


@dataclass
class UnitPass:
    """First the newest matching instant per lead and unit, one column per stream; then aggregates over those."""

    name: str
    unit: Composable
    packed: Packed
    listing: Listing
    newest: dict[str, tuple[str, Composable]] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        return len(self.newest) >= NEWEST_PER_UNIT or len(self.packed) >= CHUNK


class Activities:
    """Collects what is asked of the activities, then says the CTEs, their columns and their joins."""

    def __init__(
        self, *, catalog: Catalog, sources: Sources, parameters: Parameters, moment: Moment, shape: Shape
    ) -> None:
        self.catalog, self.sources, self.shape = catalog, sources, shape
        self.parameters, self.moment = parameters, moment
        self.comparisons = Comparisons(parameters, moment)
        self.plain: list[PlainPass] = []
        self.listings: list[Listing] = []
        self.units: dict[Repeat, list[UnitPass]] = {}
        self.kinds: set[int | None] = set()
        self.listed_streams: dict[str, Composable] = {}

    # --- asking

    def kept(
        self, activity: str, where: Condition | None, repeat: Repeat = Repeat.EVERY_TIME, at_most: int | None = None
    ) -> Instants:
        """The instants of the matching activities that a repeat policy keeps."""
        kind, test = self._kind(activity), TRUE if where is None else self._where(where)
        match repeat:
            case Repeat.ONCE:
                return Newest(self._rows(kind, test).ask(LAST))
            case Repeat.EVERY_TIME if at_most is None:
                return self._rows(kind, test)
            case Repeat.EVERY_TIME:
                return self._newest_rows(self.match(activity, where), at_most or 1)
            case _:
                return self._per_unit(repeat, self.match(activity, where), at_most)

    def newest_of_all(self) -> Composable:
        """The instant of the newest activity of any kind, `-infinity` if there is none."""
        return self._rows(self._kind(ANY_ACTIVITY), TRUE).ask(LAST)

    def _rows(self, kind: int | None, test: Composable) -> Rows:
        """What asks only for type and time stays apart: an index answers it in the order of leads."""
        is_narrow = test is TRUE
        chosen = next((each for each in self.plain if each.is_narrow is is_narrow and len(each.packed) < CHUNK), None)
        if chosen is None:
            chosen = PlainPass(Packed(f"a{len(self.plain)}", self.shape), is_narrow)
            self.plain.append(chosen)
        chosen.kinds.add(kind)
        return Rows(chosen.packed, OCCURRED_AT, test, kind)

    def _newest_rows(self, match: Composable, at_most: int) -> Listed:
        """All such columns order alike, so PostgreSQL sorts the pass once for all of them."""
        if not self.listings:
            self.listings.append(Listing("k"))
        self.listed_streams[match.as_string(None)] = match
        return Listed(self.listings[0].add(_newest(OCCURRED_AT, match, at_most)))

    def _per_unit(self, repeat: Repeat, match: Composable, at_most: int | None) -> Instants:
        unit_pass, column = self._unit_column(repeat, match)
        present = say("{} IS NOT NULL", column)
        if at_most is None:
            return Rows(unit_pass.packed, column, present)
        return Listed(unit_pass.listing.add(_newest(column, present, at_most)))

    def _unit_column(self, repeat: Repeat, match: Composable) -> tuple[UnitPass, Composable]:
        passes = self.units.setdefault(repeat, [])
        text = match.as_string(None)
        for known in passes:
            if text in known.newest and not known.is_full:
                return known, ours(known.newest[text][0])
        if not passes or passes[-1].is_full:
            prefix = "o" if repeat is Repeat.ONCE_PER_OBJECT else "d"
            name = f"{prefix}{len(passes)}"
            passes.append(UnitPass(name, self.unit(repeat), Packed(name, self.shape), Listing(name)))
        newest = passes[-1].newest
        newest[text] = (f"m{len(newest)}", match)
        return passes[-1], ours(newest[text][0])

    def unit(self, repeat: Repeat) -> Composable:
        """What activities have in common of which only the newest is kept."""
        if repeat is Repeat.ONCE_PER_OBJECT:
            return SQL("object")
        return say("(occurred_at AT TIME ZONE {})::date", self.parameters(self.moment.zone, "text"))

    # --- matching

    def match(self, activity: str, where: Condition | None) -> Composable:
        """A test on a row of activities."""
        kind = self._kind(activity)
        own = None if kind is None else say("type_id = {}", ours(f"{kind:d}::smallint"))
        return conjunction([own, None if where is None else self._where(where)])

    def _kind(self, activity: str) -> int | None:
        """The type that rows have to have, None for any; all that were asked for are remembered."""
        kind = None if activity == ANY_ACTIVITY else self.catalog.activities[activity].pk
        self.kinds.add(kind)
        return kind

    def _where(self, node: Condition) -> Composable:
        match node:
            case AllOf(parts=parts):
                return say("({})", SQL(" AND ").join([self._where(part) for part in parts]))
            case AnyOf(parts=parts):
                return say("({})", SQL(" OR ").join([self._where(part) for part in parts]))
            case Not(part=part):
                return say("(NOT {})", self._where(part))
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
            present = say("nullif(nullif(properties -> {}, 'null'::jsonb), '\"\"'::jsonb)", key)
            return self.comparisons.compare(present, FieldType.TEXT, leaf.op, None)
        kind = property_type(cast("Scalar", leaf.value))
        json_type, template = JSON_TYPES[kind]
        column = SQL("properties")
        operand = say(
            "CASE WHEN jsonb_typeof({column} -> {key}) = {json_type} THEN {value} END",
            column=column,
            key=key,
            json_type=self.parameters(json_type, "text"),
            value=say(template, column, key),
        )
        return self.comparisons.compare(operand, kind, leaf.op, leaf.value)

    # --- saying

    def rows(self, *tests: Composable | None) -> Composable:
        """FROM and WHERE of the activities in scope that were known; which instants is for the caller."""
        known = self.sources.known_at
        return say(
            "{} AS activity WHERE {}",
            SQL(self.sources.activity.text),
            conjunction(
                [
                    self.sources.scope.of("lead_id"),
                    SQL("NOT is_excluded"),
                    None if known is None else say("received_at <= {}", self.parameters(known, "timestamptz")),
                    *tests,
                ]
            ),
        )

    def past(self, *tests: Composable | None) -> Composable:
        """The same up to t."""
        return self.rows(say("occurred_at <= {}", self.parameters(self.moment.t, "timestamptz")), *tests)

    def _of_types(self, kinds: Collection[int | None]) -> Composable | None:
        known = sorted(kind for kind in kinds if kind is not None)
        return None if len(known) < len(kinds) else say("type_id = ANY({})", self.parameters(known, "smallint[]"))

    def ctes(self) -> list[tuple[str, Composable]]:
        """Every pass, named."""
        return [
            *((each.packed.name, self._plain(each)) for each in self.plain),
            *((listing.name, self._listing(listing)) for listing in self.listings),
            *((unit.name, self._unit_pass(unit)) for passes in self.units.values() for unit in passes),
        ]

    def _plain(self, plain: PlainPass) -> Composable:
        rows = self.past(self._of_types(plain.kinds))
        return say("SELECT lead_id, {} FROM {} GROUP BY lead_id", commas(plain.packed.select()), rows)

    def _listing(self, listing: Listing) -> Composable:
        wanted = say("({})", SQL(" OR ").join(list(self.listed_streams.values())))
        return say("SELECT lead_id, {} FROM {} GROUP BY lead_id", commas(listing.select()), self.past(wanted))

    def _unit_pass(self, unit: UnitPass) -> Composable:
        matches = [match for _, match in unit.newest.values()]
        columns = [
            say("max(occurred_at) FILTER (WHERE {}) AS {}", match, ours(name)) for name, match in unit.newest.values()
        ]
        inner = say(
            "SELECT lead_id, {} FROM {} GROUP BY lead_id, {}",
            commas(columns),
            self.past(say("({})", SQL(" OR ").join(matches))),
            unit.unit,
        )
        outer = commas([*unit.packed.select(), *unit.listing.select()])
        return say("SELECT lead_id, {} FROM ({}) AS units GROUP BY lead_id", outer, inner)

    def upcoming(self) -> Composable | None:
        """Per lead the first activity that lies ahead of t, if the rules look at activities at all."""
        if not self.kinds:
            return None
        ahead = say("occurred_at > {}", self.parameters(self.moment.t, "timestamptz"))
        rows = self.rows(ahead, self._of_types(self.kinds))
        return say("SELECT lead_id, min(occurred_at) AS at FROM {} GROUP BY lead_id", rows)


def _newest(instant: Composable, test: Composable, at_most: int) -> Composable:
    template: LiteralString = "(array_agg({at} ORDER BY {at} DESC) FILTER (WHERE {test}))[:{n}]"
    return say(template, at=instant, test=test, n=ours(str(at_most)))
