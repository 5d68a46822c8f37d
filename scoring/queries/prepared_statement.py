"""The engine's statement for many instants: compiled and planned once, which costs most, then run for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import Any

from django.db import connection, transaction

from engine import CompiledStatement

_numbers = count(1)
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
Run = Callable[[datetime], dict[str, Any] | None]


@contextmanager
def prepared(compiled: CompiledStatement, columns: Sequence[str]) -> Iterator[Run]:
    """A function from an instant to these columns of the one lead in scope; None where there is no such lead."""
    moving, plan = list(compiled.moving_at(compiled.t)), f"walk_{next(_numbers)}"
    places = {name: f"${place}" for place, name in enumerate(moving, start=1)}
    text = PLACEHOLDER.sub(lambda found: places.get(found[1], found[0]), compiled.sql)
    prepare = f"PREPARE {plan} AS SELECT {', '.join(columns)} FROM ({text}) AS scored"  # noqa: S608 - our own text
    run = f"EXECUTE {plan} ({', '.join(['%s'] * len(moving))})"

    def at(t: datetime) -> dict[str, Any] | None:
        cursor.execute(run, list(compiled.moving_at(t).values()))
        found = cursor.fetchone()
        return None if found is None else dict(zip(columns, found, strict=True))

    with transaction.atomic(), connection.cursor() as cursor:  # one connection throughout, also behind a pooler
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(prepare, compiled.parameters)
        try:
            # A plan outlives a rollback: a statement that runs too long must not keep it from being put away.
            with transaction.atomic():
                yield at
        finally:
            cursor.execute(f"DEALLOCATE {plan}")
