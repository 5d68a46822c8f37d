"""My day: everything a person has to do, in one list; and the end of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone

from accounts.access import has_active_team
from accounts.policies import guarded
from accounts.requests import UserRequest
from handoff import policies
from handoff.access import visible_handoffs
from handoff.day_head import asked_kind, asked_tab, day_head, elsewhere
from handoff.enums import DayTab
from handoff.models import Handoff
from handoff.queries.day import DayItem, day_items, day_page
from handoff.queries.day_end import day_end
from handoff.queries.rows import related, rows_of
from handoff.queries.todos import visible_todos
from handoff.queue_rows import QueueRow, queue_rows
from handoff.todo_rows import TodoRow, todo_rows
from web.pages import render_page


@guarded(policies.QUEUE)
def day(request: UserRequest) -> HttpResponse:
    now, tab, kind = timezone.now(), asked_tab(request.GET), asked_kind(request.GET)
    items = day_items(request.user, tab, now, kind)
    page = day_page(items, tab, request.GET.get("after", ""))
    query = f"tab={tab}&show={kind}" if kind else f"tab={tab}"
    context = {
        "rows": _rows(request, page.items, now, walk=f"day=1&{query}"),
        "tab": tab,
        "show": kind,
        "more": f"?{query}&after={page.after}" if page.after else "",
        "is_whole": page.is_start and not page.after,
        "drawn_at": str(now.timestamp()),
        "newest": visible_handoffs(request.user).order_by("-pk").values_list("pk", flat=True).first() or 0,
        "no_team": not items and not has_active_team(),
        "today": timezone.localtime(now),
        "view": "queue",
        **(day_head(request.user, tab, kind, now) if page.is_start else {}),
    }
    if not items and tab == DayTab.NOW and not kind:
        context["end"] = day_end(request.user, now)
        context["elsewhere"] = elsewhere(request.user, now)
    return render_page(request, "handoff/day.html", context, part="" if page.is_start else "handoff/_day_rows.html")


def _rows(request: UserRequest, items: Sequence[DayItem], now: datetime, walk: str) -> list[QueueRow | TodoRow]:
    """The rows of hand-offs and to-dos, in the order of the items."""
    pks = [item.handoff for item in items if item.handoff]
    read = related(Handoff(pk=pk) for pk in pks)
    ready = queue_rows(rows_of(read, request.user, now), now=now, csrf_token=get_token(request), walk=walk)
    handoffs = {row.handoff.pk: row for row in ready}
    todos = visible_todos(request.user).filter(pk__in=[item.todo for item in items if item.todo])
    done = todo_rows(todos, request.user, now)
    rows: list[QueueRow | TodoRow | None] = [
        handoffs.get(item.handoff) if item.handoff else done.get(item.todo) for item in items
    ]
    return [row for row in rows if row is not None]


@guarded(policies.QUEUE)
def end(request: UserRequest) -> HttpResponse:
    """Nothing is left to call: what was done, what comes back, and what could be done instead."""
    now = timezone.now()
    context: dict[str, Any] = {
        "end": day_end(request.user, now),
        "elsewhere": elsewhere(request.user, now),
        "day_url": reverse("handoff:day"),
    }
    return render_page(request, "handoff/day_end.html", context)
