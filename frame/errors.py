"""Refusals in the reader's words: a page, or a toast where htmx asked for a part, so that the page stays as it is."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.enums import Theme
from accounts.policies import open_to_all
from background.time_limits import TooSlowError, is_too_slow
from web.bodies import REFUSED
from web.pages import wants_part

PROBLEM_JSON = "application/problem+json"  # to programs (RFC 9457)
TO_TOASTS = {"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"}


class ExplainedRefusalError(PermissionDenied):
    """Refused whatever the role: its text is a translated sentence that says why."""


def _refuse(request: HttpRequest, status: int, title: str, words: str) -> HttpResponse:
    """A problem document under /api/, to programs; else a page, or a toast.

    Drawn without context processors: they would ask the database, which may be what failed. The theme is the cookie's,
    which holds what the person chose last in this browser.
    """
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": words, "status": status, "problems": [], "problem_count": 0}
        return JsonResponse(problem, status=status, content_type=PROBLEM_JSON)
    part = wants_part(request)
    template = "errors/_toast.html" if part else "errors/page.html"
    theme = request.COOKIES.get("theme", "")
    frame = {"theme": theme if theme in Theme.values else ""}
    body = render_to_string(template, {"title": title, "words": words, "status": status, "frame": frame})
    return HttpResponse(body, status=status, headers=TO_TOASTS if part else {})


@open_to_all
@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, ExplainedRefusalError):
        return _refuse(request, 403, _("This isn’t possible any more"), str(exception))
    return _refuse(
        request, 403, _("You don’t have access"), _("Your role doesn’t include this. Ask an administrator for access.")
    )


@open_to_all
@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Under /api/: an address that is none of the contract, as one with ² for a number."""
    return _refuse(request, 404, _("Page not found"), _("It was moved or deleted, or you don’t have access."))


@open_to_all
@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Larger than any form of ours, damaged, or made up."""
    words = _(
        "The request was too large or not in the expected form. Nothing has been saved yet. Go back and try again."
    )
    return _refuse(request, 400, _("The request couldn’t be read"), words)


@open_to_all
@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    return _refuse(request, 500, _("Something went wrong"), _("The error has been recorded. Try again in a moment."))


@open_to_all
@login_not_required
def too_slow(request: HttpRequest) -> HttpResponse:
    """Not the server's fault: the same question would take as long again."""
    return _refuse(request, 422, _("This took too long"), str(TooSlowError()))


@open_to_all
@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or cookies are off."""
    return _refuse(
        request,
        403,
        _("This page has expired"),
        _("Nothing has been saved yet. Go back, reload the page and try again."),
    )


@open_to_all
@login_not_required
def body_too_large(request: HttpRequest) -> HttpResponseBase:
    """The body was refused while it arrived; programs get a problem document."""
    title = _("Too large")
    words = _("Nothing has been saved yet. The request is larger than this page accepts. Send less at once.")
    response = _refuse(request, 413, title, words)
    response.headers["Connection"] = "close"  # what is still on its way is not waited for
    return response


class BodyLimitMiddleware:
    """Answers, in the reader's words, requests whose body the process refused to take (`web/bodies.py`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_refused = getattr(request, "scope", {}).get(REFUSED, False)
        return body_too_large(request) if is_refused else self.get_response(request)


class PatienceMiddleware:
    """Where PostgreSQL gave up on a statement because of its time, say so in words instead of failing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return too_slow(request) if is_too_slow(exception) else None
