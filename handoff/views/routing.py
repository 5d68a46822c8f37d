"""Who gets which lead: the rules and pools of the draft, one form each."""

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
from handoff.forms.routing import OtherwiseForm, PoolForm, RoutingRuleForm
from handoff.queries.policy import draft_changes, policy_of, working_document
from handoff.queries.returns import return_effects
from handoff.queries.routing_page import shown_routing
from handoff.views.drafts import edit_draft, entry_or_404, press_draft, pressed
from scoring.forms.choices import guide
from scoring.forms.condition import FormCannotShowError
from scoring.queries.catalog import catalog
from web.pages import redirect_to, render_page, render_part

Raw = dict[str, Any]


@guarded(policies.POLICY_VIEW)
def routing(request: UserRequest) -> HttpResponse:
    """The rules from top to bottom, the pools with their next turns, and what is not published yet."""
    policy = policy_of(PolicySection.ROUTING)
    context = {
        "policy": policy,
        "shown": shown_routing(policy, timezone.now()),
        "changes": draft_changes(policy),
        "may_edit": is_allowed(request.user, policies.POLICY_EDIT),
    }
    return render_page(request, "handoff/routing.html", context)


@guarded(policies.POLICY_EDIT, *FORM)
def new_rule(request: UserRequest) -> HttpResponse:
    return _rule_page(request, None)


@guarded(policies.POLICY_EDIT, *FORM)
def rule(request: UserRequest, place: int) -> HttpResponse:
    return _rule_page(request, place)


def _rule_page(request: UserRequest, place: int | None) -> HttpResponse:
    policy = policy_of(PolicySection.ROUTING)
    document, known = working_document(policy), catalog()
    entry_or_404(document, "rules", place)
    try:
        form = RoutingRuleForm(request.POST or None, catalog=known, document=document, place=place)
    except FormCannotShowError:
        messages.info(request, _("This condition is too complex for the form. Edit the policy as text."))
        return redirect_to(request, reverse("handoff:routing"))
    return edit_draft(request, policy, form, "handoff/routing_rule.html", {"guide": guide(known), "place": place})


@guarded(policies.POLICY_EDIT, POST)
def press_rule(request: UserRequest, place: int, do: str) -> HttpResponse:
    """Move a rule up or down, or delete it."""
    policy = policy_of(PolicySection.ROUTING)
    document = working_document(policy)
    entry_or_404(document, "rules", place)
    return press_draft(request, policy, document | {"rules": pressed(document["rules"], place, do)})


@guarded(policies.POLICY_EDIT, *FORM)
def new_pool(request: UserRequest) -> HttpResponse:
    return _pool_page(request, None)


@guarded(policies.POLICY_EDIT, *FORM)
def pool(request: UserRequest, place: int) -> HttpResponse:
    return _pool_page(request, place)


def _pool_page(request: UserRequest, place: int | None) -> HttpResponse:
    policy = policy_of(PolicySection.ROUTING)
    document = working_document(policy)
    entry_or_404(document, "pools", place)
    form = PoolForm(request.POST or None, document=document, place=place)
    if form.is_bound:
        form.is_valid()
    context = {"place": place, "effects": return_effects(form.weights(), timezone.now())}
    return edit_draft(request, policy, form, "handoff/pool.html", context)


@guarded(policies.POLICY_EDIT, POST)
def pool_returns(request: UserRequest) -> HttpResponse:
    """The next leads after an absence under each choice, by the weights typed so far; nothing is stored."""
    form = PoolForm(request.POST, document={"pools": []}, place=None)
    form.is_valid()
    context = {"effects": return_effects(form.weights(), timezone.now())}
    return render_part(request, "handoff/_pool_returns.html", context)


@guarded(policies.POLICY_EDIT, POST)
def delete_pool(request: UserRequest, place: int) -> HttpResponse:
    """Take a pool out; rules that use it are marked until they name somebody else."""
    policy = policy_of(PolicySection.ROUTING)
    document = working_document(policy)
    entry_or_404(document, "pools", place)
    others = [each for index, each in enumerate(document["pools"]) if index != place]
    return press_draft(request, policy, document | {"pools": others})


@guarded(policies.POLICY_EDIT, *FORM)
def otherwise(request: UserRequest) -> HttpResponse:
    """The team of the leads that no rule takes."""
    policy = policy_of(PolicySection.ROUTING)
    document = working_document(policy)
    form = OtherwiseForm(request.POST or None, document=document)
    if form.is_valid():
        return press_draft(request, policy, document | {"otherwise": form.cleaned_data["otherwise"]})
    status = 422 if form.errors else 200
    return render_page(
        request, "handoff/routing_otherwise.html", {"form": form, "policy": policy},
        part="handoff/_routing_otherwise.html", status=status,
    )  # fmt: skip
