"""Fifty people at once for a minute beside two hundred open event streams, over HTTP against the product's own web
processes on this machine: one for each of two cores, as its image starts them."""

from __future__ import annotations

import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from benchmarks.data import execute
from benchmarks.office import open_office
from benchmarks.report import Figure
from handoff.access import visible_handoffs
from handoff.actions import claim_handoff
from handoff.enums import HandoffState
from handoff.models import Handoff

PEOPLE, STREAMS, SECONDS = 50, 200, 60
CLAIM_EVERY = 1.0  # seconds between two claims, of which the streams of the team are told
SOON = 2.0  # seconds until all of them must have been told
PROCESSES = 2
OPENING = 6.0  # seconds in which the streams open, before anybody works
STREAM_BYTES = 100_000  # that one of them may cost
GROWTH = 1.1  # how much larger the process may be at the end than once all streams were open
READING = (2.0, 6.0)  # seconds that a person looks at a page before asking for the next
PATIENCE = 30  # seconds until an answer counts as none, and until the server must be there


def run(scale: int) -> Iterator[Figure]:
    """How long an answer takes when everybody works: queue, leads, board, a lead's page, a peek, in turns; and what
    the open streams are told meanwhile, and cost."""
    open_office(leads=scale, now=timezone.now())
    people = list(User.objects.exclude(role=Role.OUTSOURCED).order_by("pk")[:PEOPLE])
    visitors = [Colleague(user) for user in people]
    listeners = [Listener(cookie=visitors[number % len(visitors)].cookie) for number in range(STREAMS)]
    with web_process() as (port, pid):
        for visitor in visitors:  # what the first answers load, in each of the processes
            visitor.ask_once(port)
        watch = Watch(pid)
        until = time.perf_counter() + OPENING + SECONDS
        threads = [threading.Thread(target=listener.listen, args=(port, until)) for listener in listeners]
        threads += [threading.Thread(target=visitor.work, args=(port, until)) for visitor in visitors]
        for thread in threads:
            thread.start()
        watch.until(until)
        for thread in threads:
            thread.join()
    yield _of_people(scale, visitors)
    yield from _of_streams(scale, listeners, watch)


def _of_people(scale: int, visitors: list[Colleague]) -> Figure:
    """How long the people had to wait."""
    waits = sorted(wait for visitor in visitors for wait in visitor.waits)
    failures = sum((visitor.failures for visitor in visitors), Counter[str]())
    median, late = statistics.median(waits), statistics.quantiles(waits, n=20)[-1]
    return Figure(
        work=f"{PEOPLE} people at once for {SECONDS} s: median, p95",
        scale=scale,
        seconds=median,
        shown=f"{median * 1000:.0f}, {late * 1000:.0f} ms; {len(waits) / SECONDS:.0f} pages / s; "
        f"{told(failures)} failed",
        must="<= 300 ms, 0 failed",
        ok=late <= 0.3 and not failures,
    )


def _of_streams(scale: int, listeners: list[Listener], watch: Watch) -> Iterator[Figure]:
    """How soon the streams were told of the claims, and what web process and database had to hold."""
    delays = sorted(delay for listener in listeners for delay in listener.delays(watch.claims))
    failures = sum((listener.failures for listener in listeners), Counter[str]())
    late = statistics.quantiles(delays, n=100)[-1] if len(delays) > 1 else 0.0
    yield Figure(
        work=f"{STREAMS} event streams beside them, a claim a second: told, p99",
        scale=scale,
        seconds=late,
        shown=f"{len(delays):,} news, {late * 1000:.0f} ms; {told(failures)} streams broke",
        must=f"<= {SOON * 1000:.0f} ms, 0 broke",
        ok=bool(delays) and late <= SOON and not failures,
    )
    alone, opened, end = watch.alone, watch.opened, watch.memory[-1]
    each = (opened - alone) / STREAMS
    yield Figure(
        work=f"the {PROCESSES} web processes meanwhile: memory, connections to PostgreSQL",
        scale=scale,
        seconds=1,
        grows=False,
        shown=f"{alone / 1e6:.0f} MB alone, {opened / 1e6:.0f} MB with all streams open ({each / 1e3:.0f} kB each), "
        f"{end / 1e6:.0f} MB at the end; at most {max(watch.connections)} connections",
        must=f"<= {STREAM_BYTES / 1e3:.0f} kB each, <= {GROWTH:.1f} x, <= {PEOPLE} connections",
        ok=each <= STREAM_BYTES and end <= opened * GROWTH and max(watch.connections) <= PEOPLE,
    )


def told(failures: Counter[str]) -> str:
    """How many, and the three most frequent kinds."""
    kinds = ", ".join(f"{kind}: {number}" for kind, number in failures.most_common(3))
    return f"{failures.total()} ({kinds})" if failures else "0"


