"""How well promises are kept, by whom and since which version; what a draft would have changed, and what it moves."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import guarded
from accounts.requests import UserRequest
from handoff import policies
from handoff.access import visible_handoffs
from handoff.enums import OPEN_STATES, PolicySection
from handoff.forms.compliance import ComplianceForm, HandoffsForm
from handoff.policy.sla import read_sla
from handoff.queries.compliance import (
    compliance,
    group_name,
    handoffs_of_week,
    listed_promises,
    weeks_of_marketing,
)
from handoff.queries.desk import version_in_force
from handoff.queries.policy import policy_of, working_document
from handoff.queries.promises import shown_promises
from handoff.queries.sla_moves import hits_of, moves_of, waiting_promises
from handoff.queries.sla_trial import try_sla
from handoff.sla_words import document_policy_name, marketing_in_words, policy_name
from leads.queries.contact_data import reveal
from scoring.queries.catalog import catalog
from web import formats
from web.pages import render_page, render_part
from web.paging import Cursor, Order, page_of

LATEST = Order.by("-due_at")
NEWEST = Order.by("-queued_at")
SHOWN_MOVES = 100


@guarded(policies.SLA_VIEW)
def compliance_page(request: UserRequest) -> HttpResponse:
    """How many promises were kept, by policy and version, team, owner or source; what marketing delivered each week."""
    form, now = ComplianceForm(request.GET), timezone.now()
    asked = form.asked
    promises = listed_promises(request.user, now=now, days=asked["days"], promise=asked["promise"])
    version = version_in_force(PolicySection.SLA)
    sla = read_sla(version.document if version else {}, catalog())
    context = {
        "form": ComplianceForm(initial=asked),
        "asked": asked,
        "groups": compliance(promises, asked["by"]),
        "marketing": sla.marketing,
        "marketing_words": marketing_in_words(sla.marketing),
        "weeks": weeks_of_marketing(request.user, now),
    }
    return render_page(request, "handoff/sla_compliance.html", context)


@guarded(policies.SLA_VIEW)
def promises(request: UserRequest) -> HttpResponse:
    """The promises behind a number, the last due first."""
    asked, now = ComplianceForm(request.GET).asked, timezone.now()
    chosen = listed_promises(request.user, now=now, **asked)
    related = chosen.select_related("calendar", "handoff__lead__company", "handoff__owner")
    page = page_of(related, LATEST, Cursor.of(request.GET))
    context = {
        "page": page,
        "shown": shown_promises(page.rows, now),
        "about": group_name(asked["by"], asked["key"]) if asked["key"] else "",
        "asked": asked,
    }
    return render_page(request, "handoff/sla_promises.html", context)


@guarded(policies.SLA_VIEW)
def trial(request: UserRequest) -> HttpResponse:
    """What the draft, else the version in force, would have made of the last quarter, by name."""
    policy = policy_of(PolicySection.SLA)
    tried = try_sla(read_sla(working_document(policy), catalog()), request.user, timezone.now())
    return render_page(request, "handoff/sla_trial.html", {"tried": tried, "has_draft": policy.draft is not None})


@guarded(policies.SLA_EDIT)
def moves(request: UserRequest) -> HttpResponse:
    """Which open promises would be due at another time if they followed the draft: a part of the publish page."""
    policy, now = policy_of(PolicySection.SLA), timezone.now()
    waiting = list(waiting_promises())
    sla = read_sla(working_document(policy), catalog())
    found = moves_of(sla, waiting, now)
    reveal(request.user, [move.deadline.handoff.lead for move in found])
    differing = sorted((move for move in found if move.differs), key=lambda move: (move.due_at, move.deadline.pk))
    context = {
        "hits": [(policy_name(sla, hit.place), hit) for hit in hits_of(sla, request.user, now)],
        "moves": differing[:SHOWN_MOVES],
        "number": len(differing),
        "kept": len(waiting) - len(differing),
        "more": max(len(differing) - SHOWN_MOVES, 0),
    }
    return render_part(request, "handoff/_sla_moves.html", context)


@guarded(policies.SLA_VIEW)
def handoffs(request: UserRequest) -> HttpResponse:
    """The hand-offs behind a number: those open under a policy in force, or those of a week."""
    form, now = HandoffsForm(request.GET), timezone.now()
    form.is_valid()
    version, place = version_in_force(PolicySection.SLA), form.cleaned_data.get("place")
    if week := form.cleaned_data.get("week"):
        chosen = handoffs_of_week(request.user, week, now)
        about = _("Week from %(day)s") % {"day": formats.day(week, timezone.localdate())}
    else:
        chosen = visible_handoffs(request.user).filter(sla_version=version, sla_place=place or 0, state__in=OPEN_STATES)
        about = document_policy_name(version.document if version else {}, place or 0)
    related = chosen.select_related("lead__company", "owner", "team")
    context = {"page": page_of(related, NEWEST, Cursor.of(request.GET)), "about": about}
    return render_page(request, "handoff/sla_handoffs.html", context)
