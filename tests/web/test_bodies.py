"""Bodies that are too large, as the process meets them: before Django."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from frame.errors import BodyLimitMiddleware
from web.bodies import REFUSED, BodyLimit


class Reader:
    """An application that reads its whole body, as Django does, and answers how much it had."""

    def __init__(self) -> None:
        self.had: list[int] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            size, more = size + len(message["body"]), message["more_body"]
        self.had.append(size)
        await send({"refused": scope.get(REFUSED, False), "size": size})


def answer(path: str, parts: list[bytes], *, declared: bytes | None = None, cookie: bool = True) -> tuple[Any, int]:
    """What is answered to a body that comes in these parts, and how many parts were taken."""
    headers = [(b"cookie", b"session=1")] if cookie else []
    headers += [(b"content-length", declared)] if declared is not None else []
    sent, taken, reader = [], 0, Reader()

    async def receive() -> Any:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": parts[taken - 1], "more_body": taken < len(parts)}

    async def send(message: Any) -> None:
        sent.append(message)

    limited = BodyLimit(reader, limits=[("/imports/new/", 500), ("/api/", 100)], otherwise=50, unknown=10)
    asyncio.run(limited({"type": "http", "path": path, "headers": headers}, receive, send))
    assert len(sent) == 1
    return sent[0], taken


@pytest.mark.parametrize(("path", "size"), [("/imports/new/", 500), ("/api/v1/activities", 100), ("/leads/", 50)])
def test_a_body_up_to_the_limit_of_its_path_goes_through(path: str, size: int) -> None:
    assert answer(path, [b"x" * size], declared=str(size).encode()) == ({"refused": False, "size": size}, 1)


@pytest.mark.parametrize("declared", [b"51", b"9" * 40, b"-1", b"5 0", "²".encode()])
def test_a_length_that_is_too_large_or_none_is_refused_before_a_byte_is_read(declared: bytes) -> None:
    assert answer("/leads/", [b"x" * 60], declared=declared) == ({"refused": True, "size": 0}, 0)


@pytest.mark.parametrize("declared", [None, b"3"])
def test_an_endless_body_is_cut_where_the_limit_is_passed(declared: bytes | None) -> None:
    assert answer("/leads/", [b"x" * 20] * 1000, declared=declared) == ({"refused": True, "size": 0}, 3)


def test_who_sends_neither_cookie_nor_key_may_send_little() -> None:
    assert answer("/imports/new/", [b"x" * 11], cookie=False) == ({"refused": True, "size": 0}, 1)


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [
        ("/leads/", "text/html; charset=utf-8", "送信データが大きすぎます"),
        ("/api/v1/activities", "application/problem+json", "The request is larger than this page accepts."),
    ],
)
def test_the_refusal_speaks_to_people_and_to_programs(path: str, kind: str, said: str) -> None:
    request: Any = RequestFactory().post(path)
    request.scope = {REFUSED: True}
    with translation.override("ja" if path == "/leads/" else "en"):
        response = BodyLimitMiddleware(HttpResponse)(request)
    assert (response.status_code, response.headers["Content-Type"], response.headers["Connection"]) == (
        413,
        kind,
        "close",
    )
    assert said in response.content.decode()
