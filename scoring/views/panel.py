"""What the lead page hosts: why this score, points by hand, and the answers that sales has."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from accounts.policies import FORM, POST, guarded, is_allowed
from accounts.requests import UserRequest
from background.time_limits import TooSlowError, time_limit
from leads.access import lead_for, lead_to_log, may_edit, may_log
from leads.models import Lead
from scoring import policies
from scoring.actions.judgement import adjust_score, answer_criteria, confirm_answer, end_adjustment, newest_answers
from scoring.forms.judgement import AdjustmentForm, AnswersForm, MomentForm
from scoring.models import Adjustment, Answer, Framework, LeadScore, ScoringModel
from scoring.queries.explain import (
    UnexplainedError,
    ahead_of,
    explanation_of,
    hot_since,
    readable,
    sources_of,
    version_in_force,
)
from scoring.queries.panel import framework_answers, lasting_adjustments, reading, total_of
from scoring.queries.validation import language
from web.pages import render_part

"""How long the page looks for turns of a verdict; the API and the command line go on to the end."""

# What the panel listens for, to be drawn again after somebody judged.
JUDGED = {"HX-Trigger": "lq:close, lq:judged"}


@guarded("scoring.scores.view")
def ranking(request: UserRequest) -> HttpResponse:
    """The leads by score: the list itself, sorted."""
    return redirect(f"{reverse('scoring:lead_list')}?sort=-score")


def published() -> list[ScoringModel]:
    """The models that score, the primary one first."""
    models = ScoringModel.objects.filter(current_version__isnull=False).select_related("current_version")
    return list(models.order_by("-is_primary", "pk"))


def primary() -> ScoringModel | None:
    """The model whose score is shown: the primary one, once it is published."""
    return next(iter(published()), None)


@guarded("scoring.scores.view")
def lead_panel(request: UserRequest, pk: int) -> HttpResponse:
    """Why this score: now, or at the instant asked for."""
    lead, models, now = lead_for(request.user, pk), published(), timezone.now()
    asked = MomentForm(request.GET or None, models=models)
    model = asked.chosen
    context: dict[str, Any] = {
        "lead": lead,
        "model": model,
        "models": [(other, total_of(lead, other)) for other in models] if len(models) > 1 else [],
        "asked": asked,
        "at": asked.asked("at"),
        "query": request.GET.urlencode(),
        "now": now,
        "frameworks": framework_answers(newest_answers(lead, now), now),
        "may_adjust": is_allowed(request.user, policies.ADJUST) and may_edit(request.user, lead),
        "may_answer": is_allowed(request.user, policies.ANSWER) and may_edit(request.user, lead),
    }
    if model:
        context["adjustments"] = lasting_adjustments(lead, model, now)
        context |= _explained(lead, model, asked, now)
    return render_part(request, "scoring/_lead_panel.html", context)


def _explained(lead: Lead, model: ScoringModel, asked: MomentForm, now: datetime) -> dict[str, Any]:
    """The reading, or in words why there is none."""
    try:
        with time_limit():
            lead_explanation = explanation_of(
                lead=lead,
                model=model,
                at=asked.asked("at") or now,
                known_at=asked.known,
                version=asked.asked("version"),
                language=language(),
            )
    except (UnexplainedError, TooSlowError) as error:
        return {"reading": None, "unexplained": str(error)}
    shown = reading(lead_explanation.explanation, note=lead_explanation.note)
    score = LeadScore.objects.filter(lead=lead, model=model).first()
    if score is not None and not asked.is_elsewhere:  # a hand-off that ended has ended the episode, too
        shown = replace(shown, temperature=score.temperature)
    return {"reading": shown}


@guarded("scoring.scores.view")
def lead_curve(request: UserRequest, pk: int) -> HttpResponse:
    """The next 90 days, if nothing but time happens."""
    lead, now = lead_for(request.user, pk), timezone.now()
    asked = MomentForm(request.GET or None, models=published())
    model, at = asked.chosen, asked.asked("at") or now
    if model is None:
        return render_part(request, "scoring/_curve.html")
    try:
        version = asked.asked("version") or version_in_force(model, at) or model.current_version
        assert version  # the models offered are published
        with time_limit():
            sources = sources_of(lead, model, at, asked.known)
            ahead = ahead_of(readable(version), sources, at, kept_by=hot_since(lead, model, at))
    except (UnexplainedError, TooSlowError) as error:
        return render_part(request, "scoring/_curve.html", {"unexplained": str(error)})
    return render_part(request, "scoring/_curve.html", {"ahead": ahead, "rows": ahead.rows()})


@guarded("scoring.adjust", *FORM)
def adjust(request: UserRequest, pk: int) -> HttpResponse:
    """Points by hand, in a dialog."""
    lead, model, now = lead_for(request.user, pk, write=True), primary(), timezone.now()
    form = AdjustmentForm(request.POST or None, now=now)
    if model and request.method == "POST" and form.is_valid():
        adjust_score(lead=lead, model=model, by=request.user, now=now, **form.cleaned_data)
        return HttpResponse(status=200, headers=JUDGED)
    context = {"lead": lead, "model": model, "form": form}
    return render_part(request, "scoring/_adjust.html", context, status=422 if form.errors else 200)


@guarded("scoring.adjust", POST)
def end(request: UserRequest, pk: int, adjustment: int) -> HttpResponse:
    lead = lead_for(request.user, pk, write=True)
    end_adjustment(adjustment=get_object_or_404(Adjustment, pk=adjustment, lead=lead), now=timezone.now())
    return HttpResponse(status=200, headers=JUDGED)


@guarded("scoring.answer")
def lead_answers(request: UserRequest, pk: int) -> HttpResponse:
    """The questions and answers alone, for whoever sees no scores."""
    lead, now = lead_for(request.user, pk), timezone.now()
    frameworks = framework_answers(newest_answers(lead, now), now)
    context = {"lead": lead, "frameworks": frameworks, "may_answer": may_log(request.user, lead)}
    return render_part(request, "scoring/_lead_answers.html", context)


@guarded("scoring.answer", *FORM)
def answer(request: UserRequest, pk: int, code: str) -> HttpResponse:
    """The questions of one framework, in a dialog."""
    lead, now = lead_to_log(request.user, pk), timezone.now()
    framework = get_object_or_404(Framework, code=code, is_active=True)
    newest = {answer.criterion_id: answer for answer in newest_answers(lead, now)}
    form = AnswersForm(request.POST or None, framework=framework, newest=newest, now=now)
    if request.method == "POST" and form.is_valid():
        at = form.cleaned_data["answered_at"]
        answer_criteria(lead=lead, answers=form.answers, answered_at=at, by=request.user, now=now)
        return HttpResponse(status=200, headers=JUDGED)
    others = list(Framework.objects.filter(is_active=True).exclude(pk=framework.pk))
    context = {"lead": lead, "framework": framework, "form": form, "others": others}
    return render_part(request, "scoring/_answer.html", context, status=422 if form.errors else 200)


@guarded("scoring.answer", POST)
def confirm(request: UserRequest, pk: int, answer: int) -> HttpResponse:
    """Still true: one tap."""
    lead = lead_to_log(request.user, pk)
    confirm_answer(answer=get_object_or_404(Answer, pk=answer, lead=lead), by=request.user, now=timezone.now())
    return HttpResponse(status=200, headers=JUDGED)
