"""What sales promises: the policies of the draft, one form each, and what marketing promises in return."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.policies import FORM, POST, guarded, is_allowed
from accounts.requests import UserRequest
from handoff import policies
from handoff.actions.settings import save_call_rules
from handoff.enums import PolicySection, Promise
from handoff.forms import CallRulesForm
from handoff.forms.sla import MarketingForm, SlaPolicyForm, TermsForm
from handoff.queries.policy import draft_changes, policy_of, working_document
from handoff.queries.sla import promised, rehearsed_starts, shown_sla
from handoff.queries.tries import call_rules
from handoff.sla_words import marketing_in_words
from handoff.views.drafts import edit_draft, entry_or_404, press_draft, pressed
from scoring.forms.choices import guide
from scoring.forms.condition import FormCannotShowError
from scoring.queries.catalog import catalog
from web.pages import redirect_to, render_page, render_part


@guarded(policies.SLA_VIEW)
def sla(request: UserRequest) -> HttpResponse:
    """The policies from top to bottom, whom they hit, how well they are kept, and what is not published yet."""
    policy = policy_of(PolicySection.SLA)
    shown = shown_sla(policy, request.user, timezone.now())
    context = {
        "policy": policy,
        "shown": shown,
        "marketing": marketing_in_words(shown.marketing),
        "changes": draft_changes(policy),
        "call_rules": call_rules(),
        "may_edit": is_allowed(request.user, policies.SLA_EDIT),
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
def new_policy(request: UserRequest) -> HttpResponse:
    return _policy_page(request, None)


@guarded(policies.SLA_EDIT, *FORM)
def edit(request: UserRequest, place: int) -> HttpResponse:
    return _policy_page(request, place)


def _policy_page(request: UserRequest, place: int | None) -> HttpResponse:
    policy = policy_of(PolicySection.SLA)
    document, known = working_document(policy), catalog()
    entry_or_404(document, "policies", place)
    try:
        form = SlaPolicyForm(request.POST or None, catalog=known, document=document, place=place)
    except FormCannotShowError:
        messages.info(request, _("This condition is too complex for the form. Edit the policy as text."))
        return redirect_to(request, reverse("handoff:sla"))
    return edit_draft(request, policy, form, "handoff/sla_edit.html", {"guide": guide(known), "place": place})


@guarded(policies.SLA_EDIT, POST)
def press(request: UserRequest, place: int, do: str) -> HttpResponse:
    """Move a policy up or down, or delete it; the last one stays where it is."""
    policy = policy_of(PolicySection.SLA)
    document = working_document(policy)
    entry_or_404(document, "policies", place + 1)  # there is one below it
    *above, last = document["policies"]
    return press_draft(request, policy, document | {"policies": [*pressed(above, place, do), last]})


@guarded(policies.SLA_EDIT, *FORM)
def marketing(request: UserRequest) -> HttpResponse:
    """What marketing promises: hand-offs a week, and the share that sales accepts."""
    policy = policy_of(PolicySection.SLA)
    document = working_document(policy)
    form = MarketingForm(request.POST or None, initial=document.get("marketing"))
    if form.is_valid():
        given = form.cleaned_data if form.cleaned_data["per_week"] else None
        rest = {name: value for name, value in document.items() if name != "marketing"}
        return press_draft(request, policy, rest | ({"marketing": given} if given else {}))
    status = 422 if form.errors else 200
    return render_page(
        request, "handoff/sla_marketing.html", {"form": form, "policy": policy},
        part="handoff/_sla_marketing.html", status=status,
    )  # fmt: skip


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
def rehearsal(request: UserRequest, promise: str) -> HttpResponse:
    """What the values typed so far would mean if the time of a promise started now, on Friday evening, before the next
    holiday."""
    if promise not in Promise.values:
        raise Http404
    form = TermsForm(request.GET, promise=Promise(promise), stored=None)
    context: dict[str, Any] = {"promise": promise}
    if form.is_valid() and form.cleaned_data["amount"]:
        mode, amount = form.cleaned_data["mode"], form.cleaned_data["amount"]
        context["starts"] = rehearsed_starts(mode, amount, timezone.now())
    return render_part(request, "handoff/_sla_starts.html", context)
