"""The beacon under uvicorn: what arrives while a transaction runs is stored together by the next one.

A page waits for nothing, but an answer still means "committed". No request has a transaction, a session or a lock of
its own, so that a thousand a second need as few commits as the database can make.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from intake.tracking.beacon import MOST_BYTES, Beacon, Refusal, answer_headers, read_beacon, refusal_body
from intake.tracking.sites import note_sightings
from intake.tracking.taking import WebBatch, take_batches
from web.bodies import Application, Receive, Scope, Send
from web.client_address import client_address

PATH = "/t"
MOST_AT_ONCE = 500
MOST_WAITING = 5_000
"""More than that wait: the database is away or too slow, and a page had better keep what it has."""

log = structlog.get_logger(__name__)
Answer = tuple[int, Mapping[str, str], bytes]
Waiting = tuple[Beacon, datetime, "asyncio.Future[Answer]"]


class BeaconDoor:
    """An ASGI application before another one: answers POST /t, everything else is the other's."""

    def __init__(self, application: Application, *, store: Callable[[list[Any]], list[Answer]] | None = None) -> None:
        self.application = application
        self.store = sync_to_async(store or answer_all, thread_sensitive=False)
        self.waiting: list[Waiting] = []
        self.writer: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self.application(scope, receive, send)
            return
        body = await whole_body(receive)
        if body is None:
            return
        answer = await self.answer(beacon_of(scope, body))
        await respond(send, answer)

    async def answer(self, beacon: Beacon) -> Answer:
        """Wait until the beacon is stored, with those that wait beside it."""
        if len(beacon.body) > MOST_BYTES:
            return refused(Refusal(status=413, code="too_large"))
        if len(self.waiting) >= MOST_WAITING:
            return refused(Refusal(status=503, code="busy"))
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.waiting.append((beacon, timezone.now(), future))
        if self.writer is None or self.writer.done():
            self.writer = asyncio.create_task(self.write())
        return await future

    async def write(self) -> None:
        """Store what waits until nothing does."""
        while self.waiting:
            batch, self.waiting = self.waiting[:MOST_AT_ONCE], self.waiting[MOST_AT_ONCE:]
            answers = await self.stored([(beacon, received) for beacon, received, _future in batch])
            for (_beacon, _received, future), answer in zip(batch, answers, strict=True):
                if not future.done():
                    future.set_result(answer)

    async def stored(self, beacons: list[tuple[Beacon, datetime]]) -> list[Answer]:
        """The answers to these beacons; one that cannot be stored costs no other, unless the database is away."""
        try:
            return await self.store(beacons)
        except (OperationalError, InterfaceError):
            log.exception("beacons_not_stored", number=len(beacons))
            return [refused(Refusal(status=503, code="not_stored"))] * len(beacons)
        except Exception:
            if len(beacons) > 1:
                return [answer for beacon in beacons for answer in await self.stored([beacon])]
            log.exception("beacon_not_stored")
            return [refused(Refusal(status=500, code="not_stored"))]


def answer_all(beacons: list[tuple[Beacon, datetime]]) -> list[Answer]:
    """Store what these requests say, in one transaction a site, and answer each."""
    close_old_connections()
    try:
        read = [(beacon, read_beacon(beacon, now=received)) for beacon, received in beacons]
        taken = [(beacon, batch) for beacon, batch in read if isinstance(batch, WebBatch)]
        now = timezone.now()
        take_batches([batch for _beacon, batch in taken], now=now)
        note_sightings(((batch.site, beacon.host) for beacon, batch in taken), now)
    finally:
        close_old_connections()
    return [
        refused(batch) if isinstance(batch, Refusal) else (204, answer_headers(beacon), b"") for beacon, batch in read
    ]


def refused(refusal: Refusal) -> Answer:
    return refusal.status, {"content-type": "application/json"}, refusal_body(refusal)


async def whole_body(receive: Receive) -> bytes | None:
    """The body, or its beginning where it is too large; None where the client has gone."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if not message.get("more_body") or size > MOST_BYTES:
            return b"".join(parts)


def beacon_of(scope: Scope, body: bytes) -> Beacon:
    """A request as it came."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    peer = (scope.get("client") or ("",))[0]
    forwarded = headers.get("x-forwarded-for", "")
    address = client_address(peer, forwarded, proxies=settings.ALLAUTH_TRUSTED_PROXY_COUNT)
    return Beacon(headers=headers, body=body, address=address)


async def respond(send: Callable[[Mapping[str, Any]], Awaitable[None]], answer: Answer) -> None:
    status, headers, body = answer
    sent = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    sent.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": sent})
    await send({"type": "http.response.body", "body": body})
