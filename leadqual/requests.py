"""One line in the log for each request, with nothing in it that could open a door or name a person."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponseBase

log = structlog.get_logger(__name__)

# Asked every few seconds by machines; only an answer that is not 200 tells anything.
UNTOLD = ("healthz", "readyz", "static/")


class RequestLogMiddleware:
    """Log method, address pattern, status, milliseconds, and the numbers of the person and of the object.

    The pattern instead of the address, and no query: keys to reset a password stand in one, names in the other.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        start = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        route, given = (str(match.route), match.kwargs.values()) if match else ("", ())
        if response.status_code != 200 or not route.startswith(UNTOLD):
            log.info(
                "request",
                method=request.method,
                route=route,
                numbers=[value for value in given if isinstance(value, int)],
                status=response.status_code,
                milliseconds=round((time.perf_counter() - start) * 1000, 1),
            )
        return response
