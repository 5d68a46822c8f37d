"""The queue: a rep's home."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import has_active_team
from accounts.enums import Role
from accounts.policies import guarded
from accounts.requests import UserRequest
from handoff import policies
from handoff.access import handoff_for, visible_handoffs
from handoff.actions import offer_next
from handoff.day_head import asked_tab
from handoff.filters import QueueFilterSet, stored_query
from handoff.queries.coming import COMING, coming
from handoff.queries.day import DAY, own_handoffs
from handoff.queries.peek import recent_activities
from handoff.queries.queue import PAGE, by_urgency, order_of
from handoff.queries.rows import related, row_of, rows_of
from handoff.queries.saved import saved_views
from handoff.queries.tries import call_rules
from handoff.queries.unattended import UNATTENDED, unattended
from handoff.queue_head import address, queue_head
from handoff.queue_rows import queue_rows
from handoff.views.queue_filters import chips
from web import formats
from web.pages import render_page, render_part, wants_part
from web.paging import Cursor, page_of

WALKED = 1000


@guarded(policies.QUEUE)
def queue(request: UserRequest) -> HttpResponse:
    now = timezone.now()
    filters = QueueFilterSet(request.GET, request=request, now=now)
    page = page_of(filters.qs, order_of(filters.tab), Cursor.of(request.GET), PAGE)
    rows = queue_rows(
        rows_of(related(page.rows), request.user, now),
        now=now,
        csrf_token=get_token(request),
        walk=walk_of(request.GET),
    )
    context = {
        "rows": rows,
        "is_whole": page.is_start and not page.after,
        "drawn_at": str(now.timestamp()),
        "wanted": {"tab": filters.tab.value, "q": filters.value("q")},
        **queue_head(request.user, request.GET, filters.tab, now),
        "chips": chips(request, filters),
        "more": address(request.GET, after=page.after) if page.after else "",
        "newest": visible_handoffs(request.user).order_by("-pk").values_list("pk", flat=True).first() or 0,
        "is_filtered": filters.narrows,
        **_views(request),
        "has_team_tab": request.user.role != Role.OUTSOURCED,
        "view": "queue",
        "no_team": not rows and not has_active_team(),
    }
    return render_page(request, "handoff/queue.html", context, part="" if page.is_start else "handoff/_rows.html")


@guarded(policies.QUEUE)
def next_lead(request: UserRequest) -> HttpResponse:
    """Straight to the most urgent lead that nobody else has open: one's own first, then the team's.

    Whoever asks from a lead's page (`from`) and has done nothing with it stays there: it would be the next one again.
    """
    handoff = offer_next(by=request.user, now=timezone.now())
    if handoff is None:
        messages.info(request, nobody_to_call())
        return redirect("handoff:day_end")
    if request.GET.get("from") == str(handoff.pk):
        messages.info(request, _("This is still your next lead. Log a contact, snooze it or skip it to move on."))
    return redirect("handoff:detail", handoff.pk)


def nobody_to_call() -> str:
    """What "Open next lead" says when there is none."""
    rest = call_rules().rest
    if not rest:
        return _("No leads to call right now.")
    return _("No leads to call right now. Leads you didn’t reach come back after %(time)s.") % {
        "time": formats.duration(rest)
    }


@guarded(policies.QUEUE)
def neighbours(request: UserRequest, pk: int) -> HttpResponse:
    """The leads before and after lead `pk` in the list one came from; what "[" and "]" press on the lead's page.

    A lead that has left the list since, because it was worked on, is followed by the first of it.
    """
    data = QueryDict(request.GET.get("queue", "")[:2000])
    pks = list(_walked(request, data).values_list("lead_id", flat=True)[:WALKED])
    at = pks.index(pk) if pk in pks else -1
    context = {
        "before": pks[at - 1] if at > 0 else None,
        "after": pks[at + 1] if at + 1 < len(pks) else None,
        "walk": urlencode({"queue": walk_of(data)}),
    }
    return render_part(request, "handoff/_neighbours.html", context)


def _walked(request: UserRequest, data: QueryDict) -> QuerySet[Any]:
    """The rows of the list that `data` is the query of: a tab of the queue or of one's day, or one of leads."""
    if UNATTENDED in data:
        return unattended(request.user)
    if COMING in data:
        return coming(request.user)
    if DAY in data:
        now = timezone.now()
        return by_urgency(own_handoffs(request.user, asked_tab(data), now), now)
    rows: QuerySet[Any] = QueueFilterSet(data, request=request, now=timezone.now()).qs
    return rows


def walk_of(query: QueryDict) -> str:
    """The query that leads back to a list, from its beginning."""
    kept = query.copy()
    kept.pop("after", None)
    return kept.urlencode()


@guarded(policies.QUEUE)
def peek(request: UserRequest, pk: int) -> HttpResponse:
    """The dossier beside the queue, without leaving it; opened by itself, the page it is a part of."""
    handoff, now = handoff_for(request.user, pk), timezone.now()
    if not wants_part(request):
        return redirect("handoff:detail", pk)
    context = {
        "row": row_of(handoff, request.user, now),
        "activities": recent_activities(handoff.lead_id),
        "view": "panel" if request.GET.get("view") == "panel" else "queue",
    }
    return render_part(request, "handoff/_peek.html", context)


def _views(request: UserRequest) -> dict[str, Any]:
    """The saved views, and which of them the address asks for."""
    query, views = stored_query(request.GET), list(saved_views(request.user))
    current = next((view for view in views if view.query == query), None) if query else None
    return {"views": views, "view_query": query, "current_view": current}
