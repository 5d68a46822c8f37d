from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from accounts.policies import guarded
from accounts.requests import UserRequest
from handoff import policies
from handoff.queries import board as boards
from web.pages import render_page


@guarded(policies.BOARD)
def board(request: UserRequest) -> HttpResponse:
    """Columns by state, what is at risk on top, and the load of each person."""
    now = timezone.now()
    context = {
        "columns": boards.board(request.user, now),
        "at_risk": boards.at_risk(request.user, now),
        "at_risk_count": boards.count_at_risk(request.user, now),
        "overflow": boards.count_overflow(request.user),
        "loads": boards.loads(request.user, now),
    }
    return render_page(request, "handoff/board.html", context)
