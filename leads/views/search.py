"""The search at the top of every page: who is calling, who has them, and what to do for a lead of somebody else."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import FORM, guarded
from accounts.requests import UserRequest
from leads.access import visible_leads
from leads.actions.callers import attach_enquiry, leave_message
from leads.actions.leads import Enquiry
from leads.forms.record import EnquiryForm, MessageForm
from leads.models import Lead
from leads.queries.callers import caller_fields, find
from leads.queries.recent import RECENT, recent
from leads.views.decisions import sheet
from web.formats import listed
from web.pages import redirect_to, render_page, render_part


@guarded("leads.search")
def search(request: UserRequest) -> HttpResponse:
    """The page, or what stands under the field while somebody types."""
    words = request.GET.get("q", "").replace("\0", "")[:200].strip()
    query = urlencode(caller_fields(words))
    context = {"words": words, "found": find(request.user, words), "new_query": f"?{query}" if query else ""}
    return render_page(request, "leads/search.html", context, part="leads/_found.html")


@guarded("leads.search")
def recently(request: UserRequest) -> HttpResponse:
    """The last things that were opened, for the palette."""
    things = recent(request.user, request.session.get(RECENT, []))
    return render_part(request, "leads/_recent.html", {"things": things})


def reachable() -> QuerySet[Lead]:
    """Leads of whomever about which somebody may leave word."""
    return Lead.objects.identified().filter(erased_at=None).select_related("owner")


@guarded("leads.reach", *FORM)
def message(request: UserRequest, pk: int) -> HttpResponse:
    lead = get_object_or_404(reachable(), pk=pk)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = leave_message(lead=lead, by=request.user, text=form.cleaned_data["text"], now=timezone.now())
        return _told(request, lead, told)
    return sheet(request, form, about=lead.pk, title=_("Message owner"), submit=_("Send message"), action=request.path)


@guarded("leads.reach", *FORM)
def enquiry(request: UserRequest, pk: int) -> HttpResponse:
    lead = get_object_or_404(reachable(), pk=pk)
    form = EnquiryForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        asked = Enquiry(text=form.cleaned_data["enquiry"], type=form.cleaned_data["enquiry_type"])
        told = attach_enquiry(lead=lead, by=request.user, enquiry=asked, now=timezone.now())
        return _told(request, lead, told)
    return sheet(request, form, about=lead.pk, title=_("Add enquiry"), submit=_("Add enquiry"), action=request.path)


def _told(request: UserRequest, lead: Lead, people: list[User]) -> HttpResponse:
    """Say who reads it, and go on at the lead where this person sees it, else at the search."""
    names = listed(str(person) for person in people)
    messages.success(request, _("Saved. Notified: %(people)s") % {"people": names})
    if visible_leads(request.user).filter(pk=lead.pk).exists():
        return redirect_to(request, lead.get_absolute_url())
    return redirect_to(request, reverse("leads:search"))
