"""What becomes of leads: the effect of each rejection and of each cell of the decision matrix, as one form."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from accounts.policies import FORM, guarded, is_allowed
from accounts.requests import UserRequest
from handoff import policies
from handoff.enums import PolicySection
from handoff.forms.outcomes import OutcomesForm
from handoff.outcome_words import cell_name
from handoff.queries.disagreements import NAMED_CELLS, disagreements, told
from handoff.queries.outcome_leads import outcome_effect
from handoff.queries.outcomes_page import shown_outcomes
from handoff.queries.policy import draft_changes, policy_of, working_document
from handoff.views.drafts import edit_draft
from leads.queries.contact_data import reveal
from web.pages import render_page
from web.paging import Cursor, Order, page_of

NEWEST = Order.by("-at")


@guarded(policies.POLICY_VIEW)
def outcomes(request: UserRequest) -> HttpResponse:
    """Matrix and reasons, with how many leads each was for, and what is not published yet."""
    policy = policy_of(PolicySection.OUTCOMES)
    context = {
        "policy": policy,
        "shown": shown_outcomes(policy, request.user, timezone.now()),
        "changes": draft_changes(policy),
        "may_edit": is_allowed(request.user, policies.POLICY_EDIT),
    }
    return render_page(request, "handoff/outcomes.html", context)


@guarded(policies.POLICY_VIEW)
def effect(request: UserRequest) -> HttpResponse:
    """What the draft, else the published section, says of the leads that are hot now."""
    policy = policy_of(PolicySection.OUTCOMES)
    hot, lines = outcome_effect(policy, request.user)
    context = {"hot": hot, "lines": lines, "is_draft": policy.draft is not None}
    return render_page(request, "handoff/outcomes_effect.html", context, part="handoff/_outcomes_effect.html")


@guarded(policies.POLICY_VIEW)
def disagreed(request: UserRequest) -> HttpResponse:
    """The hand-offs that sales saw otherwise than the matrix, the newest first; of one cell, or of all."""
    asked = request.GET.get("cell", "")
    cell = asked if asked in NAMED_CELLS else ""
    rows = disagreements(request.user, timezone.now(), cell)
    related = rows.select_related("handoff__lead__company", "handoff__reject_reason", "handoff__owner")
    page = page_of(related, NEWEST, Cursor.of(request.GET))
    reveal(request.user, [step.handoff.lead for step in page.rows])
    context = {
        "page": page,
        "shown": [told(step) for step in page.rows],
        "number": rows.count(),
        "about": cell_name(NAMED_CELLS[cell]) if cell else "",
    }
    return render_page(request, "handoff/disagreements.html", context)


@guarded(policies.POLICY_EDIT, *FORM)
def edit(request: UserRequest) -> HttpResponse:
    policy = policy_of(PolicySection.OUTCOMES)
    form = OutcomesForm(request.POST or None, document=working_document(policy))
    return edit_draft(request, policy, form, "handoff/outcomes_edit.html", {})
