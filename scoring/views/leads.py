"""The list of leads. It shows scores, so it lives here and not below: `scoring:lead_list`, at /leads/."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode

from accounts.policies import POST, guarded, is_allowed
from accounts.requests import UserRequest
from leads import policies as lead_policies
from leads.access import company_for, lead_for, visible_leads
from leads.filters import CUSTOM
from leads.forms.chips import canonical, chips
from leads.forms.record import SavedFilterForm
from leads.queries.contact_data import reveal
from leads.queries.saved import saved_filters
from scoring import columns, policies
from scoring.filters import FIRST, OFFERED, ScoredLeadFilterSet
from scoring.lead_lines import lead_lines
from scoring.ownership import ownership
from scoring.queries.lead_list import neighbours_of, page_of_leads, primary_model, scores_of
from web.pages import render_page, render_part
from web.paging import Cursor, matches_of

A_YEAR = 365 * 24 * 3600
COLUMN_COOKIE = "lead_columns"


def filters_of(request: UserRequest, data: QueryDict) -> ScoredLeadFilterSet:
    """The list that a query string asks for, as this person may see it."""
    return ScoredLeadFilterSet(data, visible_leads(request.user), request=request)


@guarded("leads.view")
def lead_list(request: UserRequest) -> HttpResponse:
    filters = filters_of(request, request.GET)
    matches, now = matches_of(filters.qs), timezone.now()
    page = page_of_leads(
        matches,
        sort=filters.sort_name,
        model=primary_model() if filters.sees_scores else None,
        now=now,
        cursor=Cursor.of(request.GET),
    )
    reveal(request.user, [row.lead for row in page.rows])
    context = _context(request, filters) | {"unseen": filters.unseen()}
    lines = lead_lines(page.rows, context["columns"], now=now, walk=context["walk"])
    return render_page(
        request, "scoring/leads/list.html", context | {"page": page, "lines": lines, "count": matches.count}
    )


def _context(request: UserRequest, filters: ScoredLeadFilterSet) -> dict[str, Any]:
    """What stands over the list: its filters, and the saved views, of which one's own can be deleted."""
    form = filters.form
    query = canonical(form.data)
    set_chips = chips(form, hidden=("sort",))
    is_set = {chip.field for chip in set_chips}
    tabs = list(saved_filters(request.user))
    current = next((tab for tab in tabs if tab.query == query), None)
    for tab in tabs:
        tab.is_current = tab is current  # type: ignore[attr-defined]
    return {
        "form": form,
        "query": query,
        "walk": urlencode({"from": query}),
        "chips": set_chips,
        "offers": [(name, form.fields[name].label) for name in FIRST if name in form.fields and name not in is_set],
        "sort": filters.sort_name,
        "tabs": tabs,
        "is_all": query in ("", urlencode({"sort": request.GET.get("sort", "")})),
        "current_tab": current,
        "own_tab": current if current and current.user_id == request.user.pk else None,
        "save_form": SavedFilterForm(initial={"query": query}, auto_id="save-%s"),
        "columns": columns.chosen(request.COOKIES.get(COLUMN_COOKIE, ""), sees_scores=filters.sees_scores),
        "may_assign": is_allowed(request.user, lead_policies.ASSIGN),
        "may_edit": is_allowed(request.user, lead_policies.EDIT),
        "may_export": is_allowed(request.user, lead_policies.EXPORT),
    }


@guarded("leads.view")
def lead_filter(request: UserRequest, field: str) -> HttpResponse:
    """The sheet in which one filter is set, or all of them; the others of the list ride along."""
    filters = filters_of(request, request.GET)
    if field == "all":
        filters.add_custom_filters()
        names = [name for name in (*OFFERED, "created_to", "anonymous") if name in filters.filters]
        names += [name for name in filters.filters if name.startswith(CUSTOM)]
    elif field == "created_from":
        names = ["created_from", "created_to"]
    elif field in OFFERED and field in filters.filters:
        names = [field]
    else:
        raise Http404
    form = filters.form
    for name in names:
        filters.offer_choices(name)
    rest = [pair for pair in QueryDict(canonical(form.data)).lists() if pair[0] not in names]
    fields = [form[name] for name in names]
    return render_part(request, "scoring/leads/_filter.html", {"form": form, "fields": fields, "rest": rest})


@guarded("leads.view")
def neighbours(request: UserRequest, pk: int) -> HttpResponse:
    """Previous and next in the list one came from; the buttons that "[" and "]" press."""
    lead = lead_for(request.user, pk)
    data = QueryDict(request.GET.get("from", "")[:2000])
    filters = filters_of(request, data)
    before, after = neighbours_of(matches_of(filters.qs), lead, sort=filters.sort_name, model=primary_model())
    query = canonical(data)
    context = {"before": before, "after": after, "query": query, "walk": urlencode({"from": query})}
    return render_part(request, "scoring/leads/_neighbours.html", context)


@guarded("leads.view")
def lead_heat(request: UserRequest, pk: int) -> HttpResponse:
    """Hot, warm or cold, since when hot, and whose the lead is by its score: for the head of a lead's page."""
    lead = lead_for(request.user, pk)
    model = primary_model() if is_allowed(request.user, policies.SEE_SCORES) else None
    score = scores_of([lead.pk], model).get(lead.pk)
    episode = lead.episodes.filter(model=model, ended_at=None).first() if model else None
    limits = ownership() if score else None
    owned_by = limits.owned_by(score.total) if limits and score else None
    context = {"score": score, "episode": episode, "owned_by": owned_by}
    return render_part(request, "scoring/leads/_heat.html", context)


@guarded("leads.view", POST)
def choose_columns(request: UserRequest) -> HttpResponse:
    """Remember in a cookie which columns this browser shows, and go back to the list as it was."""
    query = canonical(QueryDict(request.POST.get("query", "")[:2000]))
    response = redirect("scoring:lead_list")
    response["Location"] += f"?{query}" if query else ""
    response.set_cookie(
        COLUMN_COOKIE, columns.write(request.POST.getlist("column")), max_age=A_YEAR, samesite="Lax", httponly=True
    )
    return response


@guarded("scoring.scores.view")
def company_leads(request: UserRequest, pk: int) -> HttpResponse:
    """The leads of a company with their scores, the best first: for the company's page."""
    company = company_for(request.user, pk)
    leads = visible_leads(request.user).filter(company=company, is_anonymous=False)
    page = page_of_leads(matches_of(leads), sort="-score", model=primary_model(), now=timezone.now())
    reveal(request.user, [row.lead for row in page.rows])
    return render_part(request, "scoring/leads/_of_company.html", {"page": page, "company": company})
