"""Default deny, and the reader's own language and clock on every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation

from accounts.drafts import discard_draft
from accounts.models import User
from accounts.setup import is_set_up

# Views of libraries that guard themselves: sign-in pages. (The API's views are our own and carry the mark.)
SELF_GUARDED = ("allauth.", "django.views.i18n", "django.contrib.staticfiles.", "whitenoise.")

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class PolicyMiddleware:
    """Refuse a view that names no policy: forgetting one closes a page, it never opens one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        if not hasattr(view, "policy") and not view.__module__.startswith(SELF_GUARDED):
            raise PermissionDenied("the view names no policy")


class SetupMiddleware:
    """While there is nobody who could sign in, every sign-in page leads to the set-up page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        return redirect("accounts:setup") if view.__module__.startswith("allauth.") and not is_set_up() else None


class DraftMiddleware:
    """A form that was sent and taken needs no draft any more. Such a form names itself by the field `draft`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_form = request.method == "POST" and request.content_type in FORMS
        if is_form and response.status_code < 400 and "draft" in request.POST and isinstance(request.user, User):
            discard_draft(by=request.user, place=request.path)
        return response


class PreferenceMiddleware:
    """Speak the person's stored language (else the browser's) and tell times in the person's zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        if user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        with timezone.override(ZoneInfo(user.timezone)):
            return self.get_response(request)


class PrivacyMiddleware:
    """Nothing a signed-in person was shown stays in a cache: not after logging out, not on a shared machine."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(request.user, User):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
