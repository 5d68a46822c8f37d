"""What makes a lead hot, the thresholds of bands and grades, and the stages: seen by all, edited in the draft."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

import engine
from accounts.policies import FORM, POST, guarded, is_allowed
from accounts.requests import UserRequest
from engine.nodes import Document
from scoring import policies
from scoring.forms.choices import guide
from scoring.forms.condition import FormCannotShowError
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.documents import check_document
from scoring.queries.words import band_words, grade_words, hot_parts, matrix_limits, matrix_words, reader
from scoring.starters import five_conditions
from studio.access import model_for
from studio.actions.effects import bring_effect, shown_sets
from studio.draft.document import hot_of, with_entries
from studio.draft.store import draft_token, working_document
from studio.forms.hot import HotForm, ThresholdsForm
from studio.queries.effect import EffectTimeoutError
from studio.queries.effect_summary import summary_of
from studio.queries.hot_counts import hot_counts
from studio.queries.hysteresis import hysteresis_of
from studio.queries.lead_sets import draft_sets
from studio.queries.stages import stages_in_words
from studio.views.draft_pages import edit_page, save_pressed, sent_draft
from web.pages import redirect_to, render_page, render_part


@guarded("scoring.rules.view")
def hot_definitions(request: UserRequest) -> HttpResponse:
    """Those of the model that lists and queues go by."""
    model = ScoringModel.objects.order_by("-is_primary", "pk").first()
    if model is None:
        return redirect("studio:models")
    return render_page(request, "studio/thresholds.html", _context(request, model_for(model.pk)))


def _context(request: UserRequest, model: ScoringModel) -> dict[str, Any]:
    document, words = engine.parse(working_document(model)).document or Document(model=model.name), reader()
    return {
        "model": model,
        "seen": draft_token(model),
        "bands": band_words(document.bands),
        "grades": grade_words(document.grades),
        "matrix": matrix_words(words, document.matrix) if document.matrix else None,
        "matrix_limits": matrix_limits(document.matrix) if document.matrix else "",
        "stages": stages_in_words(words, document),
        "has_stages": bool(document.stages.rules),
        "definitions": [
            (definition, hot_parts(words, definition), hysteresis_of(definition)) for definition in document.hot
        ],
        "may_edit": is_allowed(request.user, policies.EDIT_RULES),
    }


@guarded("scoring.rules.view")
def thresholds(request: UserRequest, pk: int) -> HttpResponse:
    return render_page(request, "studio/thresholds.html", _context(request, model_for(pk)))


@guarded("scoring.rules.view")
def hot_conditions(request: UserRequest, pk: int) -> HttpResponse:
    """For how many leads each condition holds now; asked for after the page, since it reads every lead."""
    model = model_for(pk)
    document, _problems = check_document(working_document(model))
    context: dict[str, Any] = {"model": model}
    if document is not None and document.hot:
        try:
            context["counts"] = hot_counts(document, model=model, now=timezone.now())
            context["sets"] = draft_sets(model, document)
        except EffectTimeoutError:
            context["took_too_long"] = True
    return render_part(request, "studio/_hot_counts.html", context)


@guarded("scoring.rules.view")
def hot_effect(request: UserRequest, pk: int) -> HttpResponse:
    """Who would enter or leave the queue by the draft; asks again while a worker counts."""
    model = model_for(pk)
    document, _problems = check_document(model.draft) if model.draft is not None else (None, ())
    context: dict[str, Any] = {"model": model}
    if document is not None:
        draft_effect = bring_effect(model=model, document=document, by=request.user, now=timezone.now())
        context |= {"effect": draft_effect, "job": draft_effect.job, "summary": summary_of(draft_effect)}
        context["sets"] = shown_sets(draft_effect)
    return render_part(request, "studio/_hot_effect.html", context)


@guarded("scoring.rules.edit", *FORM)
def edit_thresholds(request: UserRequest, pk: int) -> HttpResponse:
    draft = sent_draft(request, model_for(pk))
    form = ThresholdsForm(request.POST or None, document=draft.document)
    return edit_page(request, draft, form, "studio/edit_thresholds.html", {})


@guarded("scoring.rules.edit", *FORM)
def new_hot(request: UserRequest, pk: int) -> HttpResponse:
    """A definition from nothing, or from the five conditions."""
    draft = sent_draft(request, model_for(pk))
    template = five_conditions(get_language() or "en") if request.GET.get("template") == "five" else None
    form = HotForm(request.POST or None, catalog=catalog(), document=draft.document, definition=template)
    return edit_page(request, draft, form, "studio/hot.html", {"guide": guide(catalog()), "is_new": True})


@guarded("scoring.rules.edit", *FORM)
def hot(request: UserRequest, pk: int, at: int) -> HttpResponse:
    draft = sent_draft(request, model_for(pk))
    definitions = hot_of(draft.document)
    if at >= len(definitions):
        raise Http404
    try:
        form = HotForm(
            request.POST or None, catalog=catalog(), document=draft.document, at=at, definition=definitions[at]
        )
    except FormCannotShowError:
        return redirect("studio:document_text", pk)
    return edit_page(request, draft, form, "studio/hot.html", {"guide": guide(catalog()), "at": at})


@guarded("scoring.rules.edit", POST)
def delete_hot(request: UserRequest, pk: int, at: int) -> HttpResponse:
    draft = sent_draft(request, model_for(pk))
    others = [definition for index, definition in enumerate(hot_of(draft.document)) if index != at]
    save_pressed(request, draft, with_entries(draft.document, hot=others or None))
    return redirect_to(request, reverse("studio:thresholds", args=[pk]))
