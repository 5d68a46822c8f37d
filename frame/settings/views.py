"""The pages of a SettingsPage: list, new, change, turn off and on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.policies import is_allowed
from accounts.requests import UserRequest
from frame.settings.page import AnyForm, SettingsPage
from web.pages import redirect_to, render_page
from web.paging import Cursor, Order, page_of


def show(request: UserRequest, page: SettingsPage) -> HttpResponse:
    rows, filters = _filtered(page, page.rows_for(request.user), request)
    part = page_of(rows, Order.by(page.order), Cursor.of(request.GET))
    can_edit = is_allowed(request.user, page.edit)
    context = {
        "page": page,
        "slice": part,
        "lines": [_line(page, row, request, can_edit=can_edit) for row in part.rows],
        "filters": filters,
        "inactive": _shows_inactive(page, request),
        "active": not _shows_inactive(page, request),
        "can_edit": can_edit,
        "new_url": reverse(f"{page.name}_new") if can_edit else "",
        "list_url": reverse(page.name),
    }
    return render_page(request, "frame/settings/list.html", context)


def _shows_inactive(page: SettingsPage, request: UserRequest) -> bool:
    return page.active is not None and request.GET.get("state") == "inactive"


def _filtered(
    page: SettingsPage, rows: QuerySet[Any], request: UserRequest
) -> tuple[QuerySet[Any], list[dict[str, Any]]]:
    words = request.GET.get("q", "").strip().replace("\0", "")[:200]
    if words and page.search:
        found = Q()
        for name in page.search:
            found |= Q(**{f"{name}__icontains": words})
        rows = rows.filter(found)
    if page.active is not None:
        rows = rows.exclude(page.active) if _shows_inactive(page, request) else rows.filter(page.active)
    shown = []
    for each in page.filters:
        choices = [(str(value), label) for value, label in each.choices(request.user)]
        chosen = request.GET.get(each.name, "")
        if chosen in dict(choices):
            rows = rows.filter(**{each.field: chosen})
        shown.append({"name": each.name, "label": each.label, "choices": choices, "chosen": dict(choices).get(chosen)})
    return rows, shown


def _line(page: SettingsPage, row: Any, request: UserRequest, *, can_edit: bool) -> dict[str, Any]:
    mine = can_edit and page.may_change(request.user, row)
    inactive = _shows_inactive(page, request)
    switch = mine and page.switch is not None and (not inactive or page.on_words)
    return {
        "row": row,
        "cells": [(column, column.value(row), column.below(row)) for column in page.columns],
        "edit_url": reverse(f"{page.name}_edit", args=[row.pk]) if mine and page.editable else "",
        "switch_url": reverse(f"{page.name}_switch", args=[row.pk]) if switch else "",
    }


def new(request: UserRequest, page: SettingsPage) -> HttpResponse:
    return _form_page(request, page, None)


def edit(request: UserRequest, page: SettingsPage, pk: int) -> HttpResponse:
    if not page.editable:
        raise Http404
    return _form_page(request, page, _row(request, page, pk))


def _row(request: UserRequest, page: SettingsPage, pk: int) -> Any:
    """Unseen is 404, seen but not theirs to change is 403."""
    row = get_object_or_404(page.rows_for(request.user), pk=pk)
    if not page.may_change(request.user, row):
        raise PermissionDenied(page.edit)
    return row


def _form_page(request: UserRequest, page: SettingsPage, row: Any) -> HttpResponse:
    form = page.bind(page, request.user, request.POST if request.method == "POST" else None, row)
    if request.method == "POST" and form.is_valid():
        saved = _save(page, form, request)
        if saved is not None:
            return page.done(request, saved, row is None) or _back_to_list(request, page, _("Saved."))
    context = {"page": page, "form": form, "row": row, "list_url": reverse(page.name), "here": request.path}
    status = 422 if form.errors else 200
    return render_page(request, "frame/settings/form.html", context, part="frame/settings/_form.html", status=status)


def _save(page: SettingsPage, form: AnyForm, request: UserRequest) -> Any:
    try:
        return page.save(form, request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return None


def _back_to_list(request: UserRequest, page: SettingsPage, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect_to(request, reverse(page.name))


def switch(request: UserRequest, page: SettingsPage, pk: int) -> HttpResponse:
    """GET asks, with the consequence; POST does it."""
    row = _row(request, page, pk)
    on = page.is_on(row)
    if page.switch is None or not (on or page.on_words):
        raise Http404
    if request.method == "POST":
        return _switch(request, page, row, not on)
    context = {"page": page, "row": row, "on": on, "list_url": reverse(page.name), "here": request.path}
    return render_page(request, "frame/settings/switch.html", context, part="frame/settings/_switch.html")


def _switch(request: UserRequest, page: SettingsPage, row: Any, on: bool) -> HttpResponse:
    assert page.switch is not None
    try:
        page.switch(row, on, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect_to(request, reverse(page.name))
    words = _("%(what)s is active again.") if on else _("%(what)s is no longer active.")
    return _back_to_list(request, page, words % {"what": row})
