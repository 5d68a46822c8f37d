"""Plain SQL for the batches of this app: what the ORM would do row by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection


def fetch(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return list(cursor.fetchall())


def run(sql: str, params: Sequence[Any] = ()) -> int:
    """The number of rows that the statement touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params) or None)
        return int(cursor.rowcount)


def copy_rows(target: str, rows: Iterable[Sequence[Any]]) -> None:
    """COPY into a table; `target` names it with its columns: `table (one, two)`."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def fetch_named(sql: str, **params: Any) -> list[tuple[Any, ...]]:
    """All rows of a query with named parameters."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def run_named(sql: str, **params: Any) -> int:
    """The number of rows that a statement with named parameters touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)
