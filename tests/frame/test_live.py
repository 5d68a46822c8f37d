"""The event stream of a page: it is never silent for long, whomever the news concern."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from background.live import News
from frame import live

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
    return asyncio.run(all_of_it())


def test_a_stream_says_what_concerns_its_reader_and_that_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(monkeypatch, None, OURS, OTHERS, silence=60) == [": still here\n\n", 'data: {"kind": "step"}\n\n']


def test_news_that_concern_others_all_the_time_leave_no_stream_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy cuts off what says nothing for a minute."""
    assert said(monkeypatch, OTHERS, OTHERS, silence=-1) == [": still here\n\n"] * 2
