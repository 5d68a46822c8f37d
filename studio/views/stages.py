"""What makes an MQL and an SQL: seen with the hot definitions, edited by administrators."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

import engine
from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from engine.nodes import STAGES, Bands, StageCode
from scoring.actions.versions import ConflictError
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.documents import check_document
from scoring.queries.words import stage_name
from studio.draft import document as draft_document
from studio.forms.choices import guide
from studio.forms.condition import FormCannotShowError
from studio.forms.hot import StageForm
from studio.queries.effect import EffectTimeoutError
from studio.queries.rule_panels import working_document
from studio.queries.stages import demand_waterfall, stage_counts
from studio.views.drafts import base_of, save_together
from studio.views.groups import keep
from studio.views.models import model_for, say_conflict
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
        except EffectTimeoutError:
            context["took_too_long"] = True
    return render_part(request, "studio/_stage_counts.html", context)


def _code(stage: str) -> StageCode:
    if stage not in STAGES:
        raise Http404
    return cast("StageCode", stage)


def _bands(document: draft_document.Document) -> Bands:
    read = engine.parse({"model": "-", **{key: document[key] for key in ("bands",) if key in document}}).document
    return read.bands if read else Bands()


@guarded("scoring.thresholds.edit", *FORM)
def stage(request: UserRequest, pk: int, stage: str) -> HttpResponse:
    """The rule of a stage; one that is not there yet begins at the threshold of a band."""
    model, code = model_for(pk), _code(stage)
    document = base_of(request, model)
    bands = _bands(document)
    threshold = bands.warm if code == "mql" else bands.hot
    try:
        form = StageForm(request.POST or None, catalog=catalog(), document=document, stage=code, threshold=threshold)
    except FormCannotShowError:
        return redirect("studio:document_text", pk)
    context = {"guide": guide(form.offered), "name": stage_name(code)}
    return keep(request, model, form, "studio/stage.html", context)


@guarded("scoring.thresholds.edit", POST)
def delete_stage(request: UserRequest, pk: int, stage: str) -> HttpResponse:
    """Leave the stage to what sales does."""
    model, code = model_for(pk), _code(stage)
    left = {each: rule for each, rule in draft_document.stages_of(base_of(request, model)).items() if each != code}
    return _saved(request, model, left)


@guarded("scoring.thresholds.edit", POST)
def use_waterfall(request: UserRequest, pk: int) -> HttpResponse:
    """The stages of the Demand Waterfall in the place of those there are."""
    model = model_for(pk)
    bands = _bands(base_of(request, model))
    return _saved(request, model, demand_waterfall(bands))


def _saved(request: UserRequest, model: ScoringModel, stages: draft_document.Entry) -> HttpResponse:
    try:
        save_together(request, model, draft_document.with_entries(base_of(request, model), stages=stages or None))
        messages.success(request, _("The draft is saved."))
    except ConflictError as conflict:
        say_conflict(request, conflict)
    return redirect_to(request, reverse("studio:thresholds", args=[model.pk]))
