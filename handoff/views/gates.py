"""What must be known before a lead is handed over: the gates of the draft, one form each, and ownership by score."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import FORM, POST, guarded, is_allowed
from accounts.requests import UserRequest
from handoff import policies
from handoff.enums import PolicySection
from handoff.forms.gates import GateForm, GatesTellForm, OwnershipForm
from handoff.gate_starts import GATE_STARTS, gate_start
from handoff.queries.gate_effect import gate_effect
from handoff.queries.gates_page import shown_gates
from handoff.queries.policy import draft_changes, policy_of, working_document
from handoff.views.drafts import edit_draft, entry_or_404, press_draft, pressed
from scoring.forms.choices import guide
from scoring.forms.condition import FormCannotShowError
from scoring.queries.catalog import catalog
from web.pages import redirect_to, render_page

HERE = "handoff:gates"


@guarded(policies.POLICY_VIEW)
def gates(request: UserRequest) -> HttpResponse:
    """The gates in order, whose a lead is by its score, and what is not published yet."""
    policy = policy_of(PolicySection.GATES)
    context = {
        "policy": policy,
        "shown": shown_gates(policy),
        "changes": draft_changes(policy),
        "starts": [(code, label) for code, label, _gate in GATE_STARTS],
        "may_edit": is_allowed(request.user, policies.POLICY_EDIT),
    }
    return render_page(request, "handoff/gates.html", context)


@guarded(policies.POLICY_VIEW)
def effect(request: UserRequest) -> HttpResponse:
    """What the draft, else the published gates, would do to the leads that are hot now."""
    policy = policy_of(PolicySection.GATES)
    context = {"effect": gate_effect(policy, request.user, timezone.now()), "is_draft": policy.draft is not None}
    return render_page(request, "handoff/gates_effect.html", context, part="handoff/_gates_effect.html")


@guarded(policies.POLICY_EDIT, *FORM)
def new_gate(request: UserRequest) -> HttpResponse:
    return _gate_page(request, None, gate_start(request.GET.get("start", "")))


@guarded(policies.POLICY_EDIT, *FORM)
def gate(request: UserRequest, place: int) -> HttpResponse:
    return _gate_page(request, place, None)


def _gate_page(request: UserRequest, place: int | None, start: dict[str, Any] | None) -> HttpResponse:
    policy = policy_of(PolicySection.GATES)
    document, known = working_document(policy), catalog()
    entry_or_404(document, "gates", place)
    try:
        form = GateForm(request.POST or None, catalog=known, document=document, place=place, start=start)
    except FormCannotShowError:
        messages.info(request, _("This condition is too complex for the form. Edit the policy as text."))
        return redirect_to(request, reverse(HERE))
    return edit_draft(request, policy, form, "handoff/gate.html", {"guide": guide(known), "place": place})


@guarded(policies.POLICY_EDIT, POST)
def press_gate(request: UserRequest, place: int, do: str) -> HttpResponse:
    """Move a gate up or down, or delete it."""
    policy = policy_of(PolicySection.GATES)
    document = working_document(policy)
    entry_or_404(document, "gates", place)
    return press_draft(request, policy, document | {"gates": pressed(document["gates"], place, do)})


@guarded(policies.POLICY_EDIT, *FORM)
def ownership(request: UserRequest) -> HttpResponse:
    """From which total a lead is shared, and sales'."""
    policy = policy_of(PolicySection.GATES)
    form = OwnershipForm(request.POST or None, document=working_document(policy))
    form.is_bound = request.method == "POST"
    return edit_draft(request, policy, form, "handoff/ownership.html", {}, part="handoff/_ownership.html")


@guarded(policies.POLICY_EDIT, *FORM)
def told(request: UserRequest) -> HttpResponse:
    """Who is told of leads that are held back."""
    policy = policy_of(PolicySection.GATES)
    form = GatesTellForm(request.POST or None, document=working_document(policy))
    return edit_draft(request, policy, form, "handoff/gates_told.html", {}, part="handoff/_gates_told.html")
