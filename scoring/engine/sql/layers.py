"""A chain of SELECTs, each over the one before, so that a value is computed once and then has a name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from psycopg.sql import SQL, Composable

from scoring.engine.sql.fragments import commas, ours, say

FENCE: LiteralString = " OFFSET 0"
"""Keeps PostgreSQL from merging the steps, which would compute a value anew wherever its name is used."""


class Layers:
    """CTEs in order. The passes come first; every further step adds columns to the rows of the last."""

    def __init__(self) -> None:
        self.ctes: list[Composable] = []
        self.last = ""

    def add(self, name: str, query: Composable, *, materialized: bool = False) -> None:
        template: LiteralString = "{} AS MATERIALIZED (\n  {}\n)" if materialized else "{} AS (\n  {}\n)"
        self.ctes.append(say(template, ours(name), query))
        self.last = name

    def extend(self, name: str, columns: Sequence[tuple[str, Composable]]) -> None:
        """One more step: all columns so far and these."""
        new = commas([say("{} AS {}", column, ours(alias)) for alias, column in columns])
        self.add(name, say("SELECT {0}.*, {1} FROM {0}{2}", ours(self.last), new, SQL(FENCE)))

    def select(self, columns: Composable) -> Composable:
        return say("WITH {}\nSELECT {} FROM {}", SQL(",\n").join(self.ctes), columns, ours(self.last))
