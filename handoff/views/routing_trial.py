"""Why a lead went where it went, where it would go now, and which leads a rule took."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import guarded
from accounts.requests import UserRequest
from handoff import policies
from handoff.access import handoff_for, visible_handoffs
from handoff.enums import PolicySection
from handoff.forms.routing import RehearsalForm, TrialForm
from handoff.policy.routing import read_routing
from handoff.queries.policy import policy_of, working_document
from handoff.queries.rehearsal import DAYS, rehearse_routing
from handoff.queries.routes import ROUTED, routed_by, routes_of, trial_of
from leads.access import visible_leads
from leads.models import Lead
from leads.queries.search import searched
from scoring.queries.catalog import catalog
from web.pages import render_page
from web.paging import Cursor, Order, page_of

NEWEST = Order.by("-at")
MOST_FOUND = 10
PASSED_ON = ("claimed", "assigned", "requeued", "released", "returned", "returned_absent")  # steps after a route


@guarded(policies.POLICY_VIEW)
def why(request: UserRequest, pk: int) -> HttpResponse:
    """The rules, the candidates and the turns of a hand-off's route, kept for ever."""
    handoff = handoff_for(request.user, pk)
    later = handoff.steps.filter(
        kind__in=("assigned", "requeued", "released", "claimed", "returned", "returned_absent")
    )
    context = {
        "handoff": handoff,
        "routes": routes_of(handoff),
        "later": later.select_related("by").order_by("at", "pk"),
    }
    return render_page(request, "handoff/why.html", context)


@guarded(policies.POLICY_VIEW)
def try_one(request: UserRequest) -> HttpResponse:
    """Where a lead would go now; nothing is written."""
    form = TrialForm(request.GET or None)
    policy = policy_of(PolicySection.ROUTING)
    context: dict[str, object] = {"form": form, "has_draft": policy.draft is not None}
    if form.is_valid():
        found = _found(request, form.cleaned_data["lead"])
        context |= {"asked": True, "is_draft": form.cleaned_data["draft"]}
        if len(found) == 1:
            is_draft, now = form.cleaned_data["draft"], timezone.now()
            context |= {"lead": found[0], "told": trial_of(found[0], is_draft=is_draft, now=now)}
        else:
            context["found"] = found
    return render_page(request, "handoff/routing_try.html", context)


def _found(request: UserRequest, words: str) -> list[Lead]:
    """The leads that the reader may mean, by number, name, company or address."""
    leads = visible_leads(request.user).select_related("owner", "company", "team")
    if words.isdecimal() and words.isascii() and len(words) < 10:
        return list(leads.filter(pk=int(words)))
    return list(searched(leads, words, request.user)[:MOST_FOUND])


@guarded(policies.POLICY_VIEW)
def rehearsal(request: UserRequest) -> HttpResponse:
    """Who would have got which lead of the last days; under the draft, where there is one."""
    form = RehearsalForm(request.GET or None)
    days = form.cleaned_data["days"] or DAYS if form.is_valid() else DAYS
    policy = policy_of(PolicySection.ROUTING)
    routing = read_routing(working_document(policy), catalog())
    found = rehearse_routing(routing, visible_handoffs(request.user), days=days, now=timezone.now())
    context = {"rehearsed": found, "days": days, "form": form, "has_draft": policy.draft is not None}
    part = "handoff/_rehearsed.html"
    return render_page(request, "handoff/routing_rehearsal.html", context, part=part)


@guarded(policies.POLICY_VIEW)
def log(request: UserRequest) -> HttpResponse:
    """The leads that a published rule took, the newest first."""
    asked = request.GET.get("rule", "")
    rule = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 3 else None
    page = page_of(routed_by(request.user, rule), NEWEST, Cursor.of(request.GET))
    about = _("Leads that no rule took") if rule is None else _("Leads of rule %(number)s") % {"number": rule + 1}
    return render_page(request, "handoff/routing_log.html", {"page": page, "about": about, "routed": ROUTED})
