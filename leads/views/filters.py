"""Saved views of the lead list."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.policies import POST, guarded
from accounts.requests import UserRequest
from leads.actions.filters import delete_filter
from leads.actions.filters import save_filter as keep_filter
from leads.forms.chips import canonical
from leads.forms.record import SavedFilterForm
from leads.models import SavedFilter
from leads.queries.saved import LEADS
from web.pages import render_page


@guarded("leads.view", POST)
def save_filter(request: UserRequest) -> HttpResponse:
    form = SavedFilterForm(request.POST, instance=SavedFilter(user=request.user, page=LEADS))
    if not form.is_valid():
        return render_page(request, "leads/save_filter.html", {"form": form}, status=422)
    data = form.cleaned_data
    query = canonical(QueryDict(data["query"]))
    keep_filter(by=request.user, page=LEADS, name=data["name"], query=query, is_shared=data["is_shared"])
    messages.success(request, _("View saved."))
    return _to_list(query)


@guarded("leads.view", POST)
def remove_filter(request: UserRequest, pk: int) -> HttpResponse:
    saved = get_object_or_404(SavedFilter, pk=pk, user=request.user)
    delete_filter(by=request.user, saved=saved)
    messages.success(request, _("View deleted."))
    return _to_list("")


def _to_list(query: str) -> HttpResponse:
    response = redirect("scoring:lead_list")
    response["Location"] += f"?{query}" if query else ""
    return response
