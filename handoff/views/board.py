from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from accounts.policies import guarded, is_allowed
from accounts.requests import UserRequest
from handoff import policies
from handoff.enums import SkipReason
from handoff.forms import SkipsForm
from handoff.queries import board as boards
from handoff.queries.skips import ORDER as SKIP_ORDER
from handoff.queries.skips import skip_counts, skipped
from handoff.queue_head import address
from web.pages import render_page
from web.paging import Cursor, page_of

PAGE = 50


@guarded(policies.BOARD)
def board(request: UserRequest) -> HttpResponse:
    """Columns by state, what is at risk on top, and the load of each person."""
    now = timezone.now()
    found = boards.board(request.user, now)
    context = {
        "columns": found.columns,
        "results": found.results,
        "open_count": sum(column.count for column in found.columns),
        "can_drag": is_allowed(request.user, policies.WORK),
        "at_risk": found.at_risk,
        "at_risk_count": found.at_risk_count,
        "can_assign": is_allowed(request.user, policies.ASSIGN),
        "overflow": boards.count_overflow(request.user),
        "loads": boards.loads(request.user, now),
        "skips": skip_counts(request.user, now),
        "skip_reasons": SkipReason.choices,
    }
    return render_page(request, "handoff/board.html", context)


@guarded(policies.BOARD)
def skips(request: UserRequest) -> HttpResponse:
    """The leads behind a number of the board's table: who skipped which, when and why."""
    now = timezone.now()
    asked = SkipsForm(request.GET)
    asked.is_valid()
    chosen = skipped(
        request.user, now, person=asked.cleaned_data.get("person"), reason=asked.cleaned_data.get("reason")
    )
    page = page_of(chosen, SKIP_ORDER, Cursor.of(request.GET), PAGE)
    after = address(request.GET, after=page.after) if page.after else ""
    context = {"skips": page.rows, "more": after}
    return render_page(request, "handoff/skips.html", context, part="" if page.is_start else "handoff/_skip_rows.html")
