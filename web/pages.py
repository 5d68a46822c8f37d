"""Page or part: decided here and nowhere else."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page rather than the whole (boosted links ask for the whole)."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, part: str = "", status: int = 200
) -> HttpResponse:
    """The whole page `template`, or only its `part` file when htmx asks for a part."""
    chosen = part if part and wants_part(request) else template
    response = render(request, chosen, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def render_part(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A part file, whatever asks for it."""
    return render_page(request, template, context, status=status)


def redirect_to(request: HttpRequest, url: str) -> HttpResponse:
    """Go to `url`: by a header that htmx follows with a full page load, else by an ordinary redirect."""
    if not wants_part(request):
        return HttpResponse(status=303, headers={"Location": url})
    return HttpResponse(status=200, headers={"HX-Redirect": url})
