"""Coming soon: who is close to hot, what is missing, and when time alone will make it so."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.policies import guarded, is_allowed
from accounts.requests import UserRequest
from background.time_limits import TooSlowError, time_limit
from handoff import policies
from handoff.queries.coming import BY_TOTAL, COMING, approach_of, coming, count_coming
from handoff.queries.tries import call_rules
from leads.access import lead_for
from leads.queries.contact_data import reveal
from scoring.models import ScoringModel
from scoring.ownership import ownership
from scoring.queries.explain import UnexplainedError
from scoring.queries.lead_list import trends_of
from web.pages import render_page, render_part
from web.paging import Cursor, page_of

PAGE = 25


@guarded(policies.COMING)
def coming_soon(request: UserRequest) -> HttpResponse:
    related = coming(request.user).select_related("lead__company", "lead__owner", "lead__team", "model")
    page = page_of(related, BY_TOTAL, Cursor.of(request.GET), PAGE)
    reveal(request.user, [score.lead for score in page.rows])
    trends, limits = trends_of(page.rows, timezone.now()), ownership()
    context = {
        "rows": [
            (score, trends.get((score.lead_id, score.model_id), ""), limits.owned_by(score.total) if limits else None)
            for score in page.rows
        ],
        "more": f"?{urlencode({'after': page.after})}" if page.after else "",
        "walk": urlencode({"queue": f"{COMING}=1"}),
        "count": count_coming(request.user) if page.is_start else None,
        "near": call_rules().near_points,
        "may_change": is_allowed(request.user, policies.SLA_EDIT),
    }
    return render_page(
        request, "handoff/coming.html", context, part="" if page.is_start else "handoff/_coming_rows.html"
    )


@guarded(policies.COMING)
def approach(request: UserRequest, pk: int, model: int) -> HttpResponse:
    """What lead `pk` lacks; asked for by each row that is seen."""
    lead = lead_for(request.user, pk)
    scored_by = get_object_or_404(ScoringModel, pk=model, hands_over=True, current_version__isnull=False)
    try:
        with time_limit():
            context = {"approach": approach_of(lead, scored_by, timezone.now())}
    except (UnexplainedError, TooSlowError) as error:
        context = {"unexplained": str(error)}  # type: ignore[dict-item]  # words in the place of the answer
    return render_part(request, "handoff/_approach.html", context)
