"""What the engine needs of a database connection: Django's or psycopg's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from psycopg.sql import Composable


class Connection(Protocol):
    def cursor(self) -> AbstractContextManager[Any]: ...


def rows_of(connection: Connection, query: Composable, parameters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Run the query; each row by the names of its columns."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        names = [column.name for column in cursor.description]
        for values in cursor.fetchall():
            yield dict(zip(names, values, strict=True))
