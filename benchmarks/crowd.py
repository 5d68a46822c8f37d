"""Fifty people at once for a minute, over HTTP against the product's own web process on this machine."""

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
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from benchmarks.office import open_office
from benchmarks.report import Figure
from handoff.access import visible_handoffs

PEOPLE, SECONDS = 50, 60
READING = (2.0, 6.0)  # seconds that a person looks at a page before asking for the next
PATIENCE = 30  # seconds until an answer counts as none, and until the server must be there


def run(scale: int) -> Iterator[Figure]:
    """How long an answer takes when everybody works: queue, leads, board, a lead's page, a peek, in turns."""
    open_office(leads=scale, now=timezone.now())
    visitors = [Colleague(user) for user in User.objects.exclude(role=Role.OUTSOURCED).order_by("pk")[:PEOPLE]]
    with web_process() as port:
        until = time.perf_counter() + SECONDS
        threads = [threading.Thread(target=visitor.work, args=(port, until)) for visitor in visitors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    waits = sorted(wait for visitor in visitors for wait in visitor.waits)
    failures = sum(visitor.failures for visitor in visitors)
    median, late = statistics.median(waits), statistics.quantiles(waits, n=20)[-1]
    yield Figure(
        work=f"{PEOPLE} people at once for {SECONDS} s: median, p95",
        scale=scale,
        seconds=median,
        shown=f"{median * 1000:.0f}, {late * 1000:.0f} ms; {len(waits) / SECONDS:.0f} pages / s; {failures} failed",
    )


class Colleague:
    """One person with a session, the pages of their day, and how long each answer took."""

    def __init__(self, user: User) -> None:
        client = Client(headers={"Host": "localhost"})
        client.force_login(user)
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        handoff = visible_handoffs(user).order_by("pk")[0]
        self.pages = [
            reverse("handoff:queue"),
            reverse("scoring:lead_list"),
            reverse("leads:detail", args=[handoff.lead_id]),
            *([reverse("handoff:board")] if user.role != Role.REP else [reverse("handoff:peek", args=[handoff.pk])]),
        ]
        self.die = random.Random(user.pk)
        self.waits: list[float] = []
        self.failures = 0

    def work(self, port: int, until: float) -> None:
        """Ask for one page after the other until the time is over."""
        time.sleep(self.die.uniform(0, READING[1]))
        while time.perf_counter() < until:
            start = time.perf_counter()
            if self.status_of(port, self.die.choice(self.pages)) != 200:
                self.failures += 1
            self.waits.append(time.perf_counter() - start)
            time.sleep(self.die.uniform(*READING))

    def status_of(self, port: int, address: str) -> int:
        """The answer's status once it was read to its end; 0 when there was none."""
        browser = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            browser.request("GET", address, headers={"Host": "localhost", "Cookie": self.cookie})
            answer = browser.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return 0
        else:
            return answer.status
        finally:
            browser.close()


@contextmanager
def web_process() -> Iterator[int]:
    """The product's own server on this database; gives the port that it listens on."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    port = free_port()
    words = ["-m", "uvicorn", "leadqual.asgi:application", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, *words, "--lifespan", "off", "--log-level", "error"],
        env=os.environ | {"DATABASE_URL": url, "LEADQUAL_ROLE": "web"},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield port
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
