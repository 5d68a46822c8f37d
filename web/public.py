"""Addresses that programs of anybody call, a thousand times a second: no session, no cookies, no log line."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve


class PublicMiddleware:
    """Answers the addresses of PUBLIC_URLCONF itself; everything else goes on to the other middleware.

    Their views are in ROOT_URLCONF, too, so that they have names and stand in the tables of roles.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            match = resolve(request.path_info, urlconf=settings.PUBLIC_URLCONF)
        except Resolver404:
            return self.get_response(request)
        request.resolver_match = match
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response
