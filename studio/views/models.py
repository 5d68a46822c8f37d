"""The list of models, one model with its rules, and making a new one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import has_active_team
from accounts.policies import FORM, POST, guarded, is_allowed
from accounts.requests import UserRequest
from background.time_limits import TooSlowError, time_limit
from scoring import policies
from scoring.actions.versions import set_hands_over, set_primary
from scoring.enums import DimensionChoices
from scoring.forms.choices import guide
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.documents import check_document
from scoring.queries.validation import problems_of
from scoring.starters import starter, starters
from studio.access import model_for
from studio.draft.store import draft_token, last_step, next_step, start_model, working_document
from studio.forms.publication import NewModelForm
from studio.presence import arrive, others_at
from studio.queries.first_run import first_run
from studio.queries.handoffs import waiting_leads
from studio.queries.lead_sets import draft_sets
from studio.queries.lint import SERIOUS, draft_counts, static_findings
from studio.queries.lint import findings as all_findings
from studio.queries.rule_panels import models_with_numbers, panels, remembered_counts
from web.pages import redirect_to, render_page, render_part

NEWS = timedelta(days=7)


@guarded("scoring.rules.view")
def models(request: UserRequest) -> HttpResponse:
    rights = _rights(request)
    steps = first_run(request.user) if rights["may_edit"] else []
    context = {"models": models_with_numbers(), "first_run": steps, "no_team": not has_active_team(), **rights}
    return render_page(request, "studio/models.html", context)


def _rights(request: UserRequest) -> dict[str, bool]:
    return {
        "may_edit": is_allowed(request.user, policies.EDIT_RULES),
        "may_publish": is_allowed(request.user, policies.PUBLISH),
        "may_thresholds": is_allowed(request.user, policies.EDIT_THRESHOLDS),
    }


@guarded("scoring.rules.edit", *FORM)
def new_model(request: UserRequest) -> HttpResponse:
    form = NewModelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen, language = form.cleaned_data["starter"], get_language() or "en"
        document = None if chosen == "blank" else starter(chosen, language).document
        model = start_model(name=form.cleaned_data["name"], by=request.user, now=timezone.now(), document=document)
        messages.success(request, _("Model created. It isn’t used for scoring until you publish."))
        return redirect_to(request, model.get_absolute_url())
    context = {"form": form, "starters": starters(get_language() or "en")}
    return render_page(request, "studio/new_model.html", context, status=422 if form.errors else 200)


@guarded("scoring.rules.view")
def model(request: UserRequest, pk: int) -> HttpResponse:
    shown = model_for(pk)
    if is_allowed(request.user, policies.EDIT_RULES):
        arrive(shown, request.user)
    return render_page(request, "studio/model.html", studio_context(request, shown))


def studio_context(request: UserRequest, model: ScoringModel) -> dict[str, Any]:
    """Everything the page of a model shows."""
    document, version = working_document(model), model.current_version
    problems, counts = problems_of(document, catalog()), remembered_counts(version)
    columns = panels(document, published=version, counts=counts, problems=problems, today=timezone.localdate())
    return {
        "model": model,
        "seen": draft_token(model),
        "version": version,
        "problems": problems,
        "columns": [(code, label, columns[code]) for code, label in DimensionChoices.choices],
        "may_undo": last_step(model, request.user) is not None,
        "may_redo": next_step(model, request.user) is not None,
        # One wants to know whether a young version did what was predicted of it.
        "is_new_version": version is not None and timezone.now() - version.published_at < NEWS,
        "guide": guide(catalog()),
        "others": others_at(model, request.user),
        **_rights(request),
    }


@guarded("scoring.rules.view")
def findings(request: UserRequest, pk: int) -> HttpResponse:
    """What deserves a second look, and for how many leads each rule counts.

    Asked for after the page, since it reads every lead; where that takes too long, what the text alone shows.
    """
    model, now = model_for(pk), timezone.now()
    document, _problems = check_document(working_document(model))
    context: dict[str, Any] = {"model": model, "findings": [], "fires": [], "serious": SERIOUS}
    if document is not None:
        try:
            with time_limit():
                counted = draft_counts(document, model=model, now=now)
                context["findings"] = all_findings(document, model=model, now=now, counted=counted)
                places = [(g, r) for g, group in enumerate(document.groups) for r, _rule in enumerate(group.rules)]
                context["sets"] = draft_sets(model, document)
                context["fires"] = [(*place, leads) for place, leads in zip(places, counted.rules, strict=True)]
        except TooSlowError as error:
            context |= {"unanswered": str(error), "findings": list(static_findings(document))}
    return render_part(request, "studio/_findings.html", context)


@guarded("scoring.publish", POST)
def make_primary(request: UserRequest, pk: int) -> HttpResponse:
    model = model_for(pk)
    set_primary(model=model)
    messages.success(request, _("Lists and the queue now use “%(name)s”.") % {"name": model.name})
    return redirect_to(request, reverse("studio:models"))


@guarded("scoring.thresholds.edit", POST)
def hands_over(request: UserRequest, pk: int) -> HttpResponse:
    """Switch on or off that hot leads of the model are given to sales; on only after whoever asks knows how many."""
    model, on = model_for(pk), request.POST.get("on") == "yes"
    waiting = waiting_leads(model) if on and not model.hands_over else 0
    if waiting and request.POST.get("handoffs") != str(waiting):
        return render_page(request, "studio/hands_over.html", {"model": model, "waiting": waiting})
    set_hands_over(model=model, on=on, now=timezone.now())
    words = _("“%(name)s” hands off its hot leads to sales.") if on else _("“%(name)s” hands off no leads to sales.")
    messages.success(request, words % {"name": model.name})
    return redirect_to(request, reverse("studio:models"))


@guarded("scoring.rules.view")
def progress(request: UserRequest, pk: int) -> HttpResponse:
    """The state of the re-score that the current version started; asks again while it runs."""
    return render_part(request, "studio/_progress.html", {"model": model_for(pk)})
