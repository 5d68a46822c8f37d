"""The page of wrong verdicts: leads that were hot and rejected, and buyers who had never been hot."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone

from accounts.policies import guarded
from accounts.requests import UserRequest
from insights import policies
from insights.enums import WrongVerdict
from insights.forms import VerdictsForm
from insights.periods import Span, period_form
from insights.queries.verdicts import missed, reasons, rejected, summary
from leads.queries.contact_data import reveal
from web.pages import render_page
from web.paging import Cursor, Order, page_of


@guarded(policies.REPORTS)
def verdicts(request: UserRequest) -> HttpResponse:
    """Where the rules and sales disagree: whom sales rejected, and who bought without having been hot."""
    form, user = VerdictsForm(request.GET.dict()), request.user
    today, periods = timezone.localdate(), period_form(request.GET, usual=Span.DAYS_90)
    period = periods.chosen(today)
    rows: QuerySet[Any, Any] = missed(user, period=period)
    if form.kind == WrongVerdict.REJECTED:
        rows = rejected(user, period=period, reason=form.code)
    page = page_of(rows, Order.by("-decided_at"), Cursor.of(request.GET))
    reveal(user, [row.lead for row in page.rows])
    context = {
        "form": form,
        "periods": periods,
        "days": period.days(today),
        "is_missed": form.kind == WrongVerdict.MISSED,
        "page": page,
        "tabs": [(kind, kind == form.kind) for kind in WrongVerdict],
        "summary": summary(user, period=period),
        "reasons": reasons(user, period=period) if form.kind == WrongVerdict.REJECTED else [],
    }
    return render_page(request, "insights/verdicts.html", context)
