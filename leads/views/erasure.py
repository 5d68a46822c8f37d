"""Erasing the data of a person: what goes and what stays, the reason, and the lead's number as proof."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import FORM, guarded
from accounts.requests import UserRequest
from leads.access import lead_for
from leads.actions.erasers import row_counts
from leads.actions.erasure import erase_lead, ids_of_person, readmit_addresses
from leads.forms.erasure import ErasureForm
from leads.forms.record import LiftForm
from leads.queries.contact_data import reveal
from leads.queries.merges import similar_leads
from leads.views.decisions import back_to, sheet
from web.pages import redirect_to, render_page


@guarded("leads.erase", *FORM)
def erase(request: UserRequest, pk: int) -> HttpResponse:
    """The page that says what happens; posted, the erasure. A second one changes nothing."""
    lead = lead_for(request.user, pk)
    if lead.erased_at is not None:
        return redirect(lead)
    form = ErasureForm(request.POST if request.method == "POST" else None, lead=lead)
    if form.is_valid():
        data = form.cleaned_data
        erase_lead(
            lead=lead, by=request.user, reason=data["reason"], reference=data["reference"].strip(), now=timezone.now()
        )
        messages.success(request, _("The personal data was erased."))
        return redirect(lead)
    similar = similar_leads(lead, request.user)
    reveal(request.user, [lead, *similar])
    ids = ids_of_person(lead)
    context = {"lead": lead, "form": form, "rows": row_counts(ids), "merged": len(ids) - 1, "similar": similar}
    return render_page(request, "leads/erase.html", context, status=422 if form.errors else 200)


@guarded("leads.erase", *FORM)
def readmit(request: UserRequest, pk: int) -> HttpResponse:
    """Let the addresses of an erased person in again."""
    lead = lead_for(request.user, pk)
    form = LiftForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if readmit_addresses(lead=lead, by=request.user, reason=form.cleaned_data["reason"], now=timezone.now()):
            messages.success(request, _("These addresses may come in again, as a new lead."))
        return redirect_to(request, back_to(request, lead))
    words = _("Allow the addresses again")
    return sheet(request, form, title=words, submit=words, action=request.path)
