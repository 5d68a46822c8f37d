"""The page of one lead: who it is and everything that happened. Scores and promises come as panels of higher apps."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.policies import guarded, is_allowed
from accounts.requests import UserRequest
from leads import policies
from leads.access import lead_for, may_edit, may_log
from leads.models import Lead
from leads.queries import timeline as timelines
from leads.queries.contact_data import open_leads, reveal
from leads.queries.facts import colleagues_of, facts_of, survivor_of
from leads.queries.history import history_of
from leads.queries.merges import made_together, merges_into
from leads.queries.recent import remember
from web.pages import render_page, render_part


@guarded("leads.view")
def detail(request: UserRequest, pk: int) -> HttpResponse:
    if survivor := survivor_of(pk):
        return redirect(lead_for(request.user, survivor))
    lead = lead_for(request.user, pk)
    remember(request, lead)
    colleagues = colleagues_of(lead, request.user)
    merges = merges_into(lead) if is_allowed(request.user, policies.MERGE) else []
    reveal(request.user, [lead, *colleagues, *(merge.merged for merge in merges)])
    context = {
        "lead": lead,
        "facts": facts_of(lead),
        "colleagues": colleagues,
        "merges": merges,
        "merged_together": len(made_together(merges[0])) if merges else 0,
        "walk_from": request.GET.get("from", ""),
    }
    if lead.erased_at is not None:
        context |= _erasure_context(request, lead)
    return render_page(request, "leads/detail.html", context | rights(request, lead) | timeline_context(request, lead))


def _erasure_context(request: UserRequest, lead: Lead) -> dict[str, Any]:
    """Why the data of a lead was erased, and whether the reader may let its addresses in again."""
    erasure = lead.erasures.select_related("by").first()
    may_readmit = is_allowed(request.user, policies.ERASE) and erasure is not None and erasure.addresses.exists()
    return {"erasure": erasure, "may_readmit": may_readmit}


def rights(request: UserRequest, lead: Lead) -> dict[str, Any]:
    user = request.user
    return {
        "may_edit": may_edit(user, lead),
        "may_log": may_log(user, lead),
        "may_assign": is_allowed(user, policies.ASSIGN),
        "may_merge": is_allowed(user, policies.MERGE),
        "may_lift": is_allowed(user, policies.LIFT),
        "may_erase": is_allowed(user, policies.ERASE),
        "is_aside": lead.stage in ("nurture", "disqualified"),
    }


def timeline_context(request: UserRequest, lead: Lead) -> dict[str, Any]:
    """A page of the timeline, as the address asks for it."""
    opened = open_leads(request.user, [lead.pk])
    kind = request.GET.get("kind", "")
    kind = kind if kind in {known.code for known in timelines.kinds()} else ""
    page = timelines.timeline(
        leads=[lead.pk], reader=request.user, opened=opened, kind=kind, older=request.GET.get("older", "")
    )
    url = reverse("leads:timeline", args=[lead.pk])
    return {"timeline": page, "timeline_url": url, "kinds": timelines.kinds(), "kind": kind}


@guarded("leads.view")
def timeline(request: UserRequest, pk: int) -> HttpResponse:
    """The timeline alone: another kind, or what lies further back."""
    lead = lead_for(request.user, pk)
    template = "leads/_entries.html" if request.GET.get("older") else "leads/_timeline.html"
    return render_part(request, template, {"lead": lead} | rights(request, lead) | timeline_context(request, lead))


@guarded("leads.view")
def history(request: UserRequest, pk: int) -> HttpResponse:
    """Who changed what of the lead."""
    lead = lead_for(request.user, pk)
    masked = lead.pk not in open_leads(request.user, [lead.pk])
    moments = history_of(lead, masked=masked, older=request.GET.get("older", ""))
    template = "leads/_moments.html" if request.GET.get("older") else "leads/_history.html"
    return render_part(request, template, {"history": moments, "history_url": request.path})


@guarded("leads.view")
def fact(request: UserRequest, pk: int, field: str) -> HttpResponse:
    """One field as it reads: what a cancelled edit goes back to."""
    lead = lead_for(request.user, pk)
    reveal(request.user, [lead])
    return fact_part(request, lead, field)


def fact_part(request: UserRequest, lead: Lead, field: str, *, saved: bool = False) -> HttpResponse:
    fact = next((fact for fact in facts_of(lead) if fact.name == field), None)
    if fact is None:
        raise Http404
    context = {"lead": lead, "fact": fact, "saved": saved} | rights(request, lead)
    return render_part(request, "leads/_fact.html", context)
