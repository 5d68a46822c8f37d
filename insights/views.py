from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.policies import may
from insights import policies
from insights.queries import DIMENSIONS, conversion_by, headline, strongest
from leadqual.web import UserRequest, render_page


@require_GET
@may(policies.REPORTS)
def home(request: UserRequest) -> HttpResponse:
    """Which leads become customers, by a dimension of the reader's choice."""
    chosen = request.GET.get("by", "")
    key = chosen if chosen in DIMENSIONS else "source"
    rows = conversion_by(request.user, DIMENSIONS[key])
    context = {
        "tabs": [(each, one.label, each == key) for each, one in DIMENSIONS.items()],
        "dimension": DIMENSIONS[key],
        "rows": rows,
        "strongest": list(strongest(rows)),
        "headline": headline(request.user),
    }
    return render_page(request, "insights/home.html", context, part="insights/_conversion.html")
