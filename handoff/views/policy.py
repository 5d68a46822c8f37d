"""Publishing a section of the hand-off policy, its versions, and going back to one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import FORM, POST, guarded, is_allowed
from accounts.requests import UserRequest
from handoff import policies
from handoff.actions.policy import discard_policy_draft, publish_policy, roll_back_policy
from handoff.enums import PolicySection
from handoff.errors import RefusedError
from handoff.forms.routing import PublishForm
from handoff.models import Policy
from handoff.queries.policy import changes_of, draft_changes, policy_of, problems_of, working_document
from handoff.views.drafts import section_page
from web.pages import redirect_to, render_page
from web.paging import Cursor, Order, page_of

NEWEST = Order.by("-number")
EFFECTS: dict[str, str] = {  # what a draft would do, by name
    PolicySection.GATES: "handoff:gates_effect",
    PolicySection.SLA: "handoff:sla_moves",
    PolicySection.OUTCOMES: "handoff:outcomes_effect",
    PolicySection.ROUTING: "handoff:routing_rehearsal",
}


def _policy(section: str) -> Policy:
    if section not in set(PolicySection):
        raise Http404
    return policy_of(section)


@guarded(policies.POLICY_EDIT, *FORM)
def publish(request: UserRequest, section: str) -> HttpResponse:
    """The draft beside what is in force, in words, with a note; then it is in force."""
    policy, form = _policy(section), PublishForm(request.POST or None)
    document = working_document(policy)
    if request.method == "POST" and form.is_valid():
        try:
            version = publish_policy(
                policy=policy, by=request.user, note=form.cleaned_data["note"], now=timezone.now(),
                seen=request.POST.get("seen", ""), moves_open=form.cleaned_data["moves_open"],
            )  # fmt: skip
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
            return redirect_to(request, section_page(policy))
    context = {
        "policy": policy,
        "form": form,
        "changes": draft_changes(policy),
        "problems": problems_of(section, document),
        "back": section_page(policy),
        "may_move": section == PolicySection.SLA,
        "effect_url": reverse(EFFECTS[section]) if section in EFFECTS else "",
    }
    return render_page(request, "handoff/policy_publish.html", context, status=422 if form.errors else 200)


@guarded(policies.POLICY_EDIT, POST)
def discard(request: UserRequest, section: str) -> HttpResponse:
    policy = _policy(section)
    discard_policy_draft(policy=policy, by=request.user, now=timezone.now())
    messages.success(request, _("The draft is discarded. The published version hasn’t changed."))
    return redirect_to(request, section_page(policy))


@guarded(policies.POLICY_VIEW)
def versions(request: UserRequest, section: str) -> HttpResponse:
    """Every version with its note and what it changed, the newest first."""
    policy = _policy(section)
    rows = policy.versions.select_related("published_by")
    page = page_of(rows, NEWEST, Cursor.of(request.GET))
    before = {row.number: row.document for row in rows.filter(number__in=[row.number - 1 for row in page.rows])}
    context = {
        "policy": policy,
        "page": page,
        "rows": [(row, changes_of(section, before.get(row.number - 1), row.document)) for row in page.rows],
        "may_edit": is_allowed(request.user, policies.POLICY_EDIT),
        "back": section_page(policy),
    }
    return render_page(request, "handoff/policy_versions.html", context)


@guarded(policies.POLICY_EDIT, POST)
def roll_back(request: UserRequest, section: str, number: int) -> HttpResponse:
    policy = _policy(section)
    version = get_object_or_404(policy.versions, number=number)
    note = _("Back to version %(number)s") % {"number": number}
    try:
        fresh = roll_back_policy(policy=policy, to=version, by=request.user, note=note, now=timezone.now())
    except RefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Version %(number)s is published.") % {"number": fresh.number})
    return redirect_to(request, reverse("handoff:policy_versions", args=[section]))
