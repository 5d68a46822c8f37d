"""The first page of insights: which leads become customers."""

from __future__ import annotations

from django.http import HttpResponse

from accounts.policies import guarded
from accounts.requests import UserRequest
from insights import policies
from insights.queries.conversion import DIMENSIONS, conversion_by, headline, strongest
from web.pages import render_page


@guarded(policies.REPORTS)
def home(request: UserRequest) -> HttpResponse:
    """Which leads become customers, by a dimension of the reader's choice."""
    chosen = request.GET.get("by", "")
    key = chosen if chosen in DIMENSIONS else "source"
    rows = conversion_by(request.user, DIMENSIONS[key])
    context = {
        "tabs": [(name, dimension.label, name == key) for name, dimension in DIMENSIONS.items()],
        "dimension": DIMENSIONS[key],
        "rows": rows,
        "strongest": list(strongest(rows)),
        "headline": headline(request.user),
    }
    return render_page(request, "insights/home.html", context, part="insights/_conversion.html")
