"""What sales promises, in sentences."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.policies import FORM, guarded, is_allowed
from accounts.requests import UserRequest
from handoff import policies
from handoff.actions.settings import save_call_rules, save_policy
from handoff.calendars import calendars
from handoff.forms import CallRulesForm, SlaPolicyForm
from handoff.models import SlaPolicy
from handoff.queries.sla import promised, rehearse, shown_policies
from handoff.queries.tries import call_rules
from web.pages import redirect_to, render_page, render_part


@guarded(policies.SLA_VIEW)
def sla(request: UserRequest) -> HttpResponse:
    context = {
        "policies": shown_policies(request.user, timezone.now()),
        "call_rules": call_rules(),
        "can_edit": is_allowed(request.user, policies.SLA_EDIT),
    }
    return render_page(request, "handoff/sla.html", context)


@guarded(policies.SLA_VIEW)
def sla_words(request: UserRequest) -> HttpResponse:
    """The promises in sentences alone, in the language of the page that hosts them."""
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else translation.get_language() or "en"
    with translation.override(language):
        return render_part(request, "handoff/_sla_words.html", {"policies": promised()})


@guarded(policies.SLA_EDIT, *FORM)
def edit(request: UserRequest, pk: int) -> HttpResponse:
    policy = get_object_or_404(SlaPolicy, pk=pk)
    form = SlaPolicyForm(request.POST or None, instance=policy)
    if request.method == "POST" and form.is_valid():
        save_policy(policy=SlaPolicy.objects.get(pk=pk), changes=form.cleaned_data)
        messages.success(request, _("Saved. Deadlines already running keep the rule they started with."))
        return redirect_to(request, reverse("handoff:sla"))
    context = {"form": form, "policy": policy}
    return render_page(
        request, "handoff/sla_edit.html", context, part="handoff/_sla_edit.html", status=422 if form.errors else 200
    )


@guarded(policies.SLA_EDIT, *FORM)
def call_rules_edit(request: UserRequest) -> HttpResponse:
    form = CallRulesForm(request.POST or None, instance=call_rules())
    if request.method == "POST" and form.is_valid():
        save_call_rules(changes=form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect_to(request, reverse("handoff:sla"))
    status = 422 if form.errors else 200
    return render_page(
        request, "handoff/call_rules.html", {"form": form}, part="handoff/_call_rules.html", status=status
    )


@guarded(policies.SLA_EDIT)
def rehearsal(request: UserRequest, pk: int) -> HttpResponse:
    """What the values typed so far would mean if its time started now."""
    policy = get_object_or_404(SlaPolicy, pk=pk)
    form = SlaPolicyForm(request.GET, instance=policy)
    rehearsals = []
    if form.is_valid():
        rehearsals = rehearse(form.cleaned_data["mode"], form.cleaned_data["amount"], list(calendars()), timezone.now())
    return render_part(request, "handoff/_rehearsal.html", {"rehearsals": rehearsals, "promise": policy.promise})
