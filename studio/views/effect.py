"""What a draft would do before it is published: the panel beside the editor, names, one lead tried, the check."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import POST, guarded, is_allowed
from accounts.requests import UserRequest
from engine import Document, Problem
from leads.access import lead_for, visible_leads
from leads.queries.contact_data import reveal
from leads.queries.search import searched
from scoring import policies
from scoring.enums import Fate
from scoring.models import ScoringModel
from scoring.queries.documents import check_document, document_of
from studio.access import model_for
from studio.actions.effects import FEW, bring_effect, known_effect, more_leads_than, shown_sets, stop_effect, try_edits
from studio.draft.store import working_document
from studio.forms.trial import TrialForm
from studio.queries.effect import EffectTimeoutError
from studio.queries.effect_summary import edit_effects, pace_of, summary_of
from studio.queries.histogram import histogram
from studio.queries.predictions import check_of, prediction_of
from studio.queries.single_edits import AT_MOST
from studio.queries.trial import trial_of
from web.pages import render_page, render_part
from web.paging import Cursor, Order, page_of

FOUND = 8  # leads offered for a search


def _draft_of(model: ScoringModel) -> tuple[Document | None, tuple[Problem, ...]]:
    """The draft, if it could be published and says something else than what is in force; and its problems."""
    if model.draft is None:
        return None, ()
    document, problems = check_document(model.draft)
    same = document is not None and model.current_version and document_of(model.current_version) == document
    return (None if same else document), problems


@guarded("scoring.rules.view")
def effect(request: UserRequest, pk: int) -> HttpResponse:
    """The panel: asked for with the page that each saved edit leads back to, and again while a worker counts."""
    return _panel(request, model_for(pk), anew=False)


@guarded("scoring.rules.edit", POST)
def effect_anew(request: UserRequest, pk: int) -> HttpResponse:
    return _panel(request, model_for(pk), anew=True)


@guarded("scoring.rules.edit", POST)
def effect_stop(request: UserRequest, pk: int) -> HttpResponse:
    """Count no further; what was counted stays in sight."""
    model = model_for(pk)
    stop_effect(model=model, now=timezone.now())
    return _panel(request, model, anew=False)


def _panel(request: UserRequest, model: ScoringModel, *, anew: bool) -> HttpResponse:
    document, problems = _draft_of(model)
    context: dict[str, Any] = {"model": model, "problems": problems}
    if document is not None:
        now = timezone.now()
        effect = bring_effect(model=model, document=document, by=request.user, now=now, anew=anew)
        summary = summary_of(effect)
        context |= {
            "effect": effect,
            "job": effect.job,
            "summary": summary,
            "sets": shown_sets(effect),
            "picture": histogram(summary.bins, _("Leads by score, now and after publishing"), shown_sets(effect)),
            "pace": pace_of(model, summary, now),
            "may_edit": is_allowed(request.user, policies.EDIT_RULES),
        }
    return render_part(request, "studio/_effect.html", context)


@guarded("scoring.rules.view")
def effect_edits(request: UserRequest, pk: int) -> HttpResponse:
    """Edit by edit: what each would do alone. Worked out here where there are few leads, else by the job."""
    model = model_for(pk)
    document, _problems = _draft_of(model)
    draft_effect = known_effect(model, document) if document else None
    context: dict[str, Any] = {"model": model, "effect": draft_effect, "limit": AT_MOST}
    if draft_effect is not None:
        if draft_effect.edits is None and not more_leads_than(FEW):
            try:
                try_edits(effect=draft_effect)
            except EffectTimeoutError:
                context["took_too_long"] = True
        context["rows"] = edit_effects(draft_effect)
        context["sets"] = shown_sets(draft_effect)
    return render_part(request, "studio/_effect_edits.html", context)


@guarded("scoring.rules.view")
def effect_names(request: UserRequest, pk: int, fate: str) -> HttpResponse:
    """Who would become hot, or stop being so: those that this person may see, the highest total first."""
    if fate not in Fate.values:
        raise Http404
    model = model_for(pk)
    document, _problems = _draft_of(model)
    draft_effect = known_effect(model, document) if document else None
    context: dict[str, Any] = {"model": model, "fate": fate, "effect": draft_effect, f"is_{fate}": True}
    if draft_effect is not None:
        moves = draft_effect.moves.filter(fate=fate)
        visible = moves.filter(lead__in=visible_leads(request.user)).select_related("lead__owner", "lead__company")
        page = page_of(visible, Order.by("-after"), Cursor.of(request.GET))
        reveal(request.user, [move.lead for move in page.rows])
        number = visible.count()
        context |= {
            "page": page,
            "number": number,
            "hidden": moves.count() - number,
            "summary": summary_of(draft_effect),
        }
    return render_page(request, "studio/effect_names.html", context)


# --- one lead --------------------------------------------------------------------------------------------------------


@guarded("scoring.rules.view")
def test_lead(request: UserRequest, pk: int) -> HttpResponse:
    """Any lead at any instant, under what is in force and under the draft."""
    model, form = model_for(pk), TrialForm(request.GET or None)
    document, problems = check_document(working_document(model))
    context: dict[str, Any] = {"model": model, "form": form, "problems": problems}
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        at = asked["at"] or timezone.now()
        if asked["lead"] and document is not None:
            lead = lead_for(request.user, asked["lead"])
            reveal(request.user, [lead])
            published = document_of(model.current_version) if model.current_version else None
            context |= {"lead": lead, "at": at}
            context["trial"] = trial_of(lead, model, published=published, draft=document, at=at)
        elif asked["q"]:
            visible = visible_leads(request.user).filter(is_anonymous=False)
            matching = searched(visible, asked["q"], request.user)
            leads = list(matching.select_related("company").order_by("-created_at", "-pk")[:FOUND])
            reveal(request.user, leads)
            context["found"] = leads
    return render_page(request, "studio/test_lead.html", context, status=422 if form.errors else 200)


# --- afterwards ------------------------------------------------------------------------------------------------------


@guarded("scoring.rules.view")
def prediction(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """Whether a version did what was predicted of it; asks again until everybody was scored."""
    model = model_for(pk)
    version = get_object_or_404(model.versions.select_related("job"), number=number)
    predicted = prediction_of(version)
    context: dict[str, Any] = {"model": model, "version": version, "effect": predicted}
    if predicted is not None:
        context["check"] = check_of(version, predicted, visible_leads(request.user))
        context["is_open"] = version.job is not None and version.job.state in ("waiting", "running")
        if context["check"]:
            reveal(request.user, [difference.lead for difference in context["check"].differences])
    return render_part(request, "studio/_prediction.html", context)
