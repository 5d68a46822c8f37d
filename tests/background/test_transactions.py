from __future__ import annotations

import psycopg
import pytest
from django.db import IntegrityError, OperationalError

from background import transactions
from background.transactions import retrying, retrying_on


class Failing:
    """Fails so many times, then works."""

    def __init__(self, times: int, error: Exception) -> None:
        self.times, self.error, self.calls = times, error, 0

    def __call__(self) -> str:
        self.calls += 1
        if self.calls <= self.times:
            raise self.error
        return "done"


def told_by_postgres(kind: type[Exception], cause: Exception) -> Exception:
    error = kind("failed")
    error.__cause__ = cause
    return error


RETRIED = [
    psycopg.errors.SerializationFailure(),
    psycopg.errors.DeadlockDetected(),
    psycopg.errors.LockNotAvailable(),
    psycopg.errors.AdminShutdown(),
    psycopg.OperationalError(),
]


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(transactions.time, "sleep", lambda seconds: None)
    # The tests' own transaction would forbid starting again.
    monkeypatch.setattr(
        transactions,
        "connection",
        type("Free", (), {"in_atomic_block": False, "close_if_unusable_or_obsolete": lambda self: None})(),
    )


@pytest.mark.parametrize("cause", RETRIED, ids=lambda cause: type(cause).__name__)
def test_what_the_database_asks_for_is_done_again_at_most_five_times(cause):
    work = Failing(4, told_by_postgres(OperationalError, cause))
    assert (retrying(work.__call__)(), work.calls) == ("done", 5)
    hopeless = Failing(9, told_by_postgres(OperationalError, cause))
    with pytest.raises(OperationalError):
        retrying(hopeless.__call__)()
    assert hopeless.calls == 5


def test_what_would_fail_again_fails_at_once():
    work = Failing(1, told_by_postgres(IntegrityError, psycopg.errors.UniqueViolation()))
    with pytest.raises(IntegrityError):
        retrying(work.__call__)()
    assert work.calls == 1


def test_inside_somebody_elses_transaction_nothing_is_done_again(monkeypatch):
    monkeypatch.setattr(transactions.connection, "in_atomic_block", True)
    work = Failing(1, told_by_postgres(OperationalError, psycopg.errors.DeadlockDetected()))
    with pytest.raises(OperationalError):
        retrying(work.__call__)()
    assert work.calls == 1


def test_being_overtaken_is_tried_again_at_once_and_other_errors_are_not():
    calls = []

    @retrying_on(LookupError)
    def work(error: Exception) -> str:
        calls.append(error)
        if len(calls) < 3:
            raise error
        return "done"

    assert (work(KeyError()), len(calls)) == ("done", 3)
    calls.clear()
    with pytest.raises(RuntimeError):
        work(RuntimeError())
    assert len(calls) == 1
