"""The pages of a SettingsPage: list, new, change, turn off and on."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.policies import is_allowed
from accounts.requests import UserRequest
from frame.settings.page import SAVE, SettingsPage
from web.pages import redirect_to, render_page
from web.paging import Cursor, Order, page_of


def show(request: UserRequest, page: SettingsPage) -> HttpResponse:
    """The list: rows in use, or those turned off with `?state=inactive`."""
    inactive = page.active is not None and request.GET.get("state") == "inactive"
    rows, filters = filtered(page, page.rows(request.user), request, inactive=inactive)
    part = page_of(rows, Order.by(page.order), Cursor.of(request.GET))
    can_edit = is_allowed(request.user, page.edit)
    lines = []
    for row in part.rows:
        changeable = can_edit and page.may_change(request.user, row)
        switchable = changeable and page.active is not None and (not inactive or page.on_words)
        line = {
            "row": row,
            "cells": [column.cell(row) for column in page.columns],
            "edit_url": reverse(f"{page.name}_edit", args=[row.pk]) if changeable and page.editable else "",
            "switch_url": reverse(f"{page.name}_switch", args=[row.pk]) if switchable else "",
        }
        lines.append(line)
    context = {
        "page": page,
        "slice": part,
        "lines": lines,
        "filters": filters,
        "inactive": inactive,
        "active": not inactive,
        "can_edit": can_edit,
        "switch_words": page.on_words if inactive else page.off_words,
        "new_url": reverse(f"{page.name}_new") if can_edit else "",
        "list_url": reverse(page.name),
    }
    return render_page(request, "frame/settings/list.html", context)


def filtered(
    page: SettingsPage, rows: QuerySet[Any], request: UserRequest, *, inactive: bool
) -> tuple[QuerySet[Any], list[dict[str, Any]]]:
    """The rows that search, state and filters leave, and each filter with its choices for the page."""
    words = request.GET.get("q", "").strip().replace("\0", "")[:200]
    if words and page.search:
        contains = Q()
        for name in page.search:
            contains |= Q(**{f"{name}__icontains": words})
        rows = rows.filter(contains)
    if page.active is not None:
        rows = rows.exclude(page.active) if inactive else rows.filter(page.active)
    filters = []
    for each in page.filters:
        choices = {str(value): label for value, label in each.choices(request.user)}
        value = request.GET.get(each.name, "")
        if value in choices:
            rows = rows.filter(**{each.field: value})
        query = query_without(request, each.name, "after", "before")
        filters.append(
            {
                "name": each.name,
                "label": each.label,
                "chosen": choices.get(value),
                "clear_url": f"?{query}",
                "choices": [(f"?{query}{urlencode({each.name: choice})}", label) for choice, label in choices.items()],
            }
        )
    return rows, filters


def query_without(request: UserRequest, *names: str) -> str:
    """The query of the address without these names, so that another can be added to it."""
    kept = request.GET.copy()
    for name in names:
        kept.pop(name, None)
    return f"{kept.urlencode()}&" if kept else ""


def new(request: UserRequest, page: SettingsPage) -> HttpResponse:
    return form_page(request, page, None)


def edit(request: UserRequest, page: SettingsPage, pk: int) -> HttpResponse:
    if not page.editable:
        raise Http404
    return form_page(request, page, row_for(request, page, pk))


def row_for(request: UserRequest, page: SettingsPage, pk: int) -> Any:
    """The row with this key: unseen is 404, seen but not theirs to change is 403."""
    row = get_object_or_404(page.rows(request.user), pk=pk)
    if not page.may_change(request.user, row):
        raise PermissionDenied(page.edit)
    return row


def form_page(request: UserRequest, page: SettingsPage, row: Any) -> HttpResponse:
    """Show the form of a row, or store it and go on. 422 with the errors at their fields."""
    form = page.form_for(request.user, request.POST if request.method == "POST" else None, row)
    if request.method == "POST" and form.is_valid():
        try:
            saved = page.save(form, request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if response := page.done(request, saved, row is None):
                return response
            messages.success(request, _("Saved."))
            return redirect_to(request, reverse(page.name))
    context = {
        "page": page, "form": form, "row": row, "list_url": reverse(page.name), "here": request.path,
        "submit": page.edit_words if row else SAVE,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render_page(request, "frame/settings/form.html", context, part="frame/settings/_form.html", status=status)


def switch(request: UserRequest, page: SettingsPage, pk: int) -> HttpResponse:
    """GET asks, with the consequence; POST does it."""
    row = row_for(request, page, pk)
    on = page.is_on(row)
    if page.active is None or not (on or page.on_words):
        raise Http404
    if request.method == "POST":
        try:
            page.switch(row, not on, request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            words = _("%(what)s has been deactivated.") if on else _("%(what)s is active again.")
            messages.success(request, words % {"what": row})
        return redirect_to(request, reverse(page.name))
    context = {
        "page": page,
        "row": row,
        "on": on,
        "switch_words": page.off_words if on else page.on_words,
        "list_url": reverse(page.name),
        "here": request.path,
    }
    return render_page(request, "frame/settings/switch.html", context, part="frame/settings/_switch.html")
