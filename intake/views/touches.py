"""The touches of a lead, a panel of its page."""

from __future__ import annotations

from django.http import HttpResponse

from accounts.policies import guarded
from accounts.requests import UserRequest
from intake import policies
from intake.queries.touches import touches_of
from leads.access import lead_for
from web.pages import render_part


@guarded(policies.TOUCHES)
def lead_touches(request: UserRequest, pk: int) -> HttpResponse:
    """Where the lead came from, each time, in order."""
    lead = lead_for(request.user, pk)
    return render_part(request, "intake/_touches.html", {"lead": lead, "touches": touches_of(lead)})
