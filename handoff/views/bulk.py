"""One act on the rows that were selected, or on all that the list holds; one undo for all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from handoff import actions, policies
from handoff.access import may_work_on, visible_handoffs
from handoff.actions.bulk import BulkResult, for_each, undo_all
from handoff.filters import QueueFilterSet
from handoff.forms.bulk import BulkForm
from handoff.models import Handoff
from handoff.queries.rows import RELATED
from web import formats
from web.pages import render_part

MOST = 500  # as many as a person would look through; more are told


@require_http_methods(["GET", "POST"])
@guarded(policies.FIRST_RESPONSE, *FORM)
def bulk(request: UserRequest) -> HttpResponse:
    """The dialog that asks for the act, with the number it is for; then the act, and what came of it."""
    data = request.POST if request.method == "POST" else request.GET
    handoffs = _chosen(request, data)
    number = len([handoff for handoff in handoffs if str(handoff.owner_id) != data.get("to")])
    form = BulkForm(
        request.POST or None, by=request.user, now=timezone.now(), number=number, initial={"act": data.get("act")}
    )
    if request.method == "POST" and form.is_valid():
        return _told(request, for_each(handoffs, _act(request, form)))
    kept = [(name, value) for name in ("pk", "all", "query") for value in data.getlist(name)]
    context = {"form": form, "number": len(handoffs), "kept": kept, "is_cut": len(handoffs) == MOST}
    return render_part(request, "handoff/_bulk.html", context, status=422 if form.errors else 200)


@guarded(policies.FIRST_RESPONSE, POST)
def bulk_undo(request: UserRequest) -> HttpResponse:
    result = undo_all(handoffs=_chosen(request, request.POST), by=request.user, now=timezone.now())
    return _told(request, result, is_undo=True)


def _chosen(request: UserRequest, data: QueryDict) -> list[Handoff]:
    """The selected hand-offs, or with `all` those of the list that `query` asks for, in its order."""
    if data.get("all") == "1":
        chosen = QueueFilterSet(QueryDict(data.get("query", "")[:2000]), request=request, now=timezone.now()).qs
    else:
        pks = [int(pk) for pk in data.getlist("pk") if pk.isascii() and pk.isdecimal() and len(pk) < 19]
        chosen = visible_handoffs(request.user).filter(pk__in=pks[:MOST]).order_by("pk")
    found: list[Handoff] = list(chosen.select_related(*RELATED)[:MOST])
    return found


def _act(request: UserRequest, form: BulkForm) -> Callable[[Handoff], None]:
    """What is to be done to each; who may not work on one of them is refused that one only."""
    acts: dict[str, Callable[..., Any]] = {
        "claim": actions.claim_handoff,
        "release": actions.release_handoff,
        "snooze": actions.snooze_handoff,
        "pause": actions.pause_handoff,
        "assign": actions.assign_handoff,  # offered by the form to whoever may, as the following are
        "accept": actions.accept_handoff,
        "reject": actions.reject_handoff,
    }
    act: Callable[..., Any] = acts.get(form.cleaned_data["act"], actions.record_result)
    now, values = timezone.now(), form.values()

    def act_on(handoff: Handoff) -> None:
        if not may_work_on(request.user, handoff):
            raise actions.RefusedError(_("It belongs to someone else. Ask them or a manager."))
        act(handoff=handoff, by=request.user, now=now, **values)

    return act_on


def _told(request: UserRequest, result: BulkResult, *, is_undo: bool = False) -> HttpResponse:
    """Say how many were done and why not the others, offer one undo, and show the list as it is now."""
    number = len(result.done)
    words = {"n": formats.number(number)}
    done = ngettext("%(n)s lead done.", "%(n)s leads done.", number) % words
    if is_undo:
        done = ngettext("Undone for %(n)s lead.", "Undone for %(n)s leads.", number) % words
    left = Counter(each.reason for each in result.refused)
    reasons = [_("%(n)s not done: %(reason)s") % {"n": formats.number(n), "reason": why} for why, n in left.items()]
    context = {
        "words": done,
        "reasons": reasons,
        "kind": "warning" if reasons else "success",
        "undo": [] if is_undo else [handoff.pk for handoff in result.done],
    }
    response = render_part(request, "handoff/_bulk_answer.html", context)
    response["HX-Trigger"] = "lq:close, lq:handoff, lq:catch-up"  # the list asks for the rows that changed
    return response
