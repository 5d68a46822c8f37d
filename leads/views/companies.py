from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.policies import FORM, guarded
from accounts.requests import UserRequest
from leads.access import company_for, visible_companies, visible_leads
from leads.actions.leads import update_company
from leads.filters import CompanyFilterSet
from leads.forms.chips import canonical, chips
from leads.forms.company import CompanyForm
from leads.models import Company
from leads.queries import timeline as timelines
from leads.queries.companies import BY_NAME, industries, lead_counts
from leads.queries.contact_data import open_leads, reveal
from leads.queries.facts import company_facts
from leads.queries.history import history_of
from leads.wording import value_choices
from web.pages import render_page, render_part
from web.paging import Cursor, count_of, page_of

OFFERED = ("industry", "size", "country")


@guarded("leads.view")
def companies(request: UserRequest) -> HttpResponse:
    filters = CompanyFilterSet(request.GET, visible_companies(request.user))
    page = page_of(filters.qs, BY_NAME, Cursor.of(request.GET))
    form = filters.form
    set_chips = chips(form, hidden=())
    is_set = {chip.field for chip in set_chips}
    context = {
        "form": form,
        "page": page,
        "count": count_of(filters.qs),
        "leads": lead_counts(request.user, page.rows),
        "query": canonical(request.GET),
        "chips": set_chips,
        "offers": [(name, form.fields[name].label) for name in OFFERED if name not in is_set],
    }
    return render_page(request, "leads/companies.html", context)


@guarded("leads.view")
def company_filter(request: UserRequest, field: str) -> HttpResponse:
    """The sheet in which one filter of the company list is set."""
    if field not in OFFERED:
        raise Http404
    filters = CompanyFilterSet(request.GET, visible_companies(request.user))
    filters.offer_choices(field)
    rest = [pair for pair in QueryDict(canonical(request.GET)).lists() if pair[0] != field]
    return render_part(request, "leads/_company_filter.html", {"fields": [filters.form[field]], "rest": rest})


@guarded("leads.view")
def company(request: UserRequest, pk: int) -> HttpResponse:
    company = company_for(request.user, pk)
    people = list(
        visible_leads(request.user).filter(company=company, is_anonymous=False).order_by("-created_at", "-pk")[:50]
    )
    reveal(request.user, people)
    context = {
        "company": company,
        "facts": company_facts(company),
        "people": people,
        "more_people": len(people) == 50,
        "may_edit": may_edit_company(request, company),
    }
    return render_page(request, "leads/company.html", context | timeline_context(request, company))


def may_edit_company(request: UserRequest, company: Company) -> bool:
    """A rep corrects a company through a lead of their own, the others what they see; a helper nothing."""
    user = request.user
    if user.role == Role.REP:
        return visible_leads(user).filter(company=company, owner=user).exists()
    return user.role != Role.OUTSOURCED


def timeline_context(request: UserRequest, company: Company) -> dict[str, Any]:
    """One timeline over all leads of the company that the reader sees (S28)."""
    seen = visible_leads(request.user).filter(company=company).order_by("-created_at", "-pk")
    people = {lead.pk: lead for lead in seen[: timelines.MOST_LEADS]}
    reveal(request.user, people.values())
    kind = request.GET.get("kind", "")
    kind = kind if kind in {known.code for known in timelines.kinds()} else ""
    page = timelines.timeline(
        leads=list(people), reader=request.user, opened=open_leads(request.user, list(people)), kind=kind,
        older=request.GET.get("older", ""),
    )  # fmt: skip
    url = reverse("leads:company_timeline", args=[company.pk])
    return {"timeline": page, "timeline_url": url, "kinds": timelines.kinds(), "kind": kind, "named": people}


@guarded("leads.view")
def timeline(request: UserRequest, pk: int) -> HttpResponse:
    company = company_for(request.user, pk)
    template = "leads/_entries.html" if request.GET.get("older") else "leads/_timeline.html"
    return render_part(request, template, {"company": company} | timeline_context(request, company))


@guarded("leads.view")
def history(request: UserRequest, pk: int) -> HttpResponse:
    company = company_for(request.user, pk)
    moments = history_of(company, masked=False, older=request.GET.get("older", ""))
    template = "leads/_moments.html" if request.GET.get("older") else "leads/_history.html"
    return render_part(request, template, {"history": moments, "history_url": request.path})


@guarded("leads.edit", *FORM)
def edit(request: UserRequest, pk: int) -> HttpResponse:
    company = company_for(request.user, pk)
    if not may_edit_company(request, company):
        raise PermissionDenied
    form = CompanyForm(request.POST or None, instance=company)
    if request.method == "POST" and form.is_valid():
        update_company(company=company, values=form.values(), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("leads:company", company.pk)
    context = {
        "form": form,
        "company": company,
        "industries": [words for _industry, words in value_choices("industry", industries())],
    }
    return render_page(request, "leads/company_form.html", context, status=422 if form.errors else 200)
