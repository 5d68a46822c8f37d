"""Hot leads in nobody's hands, and the button that gives one of them to sales."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import FORM, guarded, is_allowed
from accounts.requests import UserRequest
from handoff import policies
from handoff.actions.giving import give_to_sales
from handoff.errors import RefusedError
from handoff.forms.gates import GiveAnywayForm
from handoff.forms.steps import GiveForm
from handoff.queries.held_back import count_held_back
from handoff.queries.missing import blocked_by
from handoff.queries.unattended import BY_TOTAL, COUNTED, UNATTENDED, count_unattended, rows_of, unattended
from leads.access import lead_for
from leads.queries.contact_data import reveal
from leads.views.decisions import back_to
from web.pages import redirect_to, render_page, render_part
from web.paging import PAGE_SIZE, Cursor, page_of


@guarded(policies.UNATTENDED)
def unattended_leads(request: UserRequest) -> HttpResponse:
    related = unattended(request.user).select_related("lead__company", "lead__owner")
    page = page_of(related, BY_TOTAL, Cursor.of(request.GET), PAGE_SIZE)
    rows = rows_of(page.rows)
    reveal(request.user, [row.lead for row in rows])
    context = {
        "rows": rows,
        "more": f"?{urlencode({'after': page.after})}" if page.after else "",
        "walk": urlencode({"queue": f"{UNATTENDED}=1"}),
        "may_give": is_allowed(request.user, policies.GIVE),
    }
    part = "" if page.is_start else "handoff/_unattended_rows.html"
    return render_page(request, "handoff/unattended.html", context, part=part)


@guarded(policies.UNATTENDED)
def unattended_count(request: UserRequest) -> HttpResponse:
    """The links above the queue to leads beside it, with how many there are; asked for after the page."""
    number, held = count_unattended(request.user), count_held_back(request.user)
    context = {"number": number, "is_cut": number >= COUNTED, "held": held, "held_is_cut": held >= COUNTED}
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
