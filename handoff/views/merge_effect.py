"""What a merge would do, as a part of the pages that ask for one."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone

from accounts.policies import guarded
from accounts.requests import UserRequest
from handoff.queries.merge_effect import merge_effect as effect_of
from leads.access import lead_for
from leads.errors import MergeRefusedError
from web.pages import render_part

MOST = 20  # leads of a group


@guarded("leads.merge")
def merge_effect(request: UserRequest, pk: int) -> HttpResponse:
    """The effect of merging the leads of the query into this one."""
    chosen = [int(text) for text in request.GET.getlist("lead") if text.isdecimal() and len(text) < 19][:MOST]
    if not chosen or pk in chosen:
        raise Http404
    kept = lead_for(request.user, pk, write=True)
    others = [lead_for(request.user, one, write=True) for one in dict.fromkeys(chosen)]
    try:
        effect = effect_of(kept=kept, others=others, by=request.user, now=timezone.now())
    except MergeRefusedError as refused:
        return render_part(request, "handoff/_merge_effect.html", {"refused": str(refused)})
    return render_part(request, "handoff/_merge_effect.html", {"effect": effect, "kept": kept})
