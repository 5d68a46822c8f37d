"""Leads that could be forgotten, and the button that gives one of them to sales."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import FORM, guarded, is_allowed
from accounts.requests import UserRequest
from handoff import policies
from handoff.actions.giving import give_to_sales
from handoff.enums import LeftBehind
from handoff.errors import RefusedError
from handoff.forms.gates import GiveAnywayForm
from handoff.forms.steps import GiveForm
from handoff.queries.held_back import COUNTED, count_held_back
from handoff.queries.left_behind import NEWEST_FIRST, OLDEST_FIRST, counts, left_behind
from handoff.queries.missing import blocked_by
from handoff.queries.unattended import BY_TOTAL, UNATTENDED, rows_of
from leads.access import lead_for
from leads.queries.contact_data import reveal
from leads.views.decisions import back_to
from web.pages import redirect_to, render_page, render_part
from web.paging import PAGE_SIZE, Cursor, page_of

RELATED = {
    LeftBehind.HOT: ("lead__company", "lead__owner"),
    LeftBehind.NO_OWNER: ("lead__company", "team"),
    LeftBehind.NO_NEXT: ("lead__company", "team", "owner"),
    LeftBehind.UNSEEN: ("company", "source", "team"),
}
ORDERS = {LeftBehind.HOT: BY_TOTAL, LeftBehind.UNSEEN: NEWEST_FIRST}


@guarded(policies.UNATTENDED)
def unattended_leads(request: UserRequest) -> HttpResponse:
    """Whoever could be forgotten, by why."""
    now = timezone.now()
    kind = LeftBehind(asked) if (asked := request.GET.get("kind", "")) in LeftBehind.values else LeftBehind.HOT
    found = left_behind(request.user, kind, now).select_related(*RELATED[kind])
    page = page_of(found, ORDERS.get(kind, OLDEST_FIRST), Cursor.of(request.GET), PAGE_SIZE)
    rows: list[Any] = rows_of(page.rows) if kind == LeftBehind.HOT else page.rows
    reveal(request.user, [row if kind == LeftBehind.UNSEEN else row.lead for row in rows])
    context = {
        "rows": rows,
        "kind": kind,
        "more": f"?{urlencode({'kind': kind.value, 'after': page.after})}" if page.after else "",
        "walk": urlencode({"queue": f"{UNATTENDED}=1"}) if kind == LeftBehind.HOT else "",
        "may_give": is_allowed(request.user, policies.GIVE),
        "part": f"handoff/_left_{kind.value}.html",
    }
    if not page.is_start:
        return render_part(request, context["part"], context)  # type: ignore[arg-type]  # a name
    context["tabs"] = [(each, number, each == kind) for each, number in counts(request.user, now).items()]
    return render_page(request, "handoff/unattended.html", context)


@guarded(policies.UNATTENDED)
def unattended_count(request: UserRequest) -> HttpResponse:
    """The links above the queue, to the first list that holds anybody, with how many it holds, and to who is held back;
    asked for after the page."""
    found = counts(request.user, timezone.now(), (LeftBehind.HOT, LeftBehind.NO_NEXT))
    first = next((kind for kind, number in found.items() if number.number), LeftBehind.HOT)
    held = count_held_back(request.user)
    context = {"left": found[first], "first": first, "held": held, "held_is_cut": held >= COUNTED}
    return render_part(request, "handoff/_unattended_link.html", context)


@guarded(policies.GIVE, *FORM)
def give(request: UserRequest, pk: int) -> HttpResponse:
    """The dialog of "Give to sales", and what it does; where a gate is in the way, what is missing for it."""
    lead, now = lead_for(request.user, pk), timezone.now()
    blocked = blocked_by(lead, request.user, now)
    may_pass = is_allowed(request.user, policies.PASS_GATES)
    chosen = GiveAnywayForm if blocked and may_pass else GiveForm
    form = chosen(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            give_to_sales(
                lead=lead, by=request.user, reason=form.cleaned_data["reason"], now=now,
                past_gates=form.cleaned_data.get("anyway", False),
            )  # fmt: skip
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Handed off to sales. The deadline for first contact has started."))
            return redirect_to(request, back_to(request, lead))
    next(iter(form.fields.values())).widget.attrs["autofocus"] = True
    context = {"form": form, "lead": lead, "blocked": blocked, "may_pass": may_pass}
    return render_part(request, "handoff/_give.html", context, status=422 if form.errors else 200)
