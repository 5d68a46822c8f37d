"""The beacon under uvicorn: many requests in one transaction, each answered after it."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import datetime
from typing import Any

from django.db import OperationalError

from intake.tracking.beacon import Beacon
from intake.tracking.door import Answer, BeaconDoor


class Client:
    """Sends requests to an ASGI application and keeps what it answers."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def post(self, body: bytes, *, path: str = "/t", parts: int = 1, gone: bool = False) -> int | None:
        size = -(-len(body) // parts) or 1
        chunks = [body[at : at + size] for at in range(0, len(body), size)] or [b""]
        messages: list[dict[str, Any]] = [
            {"type": "http.request", "body": chunk, "more_body": chunk is not chunks[-1]} for chunk in chunks
        ]
        if gone:
            messages = [{"type": "http.disconnect"}]
        status: list[int] = []

        async def receive() -> dict[str, Any]:
            return messages.pop(0)

        async def send(message: dict[str, Any]) -> None:
            status.extend([message["status"]] if "status" in message else [])

        scope = {"type": "http", "path": path, "method": "POST", "headers": [], "client": ("127.0.0.1", 1)}
        await self.application(scope, receive, send)
        return status[0] if status else None


async def other(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 299, "headers": []})


class Store:
    """Stands for the database: takes its time, and may fail."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.fails = False

    def __call__(self, beacons: list[tuple[Beacon, datetime]]) -> list[Answer]:
        self.batches.append(len(beacons))
        time.sleep(0.05)
        if self.fails:
            raise OperationalError("away")
        if len(beacons) > 1 and any(beacon.body == b"500" for beacon, _received in beacons):
            raise ValueError("one of them")
        if beacons[0][0].body == b"500":
            raise ValueError("this one")
        return [(json.loads(beacon.body), {}, b"") for beacon, _received in beacons]


def test_what_arrives_while_a_transaction_runs_is_stored_together_and_each_gets_its_own_answer() -> None:
    store = Store()

    async def run() -> list[int | None]:
        client = Client(BeaconDoor(other, store=store))
        return await asyncio.gather(*(client.post(str(200 + number % 5).encode()) for number in range(100)))

    assert asyncio.run(run()) == [200 + number % 5 for number in range(100)]
    assert (sum(store.batches), len(store.batches) <= 3) == (100, True)


def test_a_database_that_fails_is_said_and_the_next_request_is_taken() -> None:
    store = Store()

    async def run() -> list[int | None]:
        client = Client(BeaconDoor(other, store=store))
        store.fails = True
        first = await client.post(b"204")
        store.fails = False
        return [first, await client.post(b"204")]

    assert asyncio.run(run()) == [503, 204]


def test_one_that_cannot_be_stored_costs_no_other() -> None:
    store = Store()

    async def run() -> list[int | None]:
        client = Client(BeaconDoor(other, store=store))
        return await asyncio.gather(*(client.post(body) for body in (b"204", b"204", b"500", b"204")))

    assert asyncio.run(run()) == [204, 204, 500, 204]


def test_only_the_beacon_is_answered_here_and_a_body_that_is_too_large_is_refused() -> None:
    store = Store()

    async def run() -> list[int | None]:
        client = Client(BeaconDoor(other, store=store))
        large = b"1" * 100_000
        return [
            await client.post(b"204", path="/t.js"),
            await client.post(large),
            await client.post(large, parts=10),
            await client.post(b"204", gone=True),
            await client.post(b"204", parts=3),
        ]

    assert asyncio.run(run()) == [299, 413, 413, None, 204]
    assert store.batches == [1]
