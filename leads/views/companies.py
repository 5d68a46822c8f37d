from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.policies import FORM, POST, guarded, is_allowed
from accounts.requests import UserRequest
from leads import policies
from leads.access import company_for, visible_companies, visible_leads
from leads.actions.company_merge import merge_companies, undo_company_merge
from leads.actions.leads import update_company
from leads.errors import MergeRefusedError
from leads.filters import CompanyFilterSet
from leads.forms.chips import canonical, chips
from leads.forms.company import CompanyForm
from leads.models import Company, CompanyMerge
from leads.queries import timeline as timelines
from leads.queries.companies import BY_NAME, companies_by_words, industries, lead_counts, similar_companies
from leads.queries.contact_data import open_leads, reveal
from leads.queries.facts import company_facts
from leads.queries.history import history_of
from leads.queries.recent import remember
from leads.wording import value_choices
from web import formats
from web.pages import render_page, render_part
from web.paging import Cursor, count_of, page_of

OFFERED = ("industry", "size", "region", "country")


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
    merged = Company.objects.filter(pk=pk, merged_into__isnull=False).first()
    if merged is not None:
        return redirect("leads:company", merged.merged_into_id)
    company = company_for(request.user, pk)
    remember(request, company)
    may_merge = is_allowed(request.user, policies.MERGE)
    standing = company.merges.filter(undone_at=None).select_related("merged", "by") if may_merge else []
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
        "may_merge": may_merge,
        "merges": list(standing),
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


@guarded("leads.merge", *FORM)
def merge(request: UserRequest, pk: int) -> HttpResponse:
    """Choose the company that is the same one; a press merges it, and can be taken back."""
    company = company_for(request.user, pk)
    seen = visible_companies(request.user).exclude(pk=company.pk)
    number = request.POST.get("other", "")
    if request.method == "POST" and number.isascii() and number.isdecimal() and len(number) < 19:
        other = get_object_or_404(seen, pk=int(number))
        try:
            done = merge_companies(kept=company, merged=other, by=request.user, now=timezone.now())
        except MergeRefusedError as refused:
            messages.error(request, str(refused))
        else:
            told = {"merged": other, "leads": formats.number(len(done.leads))}
            messages.success(request, _("Merged %(merged)s. Leads moved: %(leads)s.") % told)
        return redirect("leads:company", company.pk)
    words = request.GET.get("q", "").replace("\0", "")[:200].strip()
    found = companies_by_words(seen, words) if words else similar_companies(company, seen)
    others = list(found.order_by("name", "pk")[:20])
    context = {"company": company, "words": words, "found": others, "leads": lead_counts(request.user, others)}
    return render_page(request, "leads/company_merge.html", context)


@guarded("leads.merge", POST)
def undo_merge(request: UserRequest, pk: int) -> HttpResponse:
    done = get_object_or_404(CompanyMerge, pk=pk)
    company = company_for(request.user, done.kept_id)
    try:
        undo_company_merge(merge=done, by=request.user, now=timezone.now())
    except MergeRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Merge undone. The scores update in a moment."))
    return redirect("leads:company", company.pk)


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
