"""Run a whole transaction again when the database asks for it: the same work, the same keys, at most five times."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, connection

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 5
# Serialization failure, deadlock, lock not available, administrator shut us down; class 08 is a lost connection.
RETRIED = frozenset({"40001", "40P01", "55P03", "57P01"})


def asks_for_retry(error: BaseException) -> bool:
    """Whether the same transaction may succeed when it is run again."""
    code = getattr(error.__cause__, "sqlstate", None)
    if code:
        return code in RETRIED or code.startswith("08")
    return isinstance(error, (OperationalError, InterfaceError))  # a broken connection cannot say its code


def retrying(work: Callable[P, R]) -> Callable[P, R]:
    """Decorate a function that is one whole transaction and safe to run twice (its keys make it so).

    Inside somebody else's transaction it runs once: only the outermost can start again.
    """
    return retrying_on()(work)


def retrying_on(*overtaken: type[Exception]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """As `retrying`; also, at once and in any transaction, where one of these errors says that somebody was faster.

    The function must roll back to where it began when it raises one of them.
    """

    def decorate(work: Callable[P, R]) -> Callable[P, R]:
        @wraps(work)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            for attempt in range(1, ATTEMPTS):
                try:
                    return work(*args, **kwargs)
                except overtaken:
                    continue
                except (DatabaseError, InterfaceError) as error:
                    if connection.in_atomic_block or not asks_for_retry(error):
                        raise
                    connection.close_if_unusable_or_obsolete()
                    time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311 - jitter, not a secret
            return work(*args, **kwargs)

        return run

    return decorate
