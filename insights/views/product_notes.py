"""What leads and customers say of the products, as colleagues noted it."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from accounts.policies import guarded
from accounts.requests import UserRequest
from insights import policies
from insights.periods import Span, period_form
from leads.access import visible_leads
from leads.enums import NoteTopic
from leads.models import Note
from leads.queries.contact_data import reveal
from web.pages import render_page
from web.paging import Cursor, Order, page_of


@guarded(policies.FEEDBACK)
def product_notes(request: UserRequest) -> HttpResponse:
    """The notes about products of a period, the newest first, of leads that the reader sees."""
    today, periods = timezone.localdate(), period_form(request.GET, usual=Span.DAYS_90)
    period = periods.chosen(today)
    seen = visible_leads(request.user).values("pk")
    notes = Note.objects.filter(period.holds("at"), topic=NoteTopic.PRODUCT, lead__in=seen)
    page = page_of(notes.select_related("lead__company", "by"), Order.by("-at"), Cursor.of(request.GET))
    reveal(request.user, [note.lead for note in page.rows])
    context = {"periods": periods, "days": period.days(today), "page": page, "number": notes.count()}
    return render_page(request, "insights/product_notes.html", context)
