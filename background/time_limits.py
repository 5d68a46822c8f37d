"""How long one question to the database may take while a person waits for the page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from background.errors import BackgroundError

SECONDS = 3.0
SET = "SELECT set_config('statement_timeout', %s, true)"


class TooSlowError(BackgroundError):
    """The data is too much for the question, or the question for the data; the words are for the person who asked."""

    def __init__(self) -> None:
        super().__init__(_("This took too long with your data. Narrow it down, or simplify the rules and conditions."))


def is_too_slow(error: BaseException) -> bool:
    """Whether PostgreSQL gave up on a statement because of its time."""
    return isinstance(error, TooSlowError) or isinstance(error.__cause__, QueryCanceled)


@contextmanager
def time_limit(seconds: float | None = None) -> Iterator[None]:
    """Limit the statements of a block to `seconds`: each one, and all together, after which none begins.

    Raises TooSlowError, with nothing written. What was set before is set again afterwards.
    """
    allowed = SECONDS if seconds is None else seconds
    until = time.monotonic() + allowed

    def on_time(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if time.monotonic() > until:
            raise TooSlowError
        return execute(sql, params, many, context)

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout')")
            (before,) = cursor.fetchone()
            cursor.execute(SET, [f"{max(1, round(allowed * 1000))}ms"])
            with connection.execute_wrapper(on_time):
                yield
            cursor.execute(SET, [before])
    except OperationalError as error:
        if is_too_slow(error):
            raise TooSlowError from error
        raise
