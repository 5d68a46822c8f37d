"""What the page of a draft hosts: whose desk would get how much."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.policies import guarded
from accounts.requests import UserRequest
from handoff import policies
from insights.queries.draft_load import draft_loads
from scoring.models import ScoringModel
from web.pages import render_part


@guarded(policies.BOARD)
def draft_load(request: UserRequest, pk: int) -> HttpResponse:
    """Open hand-offs per person with what the draft adds, against what each can carry; `pk` is the model's."""
    found = draft_loads(get_object_or_404(ScoringModel, pk=pk), request.user, timezone.now())
    return render_part(request, "insights/_draft_load.html", {"loads": found})
