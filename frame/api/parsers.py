"""The body of a request: JSON that means the same to everybody."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from frame.api.problems import ApiError, ApiProblem, BodyTooLargeError

MAX_BODY: int = settings.MAX_API_BODY  # bytes


class StrictJsonParser(BaseParser):
    """JSON that means the same to everybody: no NaN, no infinity, no repeated names, no NUL, no half characters."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """The parsed body. Raises BodyTooLargeError over MAX_BODY, and what `strict_json` raises."""
        declared = str(parser_context["request"].META.get("CONTENT_LENGTH") or "")
        is_number = declared.isascii() and declared.isdecimal() and len(declared) < 20
        if not declared or (is_number and int(declared) <= MAX_BODY):
            body = stream.read(MAX_BODY + 1)
            if len(body) <= MAX_BODY:
                return strict_json(body)
        raise BodyTooLargeError(_("The body is larger than 10 MB. Send less per request."))


def strict_json(body: bytes) -> Any:
    """The value of a JSON text.

    Raises ParseError for what is no JSON, and ApiError with the path of each text that PostgreSQL could not store.
    """
    try:
        data = json.loads(
            body.decode(), object_pairs_hook=_object, parse_float=_finite, parse_constant=_refuse_constant
        )
    except RecursionError as error:
        raise ParseError(_("The JSON is nested too deeply. Send flatter objects.")) from error
    except ValueError as error:
        raise ParseError(
            _("This isn’t valid JSON: %(error)s. Correct it and send it again.") % {"error": str(error)[:200]}
        ) from error
    if b"\\u0000" in body or b"\\ud" in body or b"\\uD" in body:
        problems = [
            ApiProblem(where=path, code="character", text=_("Contains a character that can’t be saved."))
            for path in _unstorable(data, "")
        ]
        if problems:
            raise ApiError(
                _("The text contains characters that can’t be saved. Remove control characters and try again."),
                problems,
            )
    return data


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _value in pairs]
        raise ValueError(f"the name {next(name for name in names if names.count(name) > 1)!r} is given twice")
    return members


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"the number {text[:20]} is too large")
    return number


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _unstorable(data: Any, path: str) -> Iterator[str]:
    """The paths of texts with NUL or lone surrogates, which PostgreSQL cannot hold."""
    if isinstance(data, str):
        if "\0" in data or any("\ud800" <= character <= "\udfff" for character in data):
            yield path
    elif isinstance(data, list):
        for index, member in enumerate(data):
            yield from _unstorable(member, f"{path}[{index}]")
    elif isinstance(data, dict):
        for name, member in data.items():
            shown = name.encode("ascii", "backslashreplace").decode().replace("\0", "\\u0000")
            inner = f"{path}.{shown}" if path else shown
            yield from _unstorable(name, inner)
            yield from _unstorable(member, inner)
