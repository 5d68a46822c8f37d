"""The first page of insights: which leads become customers."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.policies import guarded
from accounts.requests import UserRequest
from insights import policies
from insights.queries.conversion import DIMENSIONS, conversion_by, headline, strongest
from web.pages import render_page

SEEN: dict[str, Promise] = {
    Role.REP: _("You see your own leads and those of your team that have no owner."),
    Role.MANAGER: _("You see your team’s leads."),
    Role.MARKETER: _("You see all leads."),
    Role.ADMIN: _("You see all leads."),
}


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
        "seen": SEEN[request.user.role],
    }
    return render_page(request, "insights/home.html", context, part="insights/_conversion.html")
