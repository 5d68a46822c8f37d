"""The addresses of a settings page, each guarded by the page's own policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path

from accounts.policies import FORM, READ, guarded
from frame.settings import views
from frame.settings.page import SettingsPage


def urls_of(page: SettingsPage) -> list[URLPattern]:
    """`name` (list), `name_new`, `name_edit` and `name_switch` under settings/."""
    name, base = page.name.rpartition(":")[2], f"settings/{page.path}/"

    def of_page(view: Callable[..., HttpResponse], policy: str, methods: tuple[str, ...]) -> Callable[..., Any]:
        @guarded(policy, *methods)
        def view_of_page(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            return view(request, page, **kwargs)

        return view_of_page

    return [
        path(base, of_page(views.show, page.view, READ), name=name),
        path(f"{base}new/", of_page(views.new, page.edit, FORM), name=f"{name}_new"),
        path(f"{base}<int:pk>/", of_page(views.edit, page.edit, FORM), name=f"{name}_edit"),
        path(f"{base}<int:pk>/active/", of_page(views.switch, page.edit, FORM), name=f"{name}_switch"),
    ]
