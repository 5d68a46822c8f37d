"""The queue: a rep's home."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.access import has_active_team
from accounts.policies import guarded
from accounts.requests import UserRequest
from handoff import policies
from handoff.access import handoff_for, visible_handoffs
from handoff.enums import HandoffState, QueueTab
from handoff.filters import QueueFilterSet
from handoff.queries.peek import recent_activities
from handoff.queries.queue import (
    PAGE,
    in_use,
    next_handoff,
    order_of,
)
from handoff.queries.rows import RELATED, row_of, rows_of
from handoff.queue_head import address, queue_head
from handoff.queue_rows import queue_rows
from web.cldr import language_name
from web.pages import render_page, render_part
from web.paging import Cursor, page_of

WALKED = 1000


@dataclass(frozen=True, kw_only=True)
class FilterOption:
    label: str | Promise
    href: str


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One filter above the list: set to something, or offering its options."""

    name: str
    label: str | Promise
    chosen: str | Promise
    clear: str
    options: list[FilterOption]


@guarded(policies.QUEUE)
def queue(request: UserRequest) -> HttpResponse:
    now = timezone.now()
    filters = QueueFilterSet(request.GET, request=request, now=now)
    page = page_of(filters.qs.select_related(*RELATED), order_of(filters.tab), Cursor.of(request.GET), PAGE)
    rows = queue_rows(
        rows_of(page.rows, request.user, now), now=now, csrf_token=get_token(request), walk=walk_of(request.GET)
    )
    context = {
        "rows": rows,
        # With more pages to come the news cannot tell which of the rows have left: 0 does not ask.
        "shown": 0 if page.after else len(rows),
        "wanted": {"tab": filters.tab.value, "q": filters.value("q")},
        **queue_head(request.user, request.GET, filters.tab, now),
        "chips": _chips(request, filters),
        "more": address(request.GET, after=page.after) if page.after else "",
        "newest": visible_handoffs(request.user).order_by("-pk").values_list("pk", flat=True).first() or 0,
        "is_filtered": filters.narrows,
        "view": "queue",
        "no_team": not has_active_team(),
    }
    return render_page(request, "handoff/queue.html", context, part="" if page.is_start else "handoff/_rows.html")


@guarded(policies.QUEUE)
def news(request: UserRequest) -> HttpResponse:
    """What has come into the present tab and what has left it since the page was drawn."""
    since, shown = _number(request, "newest"), _number(request, "shown")
    handoffs = QueueFilterSet(request.GET, request=request, now=timezone.now()).qs
    new = handoffs.filter(pk__gt=since).count()
    left = max(0, shown - (handoffs.count() - new))
    return render_part(request, "handoff/_news.html", {"new": new, "left": left})


@guarded(policies.QUEUE)
def next_lead(request: UserRequest) -> HttpResponse:
    """Straight to the most urgent lead: one's own first, then the team's."""
    handoff = next_handoff(request.user, timezone.now())
    if handoff is None:
        messages.info(request, _("No leads to call right now. Leads you didn’t reach come back after an hour."))
        return redirect("handoff:queue")
    return redirect("handoff:detail", handoff.pk)


@guarded(policies.QUEUE)
def neighbours(request: UserRequest, pk: int) -> HttpResponse:
    """The leads before and after lead `pk` in the queue one came from; what "[" and "]" press on the lead's page.

    A lead that has left the list since, because it was worked on, is followed by the first of it.
    """
    data = QueryDict(request.GET.get("queue", "")[:2000])
    filters = QueueFilterSet(data, request=request, now=timezone.now())
    pks = list(filters.qs.values_list("lead_id", flat=True)[:WALKED])
    at = pks.index(pk) if pk in pks else -1
    context = {
        "before": pks[at - 1] if at > 0 else None,
        "after": pks[at + 1] if at + 1 < len(pks) else None,
        "walk": urlencode({"queue": walk_of(data)}),
    }
    return render_part(request, "handoff/_neighbours.html", context)


def walk_of(query: QueryDict) -> str:
    """The query that leads back to a list, from its beginning."""
    kept = query.copy()
    kept.pop("after", None)
    return kept.urlencode()


@guarded(policies.QUEUE)
def peek(request: UserRequest, pk: int) -> HttpResponse:
    """The dossier beside the queue, without leaving it."""
    handoff, now = handoff_for(request.user, pk), timezone.now()
    context = {
        "row": row_of(handoff, request.user, now),
        "activities": recent_activities(handoff.lead_id),
        "view": "panel" if request.GET.get("view") == "panel" else "queue",
    }
    return render_part(request, "handoff/_peek.html", context)


def _number(request: UserRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _chips(request: UserRequest, filters: QueueFilterSet) -> list[Chip]:
    offered = in_use(request.user)
    sources = [(str(source.pk), str(source)) for source in offered.sources]
    languages = [(code, language_name(code)) for code in offered.languages]
    dues = [
        ("overdue", _("overdue")),
        ("rest_of_today", _("due later today")),
        ("today", _("due today or earlier")),
        ("week", _("within 7 days")),
    ]
    in_tab = {
        QueueTab.MINE: [HandoffState.QUEUED, HandoffState.CLAIMED],
        QueueTab.WAITING: [HandoffState.CONTACTED, HandoffState.ACCEPTED],
        QueueTab.DONE: [HandoffState.REJECTED, HandoffState.CLOSED],
    }.get(filters.tab, [])
    states = [(state.value, str(state.label)) for state in in_tab]
    if filters.tab != QueueTab.DONE:
        states.append(("cooled", _("Cooled")))
    return [
        _chip(request, "source", _("Source"), str(filters.value("source")), sources),
        _chip(request, "language", _("Language"), filters.value("language"), languages),
        _chip(request, "due", _("Due"), filters.value("due"), dues),
        _chip(request, "state", pgettext("hand-off", "Status"), filters.value("state"), states),
    ]


def _chip(request: UserRequest, name: str, label: str, value: str, options: list[tuple[str, str]]) -> Chip:
    return Chip(
        name=name,
        label=label,
        chosen=dict(options).get(value, value) if value else "",
        clear=address(request.GET, **{name: None, "after": None}),
        options=[
            FilterOption(label=words, href=address(request.GET, **{name: code, "after": None}))
            for code, words in options
        ],
    )
