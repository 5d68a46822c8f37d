from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.utils import timezone

from accounts.policies import POST, guarded, is_allowed
from accounts.requests import UserRequest
from leads.actions.exports import MOST_ROWS, record_export
from leads.forms.bulk import chosen_leads
from scoring import policies
from scoring.queries.lead_export import COLUMNS, HEADINGS, export_rows
from scoring.queries.lead_list import primary_model
from scoring.views.leads import filters_of
from web.spreadsheet import csv_answer


@guarded("leads.export", POST)
def export(request: UserRequest) -> HttpResponse:
    """The chosen leads, or all that the filters show, as CSV: recorded, and cut at a limit that the record names."""
    data = QueryDict(request.POST.get("query", "")[:2000])
    leads = filters_of(request, data).qs
    if chosen := chosen_leads(request.POST):
        leads = leads.filter(pk__in=chosen)
    pks = list(leads.order_by("-created_at", "-pk").values_list("pk", flat=True)[: MOST_ROWS + 1])
    pks, is_cut = pks[:MOST_ROWS], len(pks) > MOST_ROWS
    now = timezone.now()
    record_export(by=request.user, query=data.urlencode(), columns=COLUMNS, rows=len(pks), is_cut=is_cut, now=now)
    model = primary_model() if is_allowed(request.user, policies.SEE_SCORES) else None
    name = f"leads-{timezone.localtime(now):%Y%m%d-%H%M}.csv"
    return csv_answer(name, [str(words) for words in HEADINGS.values()], export_rows(pks, model))
