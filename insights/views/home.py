"""The first page of insights: the figures of a period, the leads behind each, and which leads become customers."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.policies import guarded
from accounts.requests import UserRequest
from insights import policies
from insights.periods import period_form
from insights.queries.conversion import DIMENSIONS, conversion_by, strongest
from insights.queries.feedback import FeedbackFilter, narrowed
from insights.queries.figures import FIGURES, answer_time, hot_precision, leads_of, shown_figures
from insights.queries.satisfaction import satisfaction
from leads.queries.contact_data import reveal
from web.pages import render_page
from web.paging import Cursor, Order, page_of

SEEN: dict[str, Promise] = {
    Role.REP: _("You see your own leads and those of your team that have no owner."),
    Role.MANAGER: _("You see your team’s leads."),
    Role.MARKETER: _("You see all leads."),
    Role.ADMIN: _("You see all leads."),
}
NEWEST = Order.by("-created_at")


@guarded(policies.REPORTS)
def home(request: UserRequest) -> HttpResponse:
    """Figures of a period beside those of the period before, and buyers by a dimension of the reader's choice."""
    today, form = timezone.localdate(), period_form(request.GET)
    period = form.chosen(today)
    chosen = request.GET.get("by", "")
    key = chosen if chosen in DIMENSIONS else "source"
    rows, figures = conversion_by(request.user, DIMENSIONS[key], period), shown_figures(request.user, period)
    context = {
        "form": form,
        "period": period,
        "days": period.days(today),
        "days_before": period.before.days(today) if period.before else "",
        "figures": figures,
        "precision": hot_precision(figures),
        "answer_time": answer_time(request.user, period),
        "tabs": [(name, dimension.label, name == key) for name, dimension in DIMENSIONS.items()],
        "dimension": DIMENSIONS[key],
        "rows": rows,
        "leads": sum(row.leads for row in rows),
        "strongest": list(strongest(rows)),
        "seen": SEEN[request.user.role],
        "weeks": satisfaction(narrowed(request.user, FeedbackFilter(), period)),
    }
    return render_page(request, "insights/home.html", context, part="insights/_conversion.html")


@guarded(policies.REPORTS)
def figure_leads(request: UserRequest, code: str) -> HttpResponse:
    """The leads that a figure counts in a period: as many rows as the figure says."""
    if code not in FIGURES:
        raise Http404
    figure, today = FIGURES[code], timezone.localdate()
    period = period_form(request.GET).chosen(today)
    leads = leads_of(request.user, figure, period).select_related("company", "owner", "source")
    page = page_of(leads, NEWEST, Cursor.of(request.GET))
    reveal(request.user, page.rows)
    context = {"figure": figure, "page": page, "period": period, "days": period.days(today), "number": leads.count()}
    return render_page(request, "insights/figure_leads.html", context)
