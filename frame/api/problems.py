"""Refusals of the API as `application/problem+json` (RFC 9457), with the path of each problem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.db import OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import APIException, ErrorDetail, NotAuthenticated, Throttled, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from background.time_limits import TooSlowError, is_too_slow
from frame.errors import PROBLEM_JSON as PROBLEM_JSON

MAX_PROBLEMS = 100  # told of one request; the count tells of all
KEPT_HEADERS = ("WWW-Authenticate", "Retry-After", "Allow")


@dataclass(frozen=True, kw_only=True)
class ApiProblem:
    """One thing wrong: where (`activities[3].occurred_at`), a code for programs, a sentence for people."""

    where: str
    code: str
    text: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


class ApiError(APIException):
    """The request cannot be answered as asked; says everything that is wrong with it at once."""

    status_code: int = status.HTTP_400_BAD_REQUEST

    def __init__(self, title: str, problems: Iterable[ApiProblem] = ()) -> None:
        super().__init__(title)
        self.problems = list(problems)


class NotFoundError(ApiError):
    """What the request asks for does not exist."""

    status_code = status.HTTP_404_NOT_FOUND


class ResourceConflictError(ApiError):
    """What the request wants contradicts what is stored."""

    status_code = status.HTTP_409_CONFLICT


class PreconditionFailedError(ApiError):
    """Somebody else has changed what the client wants to change."""

    status_code = status.HTTP_412_PRECONDITION_FAILED


class UnprocessableError(ApiError):
    """Well-formed, and not to be done however often it is sent."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY


class BodyTooLargeError(ApiError):
    """The body has more bytes than an endpoint reads."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


class NotNowError(ApiError):
    """The same request will do in a moment."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE


def answer_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None for errors of ours, which become a 500."""
    if is_too_slow(error):
        return problem_response(422, str(TooSlowError()))
    if isinstance(error, OperationalError):
        title = _("The database is busy. Send the same request again. Items with a key are stored only once.")
        return problem_response(503, title, headers={"Retry-After": "5"})
    response = exception_handler(error, context)
    if response is None:
        return None
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    if isinstance(error, NotNowError):
        headers["Retry-After"] = "1"
    if isinstance(error, NotAuthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, ValidationError):
        problems = list(problems_in(error.detail))
        return problem_response(response.status_code, problems[0].text, problems, headers=headers)
    if isinstance(error, Throttled):
        title = _("Too many requests with this API key. Try again in %(seconds)s seconds.")
        return problem_response(429, title % {"seconds": headers.get("Retry-After", "60")}, headers=headers)
    title = _("Not found.") if isinstance(error, Http404) else str(getattr(error, "detail", error))
    title = title or _("You don’t have access")
    return problem_response(response.status_code, title, getattr(error, "problems", ()), headers=headers)


def problem_response(
    code: int, title: str, problems: Iterable[ApiProblem] = (), *, headers: dict[str, str] | None = None
) -> Response:
    """A response with the problem document as its body: the first MAX_PROBLEMS problems, and how many there are."""
    found = list(problems)
    body = {
        "type": "about:blank",
        "title": title,
        "status": code,
        "problems": [problem.as_dict() for problem in found[:MAX_PROBLEMS]],
        "problem_count": len(found),
    }
    return Response(body, status=code, headers=headers, content_type=PROBLEM_JSON)


def problems_in(detail: Any, path: str = "") -> Iterator[ApiProblem]:
    """The errors of a serializer, one by one, each with its path."""
    if isinstance(detail, ErrorDetail):
        yield ApiProblem(where=path, code=detail.code or "invalid", text=str(detail))
    elif isinstance(detail, dict):
        for name, inner in detail.items():
            inner_path = path if name == "non_field_errors" else f"{path}.{name}".strip(".")
            yield from problems_in(inner, inner_path)
    else:
        for inner in detail:
            yield from problems_in(inner, path)
