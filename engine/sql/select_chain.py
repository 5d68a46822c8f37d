"""A chain of SELECTs, each over the one before, so that a value is computed once and then has a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from psycopg.sql import SQL, Composable

from engine.sql.fragments import array, commas, compose, text, trusted

FENCE: LiteralString = " OFFSET 0"
"""Keeps PostgreSQL from merging the steps, which would compute a value anew wherever its name is used."""

Columns = list[tuple[str, Composable]]


@dataclass(frozen=True)
class ColumnLayout:
    """How a list of values travels: one column each, which is fast, or in an array, when there are very many.

    PostgreSQL carries at most 1,664 columns, and the largest documents ask for 30,000 facts.
    """

    wide: bool

    def place(self, name: str, index: int) -> Composable:
        """The name of one value; the first has index 1."""
        return trusted(f"{name}[{index}]" if self.wide else f"{name}{index}")

    def columns(self, name: str, values: Sequence[Composable], kind: LiteralString) -> Columns:
        if not values:
            return []
        if self.wide:
            return [(name, array(values, kind))]
        return [(f"{name}{index}", value) for index, value in enumerate(values, start=1)]


ALL: tuple[str, Composable] = ("*", SQL("*"))
"""Every column of the step before. PostgreSQL computes only those that later steps use."""


class SelectChain:
    """CTEs in order: passes first, then steps of which each reads the one before."""

    def __init__(self) -> None:
        self.ctes: list[Composable] = []
        self.last = ""

    def add(self, name: str, query: Composable, *, materialized: bool = False) -> None:
        template: LiteralString = "{} AS MATERIALIZED (\n  {}\n)" if materialized else "{} AS (\n  {}\n)"
        self.ctes.append(compose(template, trusted(name), query))

    def step(self, name: str, columns: Columns, source: Composable | None = None) -> None:
        """One more step; its source is the last one, unless another FROM is given."""
        query = compose("SELECT {} FROM {}{}", select_list(columns), source or trusted(self.last), SQL(FENCE))
        self.add(name, query)
        self.last = name

    def select(self, columns: Columns) -> Composable:
        return compose(
            "WITH {}\nSELECT {} FROM {}", SQL(",\n").join(self.ctes), select_list(columns), trusted(self.last)
        )


def select_list(columns: Columns) -> Composable:
    """`value AS name`, or the name alone for a column of the step before."""
    return commas(
        [value if text(value) in (name, "*") else compose("{} AS {}", value, trusted(name)) for name, value in columns]
    )


def kept(*names: str) -> Columns:
    """Columns that are passed on as they are."""
    return [(name, trusted(name)) for name in names]
