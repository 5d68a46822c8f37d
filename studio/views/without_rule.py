"""A rule tried off without touching the draft, and the one press that turns it off there."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone

from accounts.policies import guarded, is_allowed
from accounts.requests import UserRequest
from leads.access import visible_leads
from leads.queries.contact_data import reveal
from scoring import policies
from scoring.models import ScoringModel
from studio.access import model_for
from studio.draft.document import place_of, rule_at
from studio.draft.store import draft_token, working_document
from studio.queries.effect import EffectTimeoutError
from studio.queries.lead_sets import without_sets
from studio.queries.without_rule import document_without, published_rule, without_rule_of
from web.pages import render_page, render_part


@guarded("scoring.rules.view")
def without(request: UserRequest, pk: int) -> HttpResponse:
    """Who would no longer be hot without a rule, named by `group` and `rule`; asked for after the page is there."""
    model, (group, rule) = model_for(pk), _asked(request)
    context: dict[str, Any] = {
        "model": model, "group": group, "rule": rule, "query": request.GET.urlencode(),
        "published": published_rule(model, group, rule), "in_draft": _in_draft(request, model, group, rule),
        "seen": draft_token(model),
    }  # fmt: skip
    return render_page(request, "studio/without.html", context)


@guarded("scoring.rules.view")
def without_effect(request: UserRequest, pk: int) -> HttpResponse:
    """The names, as a part: it reads every lead."""
    model, (group, rule) = model_for(pk), _asked(request)
    found = published_rule(model, group, rule)
    if found is None:
        raise Http404
    context: dict[str, Any] = {"model": model}
    try:
        document = document_without(model, found[0])
        visible = visible_leads(request.user)
        context["found"] = effect = without_rule_of(document, model=model, visible=visible, now=timezone.now())
        reveal(request.user, [move.lead for moves in effect.moves.values() for move in moves])
        context["lists"] = [(fate, moves, len(moves)) for fate, moves in effect.moves.items()]
        context["sets"] = without_sets(model, found[0])
    except EffectTimeoutError:
        context["took_too_long"] = True
    except ValueError:
        context["is_broken"] = True
    return render_part(request, "studio/_without.html", context)


def _asked(request: UserRequest) -> tuple[str, str]:
    return request.GET.get("group", "")[:200], request.GET.get("rule", "")[:200]


def _in_draft(request: UserRequest, model: ScoringModel, group: str, rule: str) -> Any:
    """Where the draft has the rule, for who may turn it off there; None where it is off or gone already."""
    document = working_document(model)
    place = place_of(document, group, rule)
    entry = rule_at(document, place) if place else None
    if entry is None or entry.get("disabled") is True or not is_allowed(request.user, policies.EDIT_RULES):
        return None
    return place
