"""Hot leads that the policy holds back from sales, with what is missing and how to fill it in."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone

from accounts.policies import guarded, is_allowed
from accounts.requests import UserRequest
from handoff import policies
from handoff.enums import HeldFor
from handoff.queries.held_back import NEWEST, gates_that_hold, held_back, rows_of
from leads.queries.contact_data import reveal
from web.pages import render_page
from web.paging import PAGE_SIZE, Cursor, page_of

GATE_LENGTH = 80


@guarded(policies.HELD_BACK)
def held_back_leads(request: UserRequest) -> HttpResponse:
    """The leads of this person that are held back, narrowed to a gate or to calls that have to be made first."""
    gate, kind = request.GET.get("gate", "").replace("\0", "")[:GATE_LENGTH], request.GET.get("kind", "")
    found = held_back(request.user, gate=gate, kind=kind)
    related = found.select_related("lead__company", "lead__owner", "model", "episode", "todo__owner")
    page = page_of(related, NEWEST, Cursor.of(request.GET), PAGE_SIZE)
    reveal(request.user, [row.lead for row in page.rows])
    asked = {"gate": gate, "kind": kind if kind in HeldFor.values else ""}
    query = {name: value for name, value in asked.items() if value}
    rows = rows_of(page.rows, request.user, timezone.now())
    context = {
        "rows": rows,
        "is_settling": any(row.is_settling for row in rows),
        "more": f"?{urlencode({**query, 'after': page.after})}" if page.after else "",
        "asked": asked,
        "chips": [(name, number, f"?{urlencode({'gate': name})}") for name, number in gates_that_hold(request.user)],
        "calls": held_back(request.user, kind=HeldFor.CONFIRM).count(),
        "may_give": is_allowed(request.user, policies.GIVE),
        "may_pass": is_allowed(request.user, policies.PASS_GATES),
    }
    part = "" if page.is_start else "handoff/_held_back_rows.html"
    return render_page(request, "handoff/held_back.html", context, part=part)
