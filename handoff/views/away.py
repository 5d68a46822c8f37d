"""The away button of the account menu, and who gets leads meanwhile."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.enums import Role
from accounts.models import User
from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from handoff import policies
from handoff.actions.absences import UNTOUCHED
from handoff.actions.going_away import go_away
from handoff.enums import OPEN_STATES
from handoff.forms.absence import AbsenceForm
from handoff.forms.away import TEAM, AwayForm
from handoff.models import Absence, Handoff
from handoff.queries.next_leads import NextLeads, next_leads_without
from handoff.views.absences import people_for, said
from web.pages import render_page, render_part, wants_part


@require_http_methods(["GET", "POST"])
@guarded(policies.ABSENCES, *FORM)
def step_away(request: UserRequest) -> HttpResponse:
    """Away from now until the end that is pressed; who is away already can be back."""
    person, now = request.user, timezone.now()
    own = Handoff.objects.filter(owner=person, state__in=OPEN_STATES)
    numbers = {"open_leads": own.count(), "untouched": own.filter(state__in=UNTOUCHED).count()}
    form = AwayForm(request.POST if request.method == "POST" else None, person=person, now=now, **numbers)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        went = go_away(
            person=person, until=chosen["until"], now=now, returns=chosen["leads"] == TEAM, stand_in=chosen["to"]
        )
        return _told(request, said(went, chosen["until"], now, to=chosen["to"]))
    context = {
        "form": form,
        "running": Absence.objects.at(now).filter(person=person).order_by("-ends_at").first(),
        "next_leads": _shown(request.user, person, now),
        "action": request.path,
    }
    template = "handoff/_away.html" if wants_part(request) else "handoff/away.html"
    return render_page(request, template, context, status=422 if form.errors else 200)


@guarded(policies.ABSENCES, POST)
def preview(request: UserRequest) -> HttpResponse:
    """Who would get the next leads, for the absence that is being typed."""
    form = AbsenceForm(request.POST, people=people_for(request.user), now=timezone.now())
    form.is_valid()
    person, at = form.cleaned_data.get("person"), form.cleaned_data.get("starts_at") or timezone.now()
    shown = _shown(request.user, person, at) if person else []
    return render_part(request, "handoff/_next_leads.html", {"next_leads": shown})


def _shown(reader: User, person: User, at: datetime) -> list[NextLeads]:
    """External staff learn nothing of their colleagues' turns."""
    return [] if reader.role == Role.OUTSOURCED else next_leads_without(person, at)


def _told(request: UserRequest, words: str) -> HttpResponse:
    if not wants_part(request):
        messages.success(request, words)
        return HttpResponse(status=303, headers={"Location": reverse("handoff:absences")})
    response = render_part(request, "handoff/_moved.html", {"words": words, "kind": "success"})
    response["HX-Trigger"] = "lq:close, lq:handoff, lq:catch-up"
    return response
