"""What open pages of queue and lead are told and tell: the news, who is there, who has gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts import presence
from accounts.policies import POST, guarded
from accounts.requests import UserRequest
from frame.live import event_stream
from handoff import policies
from handoff.access import may_work_on, visible_handoffs
from handoff.actions import free_hold, take_hold
from handoff.day_head import asked_kind, asked_tab, day_head
from handoff.filters import QueueFilterSet
from handoff.live import TOPIC, hears_of, tell_presence
from handoff.models import Handoff
from handoff.queries.changes import Shown, changed_since, claimed_by_colleagues, comings_and_goings
from handoff.queries.day import own_handoffs
from handoff.queries.presence import others_at, place_of
from handoff.queries.rows import related, rows_of
from handoff.queue_head import queue_head
from handoff.queue_rows import queue_row
from handoff.wording import presence_in_words
from web.pages import render_part

OVERLAP = timedelta(seconds=5)  # what was written while the page was drawn may have been committed after it


@guarded(policies.QUEUE)
def stream(request: UserRequest) -> HttpResponseBase:
    """The event stream of queue and lead pages."""
    return event_stream(request, TOPIC, hears_of(request.user))


@guarded(policies.QUEUE)
def news(request: UserRequest) -> HttpResponse:
    """What has come into the present tab and what has left it since the page was drawn, and the rows that changed.

    Asked for when the stream has told something, and from time to time. `shown` names the rows of the page, `since` is
    when it last asked (seconds), `here` names the rows that show somebody.
    """
    now = timezone.now()
    filters = QueueFilterSet(request.GET, request=request, now=now)
    return _news(request, filters.qs, now, lambda: queue_head(request.user, request.GET, filters.tab, now))


@guarded(policies.QUEUE)
def day_news(request: UserRequest) -> HttpResponse:
    """The same for an open page of "My day"."""
    now = timezone.now()
    tab, kind = asked_tab(request.GET), asked_kind(request.GET)
    handoffs = own_handoffs(request.user, tab, now)
    return _news(request, handoffs, now, lambda: day_head(request.user, tab, kind, now))


def _news(
    request: UserRequest, handoffs: QuerySet[Handoff], now: datetime, head: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """The news of a list of hand-offs; `head` is what stands above it, asked for where something has changed."""
    shown, visible = _shown(request.GET), visible_handoffs(request.user)
    new, left = comings_and_goings(handoffs, shown)
    since = _instant(request.GET.get("since", "")) or now
    touched = changed_since(shown.pks, since - OVERLAP)
    changed = related(visible.filter(pk__in=touched))
    rows = rows_of(changed, request.user, now)
    walk = QueryDict(request.GET.get("query", "")[:2000]).urlencode()
    token = get_token(request)
    gone = claimed_by_colleagues(request.user, set(touched) - {row.handoff.pk for row in rows})
    others = others_at(visible.filter(pk__in=shown.pks).only("pk"), request.user)
    were_here = set(_numbers(request.GET.get("here", "")))
    context = {
        "new": new,
        "left": left,
        "asked_at": str(now.timestamp()),
        "rows": [queue_row(row, now=now, csrf_token=token, walk=walk) for row in rows],
        "gone": gone,
        "here": {pk: presence_in_words(others.get(pk, ())) for pk in sorted(were_here | set(others))},
    }
    if touched or new or left:
        context |= head()
    return render_part(request, "handoff/_news.html", context)


@guarded(policies.QUEUE, POST)
def here(request: UserRequest, pk: int) -> HttpResponse:
    """An open page of the lead says that it is still open, and whether somebody writes there; it is told who else is.

    It holds the lead for whoever could work on it, unless a colleague does already. Who sees the hand-off no more,
    because a colleague claimed it, learns by whom.
    """
    handoff = visible_handoffs(request.user).select_related("owner").filter(pk=pk).first()
    if handoff is None:
        gone = claimed_by_colleagues(request.user, [pk])
        if not gone:
            raise Http404
        return render_part(request, "handoff/_here.html", {"gone": gone[0]})
    is_news = presence.arrive(request.user, place_of(handoff), writes=request.POST.get("writes") == "1")
    is_mine_to_take = handoff.is_open and handoff.owner_id in (None, request.user.pk)
    if is_mine_to_take and may_work_on(request.user, handoff):
        take_hold(handoff=handoff, by=request.user, now=timezone.now())
    if is_news:
        tell_presence(handoff)
    others = others_at([handoff], request.user).get(handoff.pk, ())
    return render_part(request, "handoff/_here.html", {"here": presence_in_words(others)})


@guarded(policies.QUEUE, POST)
def away(request: UserRequest, pk: int) -> HttpResponse:
    """The page of the lead was closed or left; what one holds one may give back, also of a lead one sees no more."""
    handoff = get_object_or_404(Handoff, pk=pk)
    free_hold(handoff=handoff, by=request.user)
    if presence.leave(request.user, place_of(handoff)):
        tell_presence(handoff)
    return HttpResponse(status=204)


def _shown(asked: QueryDict) -> Shown:
    newest = _numbers(asked.get("newest", ""))
    return Shown(
        pks=_numbers(asked.get("shown", "")),
        newest=newest[0] if newest else 0,
        drawn_at=_instant(asked.get("drawn_at", "")),
        is_whole=asked.get("is_whole") == "1",
    )


def _numbers(text: str) -> list[int]:
    """Up to a thousand keys; what is none is left out."""
    parts = text[:20_000].split(",")[:1000]
    return [int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) < 19]


def _instant(text: str) -> datetime | None:
    """A time in seconds of this or the next century, as the page was told it; None for anything else."""
    try:
        return datetime.fromtimestamp(min(max(float(text), 0), 4e9), UTC)
    except ValueError:
        return None
