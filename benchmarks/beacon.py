"""What visitors of websites send, a thousand requests a second, over HTTP to the product's own web process."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import time
from collections import Counter
from collections.abc import Iterator

from django.utils import timezone

from benchmarks.crowd import told, web_process
from benchmarks.data import build
from benchmarks.report import Figure
from intake.models import Site
from leads.models import Activity, ActivityKey

RATE, SECONDS = 1_000, int(os.environ.get("LEADQUAL_BENCH_SECONDS", "60"))
CONNECTIONS = 60
TWICE = 20  # one in twenty is sent again, as a browser does that got no answer
VISITORS = 5_000
PATIENCE = 30
ORIGIN = "https://www.example.com"
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"


def run(scale: int) -> Iterator[Figure]:
    """How many of a steady stream are answered as committed, how soon, and whether each is stored once."""
    build(leads=scale, now=timezone.now())
    # All requests come from one address here.
    site = Site.objects.create(name="Main", allowed_origins=[ORIGIN], needs_consent=False, filters=["bot", "preview"])
    Activity.objects.filter(source=site.source).delete()
    with web_process() as (port, _pid):
        stream = Stream(site.write_key, port)
        asyncio.run(stream.flow())
    stored = ActivityKey.objects.filter(source=site.source).count()
    rows = Activity.objects.filter(source=site.source).count()
    sent, seconds = stream.distinct, stream.seconds
    late = statistics.quantiles(stream.waits, n=100)[-1]
    yield Figure(
        work=f"beacon, {RATE:,} requests a second for {SECONDS} s, one in {TWICE} sent twice",
        scale=scale,
        seconds=1 / (len(stream.waits) / seconds),
        shown=f"{len(stream.waits) / seconds:,.0f} / s; answer after {statistics.median(stream.waits) * 1000:.0f},"
        f" p99 {late * 1000:.0f} ms; {told(stream.failures)} failed",
        must=f">= {RATE:,} / s, 0 failed",
        ok=len(stream.waits) / seconds >= 0.98 * RATE and not stream.failures,
        grows=False,
    )
    yield Figure(
        work="the same: sent, stored",
        scale=scale,
        seconds=1,
        shown=f"{sent:,} sent, {rows:,} stored under {stored:,} keys",
        must="equal",
        ok=sent == stored == rows,
        grows=False,
    )


class Stream:
    """Requests at their times, whatever the answers before; `waits` is how long each answer took from its time on."""

    def __init__(self, key: str, port: int) -> None:
        self.key, self.port = key, port
        self.waits: list[float] = []
        self.failures = Counter[str]()
        self.distinct = 0
        self.seconds = 0.0
        self.due: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue()

    async def flow(self) -> None:
        """Send RATE requests a second for SECONDS, then wait for the last answers."""
        senders = [asyncio.create_task(self.send()) for _number in range(CONNECTIONS)]
        start = time.perf_counter()
        for number in range(RATE * SECONDS):
            at = start + number / RATE
            if (wait := at - time.perf_counter()) > 0.002:
                await asyncio.sleep(wait)
            again = number % TWICE == 0 and number > RATE
            self.distinct += not again
            self.due.put_nowait((at, self.request(number - RATE + 1 if again else number)))
        for _sender in senders:
            self.due.put_nowait(None)
        await asyncio.gather(*senders)
        self.seconds = time.perf_counter() - start

    async def send(self) -> None:
        """One connection: a request, its answer, the next."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while (due := await self.due.get()) is not None:
            at, request = due
            writer.write(request)
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
            if not head.startswith(b"HTTP/1.1 204"):
                self.failures[head[:12].decode("latin-1")] += 1
                await reader.readexactly(length_of(head))
            self.waits.append(time.perf_counter() - at)
        writer.close()

    def request(self, number: int) -> bytes:
        """A page view of one of the visitors, as a browser sends it."""
        now = int(time.time() * 1000)
        event = {"id": f"bench-event-{number}", "type": "page", "at": now, "url": f"{ORIGIN}/products/{number % 50}"}
        beacon = {"site": self.key, "visitor": f"bench-visitor-{number % VISITORS}", "sent": now, "events": [event]}
        body = json.dumps(beacon).encode()
        head = (
            f"POST /t HTTP/1.1\r\nHost: localhost\r\nOrigin: {ORIGIN}\r\nUser-Agent: {AGENT}\r\n"
            f"Content-Type: text/plain;charset=UTF-8\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def length_of(head: bytes) -> int:
    """The length of the body that follows."""
    found = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0].strip()
    return int(found or 0)
