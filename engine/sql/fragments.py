"""Pieces of SQL. Text is ours (`LiteralString`, so mypy refuses anything else); values are parameters, always."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, LiteralString

from psycopg import sql
from psycopg.sql import Composable

from engine.sql.evaluation_time import ShiftedDay, ShiftedInstant

TRUE, FALSE = sql.SQL("true"), sql.SQL("false")


def text(part: Composable) -> LiteralString:
    """The text of a piece. No piece holds a value or an identifier, so quoting needs no connection."""
    return part.as_string(None)


def compose(template: LiteralString, *parts: Composable, **named: Composable) -> Composable:
    """The template with its braces filled. Pieces are flat texts: a tree of them costs more to build than to plan."""
    return sql.SQL(template.format(*map(text, parts), **{name: text(part) for name, part in named.items()}))


def trusted(text: str) -> Composable:
    """A name or number made by this package: `a0`, `f3`. Never for anything a user wrote."""
    return sql.SQL(text)


def joined(separator: LiteralString, parts: Iterable[Composable]) -> Composable:
    return sql.SQL(separator.join(map(text, parts)))


def commas(parts: Iterable[Composable]) -> Composable:
    return joined(", ", parts)


def conjunction(parts: Iterable[Composable | None]) -> Composable:
    present = [part for part in parts if part is not None]
    return joined(" AND ", present) if present else TRUE


def total(parts: Iterable[Composable], zero: LiteralString = "0::bigint") -> Composable:
    present = list(parts)
    return joined(" + ", present) if present else sql.SQL(zero)


def array(parts: Iterable[Composable], element: LiteralString) -> Composable:
    return compose("ARRAY[{}]::{}[]", commas(parts), sql.SQL(element))


def extreme(function: LiteralString, parts: Iterable[Composable]) -> Composable | None:
    """`least` or `greatest` of the parts, or None of none; both skip NULL, and equal parts are written once."""
    present = list({part.as_string(None): part for part in parts}.values())
    if len(present) < 2:
        return present[0] if present else None
    return compose("{}({})", sql.SQL(function), commas(present))


class Parameters:
    """Hands out placeholders; equal values share one, so equal pieces have equal text and can be found again."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.moving: dict[str, ShiftedInstant | ShiftedDay] = {}
        self._names: dict[tuple[str, str, str], str] = {}

    def __call__(self, value: Any, kind: LiteralString) -> Composable:
        """A placeholder cast to the PostgreSQL type `kind`."""
        key = (kind, type(value).__name__, repr(value))
        name = self._names.setdefault(key, f"p{len(self._names)}")
        if isinstance(value, ShiftedInstant | ShiftedDay):
            self.moving[name] = value
            value = value.moved(timedelta())
        self.values[name] = value
        return compose("{}::{}", sql.Placeholder(name), sql.SQL(kind))

    def moved(self, by: timedelta) -> dict[str, Any]:
        """The values that follow t, when it lies `by` later; nothing else in a statement depends on t."""
        return {name: value.moved(by) for name, value in self.moving.items()}

    def adopt(self, values: Mapping[str, Any]) -> None:
        """Take over the named parameters of a piece that somebody else wrote."""
        if clash := self.values.keys() & values.keys():
            raise ValueError(f"parameter names used twice: {sorted(clash)}")
        self.values.update(values)
