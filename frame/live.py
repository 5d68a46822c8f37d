"""The event stream of a page: it says that something has changed, and the page asks for it as it always does."""

from __future__ import annotations

import json
import random
import time
from collections.abc import AsyncIterator, Callable

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from background.live import SILENCE, News, listen

LASTS = 600.0  # seconds; the browser comes back by itself, and is asked again who it is


def event_stream(request: HttpRequest, topic: str, concerns: Callable[[News], bool]) -> HttpResponseBase:
    """A stream of the news of `topic` that `concerns` lets through, each as one event of the browser.

    `concerns` must not ask the database: the stream holds no connection to it. Where the server cannot stream, 204
    tells the browser not to come back, and the page goes on asking from time to time.
    """
    if not isinstance(request, ASGIRequest):
        return HttpResponse(status=204)
    response = StreamingHttpResponse(_events(topic, concerns), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


async def _events(topic: str, concerns: Callable[[News], bool]) -> AsyncIterator[str]:
    await sync_to_async(connections.close_all)()
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
