"""News that open pages hear at once: that something has changed, never what it is now. Pages ask for that themselves.

News is there for speed. Where it is lost, because Valkey was away or a browser asleep, the page learns the same a
little later: each of them also asks from time to time.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
import structlog
from django.conf import settings
from django.db import transaction

log = structlog.get_logger(__name__)

News = dict[str, Any]

PAUSE = 5.0  # seconds without asking a server that did not answer
SILENCE = 15.0  # seconds after which a listener hears that there is nothing new
WAITING_AT_MOST = 200  # news for one listener; a browser that reads no more loses the rest

_silent_until = 0.0


def announce(topic: str, **news: Any) -> None:
    """Tell every open page that listens to `topic`, once the transaction is committed. Never an error."""
    text = json.dumps({"topic": topic, **news})
    transaction.on_commit(lambda: _publish(text), robust=True)


def _publish(text: str) -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        _client().publish(_channel(), text)
    except (redis.RedisError, OSError) as error:
        _silent_until = time.monotonic() + PAUSE
        log.warning("live_silent", error=str(error))


@cache
def _client() -> redis.Redis:
    """One pool of connections for the process; a fork makes its own."""
    return redis.Redis.from_url(_address(), socket_timeout=1, socket_connect_timeout=1)


def _address() -> str:
    return str(settings.CACHES["default"]["LOCATION"])


def _channel() -> str:
    """Channels are common to all databases of a server: the name keeps two installations on one apart."""
    number = _client().connection_pool.connection_kwargs.get("db") or 0
    return f"leadqual:live:{number}"


class Listeners:
    """All who listen in one event loop share one subscription, which is there while somebody listens."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[News]] = set()
        self._task: asyncio.Task[None] | None = None
        self._subscribed = asyncio.Event()

    async def listen(self) -> AsyncIterator[News | None]:
        """All news from now on; None first of all, once it is heard, and after each SILENCE without any."""
        queue: asyncio.Queue[News] = asyncio.Queue(WAITING_AT_MOST)
        self._queues.add(queue)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._subscribe())
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._subscribed.wait(), PAUSE)
            yield None
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), SILENCE)
                except TimeoutError:
                    yield None
        finally:
            self._queues.discard(queue)
            if not self._queues and self._task is not None:
                self._task.cancel()

    async def _subscribe(self) -> None:
        client = redis.asyncio.Redis.from_url(_address(), socket_connect_timeout=1)
        try:
            while True:
                try:
                    async with client.pubsub(ignore_subscribe_messages=True) as subscription:
                        await subscription.subscribe(_channel())
                        self._subscribed.set()
                        async for message in subscription.listen():
                            self._pass_on(message)
                except (redis.RedisError, OSError) as error:
                    log.warning("live_silent", error=str(error))
                self._subscribed.clear()
                await asyncio.sleep(PAUSE)
        finally:
            self._subscribed.clear()
            await client.aclose()

    def _pass_on(self, message: dict[str, Any]) -> None:
        news = json.loads(message["data"])
        for queue in self._queues:
            with suppress(asyncio.QueueFull):
                queue.put_nowait(news)


_listeners: WeakKeyDictionary[asyncio.AbstractEventLoop, Listeners] = WeakKeyDictionary()


def listen() -> AsyncIterator[News | None]:
    """What `announce` tells in any process of this installation; None where there is nothing to tell."""
    loop = asyncio.get_running_loop()
    if loop not in _listeners:
        _listeners[loop] = Listeners()
    return _listeners[loop].listen()