class Colleague:
    """One person with a session, the pages of their day, and how long each answer took."""

    def __init__(self, user: User) -> None:
        client = Client(headers={"Host": "localhost"})
        client.force_login(user)
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        # One's own, where there is, else the newest: the oldest are claimed meanwhile.
        handoff = visible_handoffs(user).order_by(F("owner").asc(nulls_last=True), "-pk")[0]
        self.pages = [
            reverse("handoff:queue"),
            reverse("scoring:lead_list"),
            reverse("leads:detail", args=[handoff.lead_id]),
            *([reverse("handoff:board")] if user.role != Role.REP else [reverse("handoff:peek", args=[handoff.pk])]),
        ]
        self.die = random.Random(user.pk)
        self.waits: list[float] = []
        self.failures = Counter[str]()

    def ask_once(self, port: int) -> None:
        """Each of the pages."""
        for address in self.pages:
            self.status_of(port, address)

    def work(self, port: int, until: float) -> None:
        """Ask for one page after the other until the time is over."""
        time.sleep(OPENING + self.die.uniform(0, READING[1]))
        while time.perf_counter() < until:
            start = time.perf_counter()
            status = self.status_of(port, address := self.die.choice(self.pages))
            if status != 200:
                self.failures[f"{address} {status}"] += 1
            self.waits.append(time.perf_counter() - start)
            time.sleep(self.die.uniform(*READING))

    def status_of(self, port: int, address: str) -> int:
        """The answer's status once it was read to its end; 0 when there was none."""
        browser = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            asked = {"HX-Request": "true"} if address.endswith("/peek/") else {}
            browser.request("GET", address, headers={"Host": "localhost", "Cookie": self.cookie} | asked)
            answer = browser.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return 0
        else:
            return answer.status
        finally:
            browser.close()


class Listener:
    """An open queue page, as far as the server knows: a stream that is read for as long as it lasts."""

    def __init__(self, *, cookie: str) -> None:
        self.cookie = cookie
        self.told: list[float] = []
        self.failures = Counter[str]()

    def listen(self, port: int, until: float) -> None:
        browser = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            browser.request("GET", reverse("handoff:stream"), headers={"Host": "localhost", "Cookie": self.cookie})
            answer = browser.getresponse()
            if answer.status != 200:
                self.failures[f"status {answer.status}"] += 1
                return
            while time.perf_counter() < until:
                line = answer.readline()
                if not line:
                    self.failures["closed"] += 1
                    return
                if line.startswith(b"data:"):
                    self.told.append(time.perf_counter())
        except (OSError, http.client.HTTPException) as error:
            self.failures[type(error).__name__] += 1
        finally:
            browser.close()

    def delays(self, claims: list[float]) -> Iterator[float]:
        """How long after the claim before it each piece of news came."""
        for at in self.told:
            place = bisect_right(claims, at)
            if place:
                yield at - claims[place - 1]


class Watch:
    """Claims a lead now and then, and looks at what the web processes and the database hold."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.alone = self.opened = resident(pid)
        self.claims: list[float] = []
        self.memory: list[int] = []
        self.connections: list[int] = []

    def until(self, end: float) -> None:
        """Look once a second; the first seconds are for the streams to open."""
        waiting = Handoff.objects.filter(owner=None, state=HandoffState.QUEUED).select_related("team").order_by("pk")
        reps = {rep.team_id: rep for rep in User.objects.filter(role=Role.REP)}
        time.sleep(OPENING)
        self.opened = resident(self.pid)
        for handoff in waiting[: int(SECONDS / CLAIM_EVERY)]:
            if time.perf_counter() >= end - SOON:
                return
            self.claims.append(time.perf_counter())
            claim_handoff(handoff=handoff, by=reps[handoff.team_id], now=timezone.now())
            self.memory.append(resident(self.pid))
            self.connections.append(int(execute(CONNECTIONS)[0][0]))
            time.sleep(CLAIM_EVERY)


CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def resident(pid: int) -> int:
    """Bytes of memory of a process and of those that it has started."""
    status = Path(f"/proc/{pid}/status").read_text().partition("VmRSS:")[2]
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(status.split()[0]) * 1024 + sum(resident(int(child)) for child in children)


@contextmanager
def web_process() -> Iterator[tuple[int, int]]:
    """The product's own server on this database; gives the port that it listens on, and its first process."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    port = free_port()
    words = ["-m", "uvicorn", "leadqual.asgi:application", "--host", "127.0.0.1", "--port", str(port)]
    words += ["--workers", str(PROCESSES)]
    process = subprocess.Popen(
        [sys.executable, *words, "--lifespan", "off", "--log-level", "error", "--timeout-graceful-shutdown", "1"],
        env=os.environ | {"DATABASE_URL": url, "LEADQUAL_ROLE": "web"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(port: int) -> None:
    """Until the server listens. Raises ConnectionError when it does not within `PATIENCE` seconds."""
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        with socket.socket() as visitor:
            if visitor.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise ConnectionError(f"no web process on port {port}")
