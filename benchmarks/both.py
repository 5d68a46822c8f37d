"""Work shared by two connections, as by two workers: the bare query has both cores too, through PostgreSQL's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from django.db import connection

WORKERS = 2
BACKENDS: list[float] = []
"""Megabytes that the PostgreSQL backends of ended connections had at most."""
Item = TypeVar("Item")


def at_once(work: Callable[[], Any]) -> None:
    """Run `work` on two connections at the same time, until both have ended."""

    def one() -> None:
        try:
            work()
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                BACKENDS.append(peak_megabytes(cursor.fetchone()[0]))
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        for future in [pool.submit(one) for _ in range(WORKERS)]:
            future.result()


def shared(items: Iterable[Item], work: Callable[[Item], Any]) -> None:
    """Each item to whichever connection is free."""
    waiting: SimpleQueue[Item] = SimpleQueue()
    for item in items:
        waiting.put(item)

    def take() -> None:
        while True:
            try:
                item = waiting.get_nowait()
            except Empty:
                return
            work(item)

    at_once(take)


def peak_megabytes(pid: int | str = "self") -> float:
    """The most memory a process of this machine has had at once, what it shares included."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
