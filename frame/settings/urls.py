"""The addresses of a settings page, each guarded by the page's own policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path

from accounts.policies import guarded
from frame.settings import views
from frame.settings.page import SettingsPage


def _guarded(
    page: SettingsPage, view: Callable[..., HttpResponse], policy: str, methods: list[str]
) -> Callable[..., Any]:
    @guarded(policy, *methods)
    def of_this_page(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return view(request, page, **kwargs)

    return of_this_page


def urls_of(page: SettingsPage) -> list[URLPattern]:
    """`name` (list), `name_new`, `name_edit` and `name_switch` under settings/."""
    name, base = page.name.rpartition(":")[2], f"settings/{page.path}/"
    both = ["GET", "HEAD", "POST"]
    return [
        path(base, _guarded(page, views.show, page.view, ["GET", "HEAD"]), name=name),
        path(f"{base}new/", _guarded(page, views.new, page.edit, both), name=f"{name}_new"),
        path(f"{base}<int:pk>/", _guarded(page, views.edit, page.edit, both), name=f"{name}_edit"),
        path(f"{base}<int:pk>/active/", _guarded(page, views.switch, page.edit, both), name=f"{name}_switch"),
    ]
