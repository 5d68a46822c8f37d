"""The event stream of a page: it is never silent for long, whomever the news concern."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from background.live import News
from frame import live
from web.bodies import Message, Receive, Scope, Send

OURS: News = {"topic": "handoff", "kind": "step"}
OTHERS: News = {"topic": "handoff", "kind": "step", "teams": [7]}


def said(monkeypatch: pytest.MonkeyPatch, *news: News | None, silence: float) -> list[str]:
    """What a stream that only OURS concern says of these news; so many seconds without a word are too long."""

    async def listen() -> AsyncIterator[News | None]:
        for one in news:
            yield one

    async def all_of_it() -> list[str]:
        return [line async for line in live._events("handoff", lambda one: "teams" not in one)]

    monkeypatch.setattr(live, "listen", listen)
    monkeypatch.setattr(live, "SILENCE", silence)
    with ThreadPoolExecutor(1) as beside:  # a browser of another test may have left a loop in this thread
        return beside.submit(asyncio.run, all_of_it()).result()


def test_a_stream_says_what_concerns_its_reader_and_that_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(monkeypatch, None, OURS, OTHERS, silence=60) == [": still here\n\n", 'data: {"kind": "step"}\n\n']


def test_news_that_concern_others_all_the_time_leave_no_stream_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy cuts off what says nothing for a minute."""
    assert said(monkeypatch, OTHERS, OTHERS, silence=-1) == [": still here\n\n"] * 2


def test_the_stream_begins_when_the_request_is_over_and_ends_when_the_reader_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[Message] = []
    over: list[bool] = []

    async def listen() -> AsyncIterator[News | None]:
        assert over, "the stream began beside the request"
        yield OURS
        await asyncio.Event().wait()

    async def site(scope: Scope, receive: Receive, send: Send) -> None:
        request = live.ASGIRequest({**scope, "method": "GET", "path": "/", "headers": []}, io.BytesIO())
        request.scope = scope
        answer = live.event_stream(request, "handoff", lambda news: True)
        headers = [(b"content-type", answer["Content-Type"].encode()), (b"Content-Length", b"0")]
        await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        over.append(True)

    async def receive() -> Message:
        while not any(message.get("body") for message in sent):
            await asyncio.sleep(0)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    monkeypatch.setattr(live, "listen", listen)
    with ThreadPoolExecutor(1) as beside:
        beside.submit(asyncio.run, live.EventStreams(site)({"type": "http"}, receive, send)).result(5)
    assert sent == [
        {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]},
        {"type": "http.response.body", "body": b'data: {"kind": "step"}\n\n', "more_body": True},
    ]
