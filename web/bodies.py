"""A body that is too large is refused while it arrives: before a page, the database or a temporary file has it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

# In the scope of a request whose body was refused, which the site then answers in the reader's words.
REFUSED = "leadqual.body_refused"


class BodyLimit:
    """An ASGI application before another one, which sees no body larger than its path may have.

    `limits` are (beginning of the path, bytes), the first that fits counts; `otherwise` is for all other paths and
    `unknown`, smaller, for whoever sends neither a cookie nor a key.
    """

    def __init__(
        self, application: Application, *, limits: Iterable[tuple[str, int]], otherwise: int, unknown: int
    ) -> None:
        self.application = application
        self.limits = tuple(limits)
        self.otherwise = otherwise
        self.unknown = unknown

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; refuse it by its Content-Length, or by what really came."""
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        headers = dict(scope["headers"])
        limit = self.limit_of(scope["path"], is_known=bool({b"cookie", b"authorization"} & set(headers)))
        declared = headers.get(b"content-length", b"0")
        if not declared.isdigit() or len(declared) > 15 or int(declared) > limit:
            await self.refuse(scope, send)
            return
        body = CountedBody(receive, limit)
        await self.application(scope, body.receive, send)
        if body.is_too_large:
            await self.refuse(scope, send)

    def limit_of(self, path: str, *, is_known: bool) -> int:
        """The bytes that a body may have."""
        fitting = next((most for beginning, most in self.limits if path.startswith(beginning)), self.otherwise)
        return fitting if is_known else min(fitting, self.unknown)

    async def refuse(self, scope: Scope, send: Send) -> None:
        """Have the application answer without the body. The server closes the connection after it."""
        unread: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

        async def receive() -> Message:
            if unread:
                return unread.pop()
            await asyncio.Event().wait()  # the reader is still there, for all we know
            raise AssertionError

        await self.application({**scope, REFUSED: True}, receive, send)


class CountedBody:
    """The body of a request on its way. Past the limit the rest looks as if the sender had gone."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._left = limit

    @property
    def is_too_large(self) -> bool:
        return self._left < 0

    async def receive(self) -> Message:
        """The next part."""
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        return {"type": "http.disconnect"} if self.is_too_large else message
