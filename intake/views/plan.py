"""The tracking plan: what comes in, from where, and which rules use it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from accounts.policies import POST, guarded, is_allowed
from accounts.requests import UserRequest
from intake import policies
from intake.models import Door, TypeSetting
from intake.queries.plan import tracking_plan
from leads.models import ActivityType
from leads.wording import source as source_words
from web.pages import render_page


@guarded(policies.SEE_INTAKE)
def plan(request: UserRequest) -> HttpResponse:
    names = {door.source: door.name for door in Door.objects.all()}
    planned = tracking_plan(now=timezone.now())
    rows = [
        {"one": one, "senders": sorted({names.get(source) or str(source_words(source)) for source in one.sources})}
        for one in planned
    ]
    context = {
        "rows": rows,
        "missed": sum(one.is_missed for one in planned),
        "may_repair": is_allowed(request.user, policies.REPAIR),
    }
    return render_page(request, "intake/monitor/plan.html", context)


@guarded(policies.REPAIR, POST)
def switch(request: UserRequest, pk: int) -> HttpResponse:
    """Whether a faulty property costs the property alone, or the whole activity."""
    kind = get_object_or_404(ActivityType, pk=pk)
    TypeSetting.objects.update_or_create(type=kind, defaults={"takes_parts": request.POST.get("takes_parts") == "1"})
    return redirect("intake:plan")
