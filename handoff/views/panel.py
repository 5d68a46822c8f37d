"""A hand-off by itself, and the panel that the lead page hosts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.policies import guarded, is_allowed
from accounts.requests import UserRequest
from handoff import policies
from handoff.access import handoff_for
from handoff.queries.held_back import held_of
from handoff.queries.panel import latest_handoff, panel_of, put_aside
from leads.access import visible_leads
from web.pages import redirect_to, render_page, render_part


@guarded(policies.QUEUE)
def detail(request: UserRequest, pk: int) -> HttpResponse:
    """Where notices lead: the lead's page where this person sees the lead, else the hand-off alone."""
    handoff = handoff_for(request.user, pk)
    if visible_leads(request.user).filter(pk=handoff.lead_id).exists():
        walk = f"?{urlencode({'queue': request.GET['queue']})}" if "queue" in request.GET else ""
        return redirect_to(request, reverse("leads:detail", args=[handoff.lead_id]) + walk)
    context = {"panel": panel_of(handoff, request.user, timezone.now()), "view": "panel"}
    return render_page(request, "handoff/detail.html", context)


@guarded(policies.QUEUE)
def lead_panel(request: UserRequest, pk: int) -> HttpResponse:
    """The lead's current or last hand-off, as a part; `pk` is the lead's."""
    lead = get_object_or_404(visible_leads(request.user), pk=pk)
    handoff = latest_handoff(request.user, lead.pk)
    now = timezone.now()
    panel = panel_of(handoff, request.user, now) if handoff else None
    is_free = handoff is None or not handoff.is_open
    sees_held = is_allowed(request.user, policies.HELD_BACK)
    context = {
        "lead": lead,
        "panel": panel,
        "held": held_of(lead, request.user, now) if sees_held else None,
        "aside": put_aside(lead.pk) if sees_held else None,
        "view": "panel",
        "forbidding": [fact.label for fact in lead.forbidding],
        "may_give": is_free and not lead.forbidding and is_allowed(request.user, policies.GIVE),
    }
    return render_part(request, "handoff/_panel.html", context)
