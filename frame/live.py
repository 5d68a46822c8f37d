"""The event stream of a page: it says that something has changed, and the page asks for it as it always does.

A view answers who may hear what (`event_stream`); the stream itself begins when Django's request is over
(`EventStreams`, in leadqual/asgi.py), so that it holds neither a request, nor a thread, nor a connection to the
database.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import cast

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse

from background.live import SILENCE, News, listen
from web.bodies import Application, Message, Receive, Scope, Send

LASTS = 600.0  # seconds; the browser comes back by itself, and is asked again who it is
STREAM = "leadqual.stream"  # in the scope of a request whose answer goes on as a stream


@dataclass(frozen=True, kw_only=True)
class Stream:
    """What somebody may hear: the news of a topic that concern them."""

    topic: str
    concerns: Callable[[News], bool]


def event_stream(request: HttpRequest, topic: str, concerns: Callable[[News], bool]) -> HttpResponse:
    """A stream of the news of `topic` that `concerns` lets through, each as one event of the browser.

    `concerns` must not ask the database, which the stream does not reach. Where the server cannot stream, 204 tells the
    browser not to come back, and the page goes on asking from time to time.
    """
    if not isinstance(request, ASGIRequest):
        return HttpResponse(status=204)
    cast("Scope", request.scope)[STREAM] = Stream(topic=topic, concerns=concerns)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return HttpResponse(content_type="text/event-stream", headers=headers)


class EventStreams:
    """An ASGI application around Django's: it goes on where the answer to a request is a stream."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if STREAM not in scope:
                await send(message)
            elif message["type"] == "http.response.start":
                # Django has counted the bytes of an answer that has only begun.
                headers = [pair for pair in message["headers"] if pair[0].lower() != b"content-length"]
                await send({**message, "headers": headers})

        await self.application(scope, receive, answer)
        if STREAM in scope:
            await _told_until_gone(scope[STREAM], receive, send)


async def _told_until_gone(stream: Stream, receive: Receive, send: Send) -> None:
    """Tell it all, for as long as there is somebody to hear it."""
    telling, going = asyncio.create_task(_tell(stream, send)), asyncio.create_task(_until_gone(receive))
    try:
        await asyncio.wait({telling, going}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        going.cancel()
        telling.cancel()
        await asyncio.gather(telling, going, return_exceptions=True)


async def _tell(stream: Stream, send: Send) -> None:
    async for line in _events(stream.topic, stream.concerns):
        await send({"type": "http.response.body", "body": line.encode(), "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _events(topic: str, concerns: Callable[[News], bool]) -> AsyncIterator[str]:
    end = time.monotonic() + LASTS * random.uniform(0.8, 1.2)  # noqa: S311 - spreads those who come back
    news_of_all, said = listen(), time.monotonic()
    try:
        async for news in news_of_all:
            if news is not None and news.get("topic") == topic and concerns(news):
                yield f"data: {json.dumps({name: news[name] for name in news if name != 'topic'})}\n\n"
                said = time.monotonic()
            elif news is None or time.monotonic() - said > SILENCE:
                # Also where others are told all the time: what says nothing is cut off on the way.
                yield ": still here\n\n"
                said = time.monotonic()
            if time.monotonic() > end:
                return
    finally:
        await news_of_all.aclose()  # type: ignore[attr-defined]  # a generator, whose type the loop does not need
