"""Merging two leads: choose the other one, see what becomes of both, confirm; and take it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from leads.access import lead_for
from leads.actions.duplicates import undo_group
from leads.actions.merge import merge_leads, undo_merge
from leads.errors import MergeRefusedError
from leads.forms.merge import MergeForm
from leads.models import Merge
from leads.queries.contact_data import reveal
from leads.queries.merges import candidates, comparison_of, similar_leads
from web.pages import render_page


@guarded("leads.merge", *FORM)
def merge(request: UserRequest, pk: int) -> HttpResponse:
    """Without another lead the search; with one the comparison; posted, the merge."""
    lead = lead_for(request.user, pk, write=True)
    posted = request.method == "POST"
    data: Any = request.POST if posted else {"other": request.GET["other"]} if "other" in request.GET else None
    form = MergeForm(data, user=request.user, lead=lead)
    if not form.is_valid():
        similar = similar_leads(lead, request.user) if "q" not in request.GET else []
        words = request.GET.get("q", "" if similar else lead.name).replace("\0", "")[:200].strip()
        others = similar or candidates(lead, words, request.user)
        reveal(request.user, [lead, *others])
        context = {"lead": lead, "found": others, "words": words, "form": form}
        return render_page(request, "leads/merge.html", context, status=422 if form.errors else 200)
    other = form.cleaned_data["other"]
    if posted:
        try:
            merge_leads(kept=lead, merged=other, by=request.user, now=timezone.now())
        except MergeRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Leads merged. The score updates in a moment."))
            return redirect(lead)
    reveal(request.user, [lead, other])
    context = {"lead": lead, "other": other, "comparison": comparison_of(lead, other), "form": form}
    return render_page(request, "leads/merge_compare.html", context, status=422 if form.errors else 200)


@guarded("leads.merge", POST)
def undo(request: UserRequest, pk: int) -> HttpResponse:
    return _undo(request, pk, undo_merge, _("Merge undone. The scores update in a moment."))


@guarded("leads.merge", POST)
def undo_all(request: UserRequest, pk: int) -> HttpResponse:
    """All that was merged at once with this merge."""
    return _undo(request, pk, undo_group, _("All merges of the group undone. The scores update in a moment."))


def _undo(request: UserRequest, pk: int, action: Callable[..., Any], done: str) -> HttpResponse:
    merge = Merge.objects.filter(pk=pk).first()
    if merge is None:
        raise Http404
    lead = lead_for(request.user, merge.kept_id, write=True)
    try:
        action(merge=merge, by=request.user, now=timezone.now())
    except MergeRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect(lead)
