"""What makes an MQL and an SQL: seen with the hot definitions, edited by administrators."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

import engine
from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from engine.nodes import STAGES, Bands, StageCode
from scoring.forms.choices import guide
from scoring.forms.condition import FormCannotShowError
from scoring.queries.catalog import catalog
from scoring.queries.documents import check_document
from scoring.queries.words import stage_name
from studio.access import model_for
from studio.draft.document import Document, Entry, stages_of, with_entries
from studio.draft.store import OpenDraft, working_document
from studio.forms.hot import StageForm
from studio.queries.effect import EffectTimeoutError
from studio.queries.lead_sets import draft_sets
from studio.queries.stages import demand_waterfall, stage_counts
from studio.views.draft_pages import edit_page, save_pressed, sent_draft
from web.pages import redirect_to, render_part


@guarded("scoring.rules.view")
def stage_conditions(request: UserRequest, pk: int) -> HttpResponse:
    """For how many leads each rule holds now, and whom it would move; asked for after the page."""
    model = model_for(pk)
    document, _problems = check_document(working_document(model))
    context: dict[str, Any] = {"model": model}
    if document is not None and document.stages.rules:
        try:
            context["counts"] = stage_counts(document, model=model, now=timezone.now())
            context["sets"] = draft_sets(model, document)
        except EffectTimeoutError:
            context["took_too_long"] = True
    return render_part(request, "studio/_stage_counts.html", context)


def _code(stage: str) -> StageCode:
    if stage not in STAGES:
        raise Http404
    return stage


def _bands(document: Document) -> Bands:
    read = engine.parse({"model": "-", **{key: document[key] for key in ("bands",) if key in document}}).document
    return read.bands if read else Bands()


@guarded("scoring.rules.edit", *FORM)
def stage(request: UserRequest, pk: int, stage: str) -> HttpResponse:
    """The rule of a stage; one that is not there yet begins at the threshold of a band."""
    code, draft = _code(stage), sent_draft(request, model_for(pk))
    bands = _bands(draft.document)
    threshold = bands.warm if code == "mql" else bands.hot
    try:
        form = StageForm(
            request.POST or None, catalog=catalog(), document=draft.document, stage=code, threshold=threshold
        )
    except FormCannotShowError:
        return redirect("studio:document_text", pk)
    context = {"guide": guide(form.offered), "name": stage_name(code)}
    return edit_page(request, draft, form, "studio/stage.html", context)


@guarded("scoring.rules.edit", POST)
def delete_stage(request: UserRequest, pk: int, stage: str) -> HttpResponse:
    """Leave the stage to what sales does."""
    code, draft = _code(stage), sent_draft(request, model_for(pk))
    return _save(request, draft, {name: rule for name, rule in stages_of(draft.document).items() if name != code})


@guarded("scoring.rules.edit", POST)
def use_waterfall(request: UserRequest, pk: int) -> HttpResponse:
    """The stages of the Demand Waterfall in the place of those there are."""
    draft = sent_draft(request, model_for(pk))
    return _save(request, draft, demand_waterfall(_bands(draft.document)))


def _save(request: UserRequest, draft: OpenDraft, stages: Entry) -> HttpResponse:
    save_pressed(request, draft, with_entries(draft.document, stages=stages or None), _("Draft saved."))
    return redirect_to(request, reverse("studio:thresholds", args=[draft.model.pk]))
