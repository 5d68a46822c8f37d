"""ETags: a client learns cheaply that nothing has changed, and changes nothing that somebody else changed meanwhile.

A tag has two parts, `"stored.derived"`: what people and systems said, and what follows by itself, such as a score.
`If-None-Match` compares all of it, `If-Match` only the first: a score that faded is no change that anybody made.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from frame.api.problems import ApiProblem, PreconditionFailedError


def etag_of(stored: Any, derived: Any = None) -> str:
    """The tag of what is answered, whatever fields of it a client selected."""
    return f'"{_digest(stored)}.{_digest(derived) if derived is not None else "0"}"'


def _digest(data: Any) -> str:
    return hashlib.sha256(JSONRenderer().render(data)).hexdigest()[:24]


def tags_in(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]


def tagged(request: Request, data: Any, etag: str) -> Response:
    """The answer to a GET, with its tag; 304 where the client has it already."""
    known = tags_in(request.headers.get("If-None-Match", ""))
    if etag in known or "*" in known:
        return Response(status=304, headers={"ETag": etag})
    return Response(data, headers={"ETag": etag})


def check_match(request: Request, etag: str) -> None:
    """Raise PreconditionFailedError where the client changes what it read before somebody else changed it.

    Without `If-Match` the last one wins. Call it while the row is locked.
    """
    header = request.headers.get("If-Match")
    if header is None:
        return
    stored = etag.partition(".")[0]
    if not any(tag == "*" or tag.partition(".")[0] == stored for tag in tags_in(header)):
        text = _("It has changed since you read it. Read it again, then send your change with its new ETag.")
        raise PreconditionFailedError(text, [ApiProblem(where="If-Match", code="changed", text=text)])
