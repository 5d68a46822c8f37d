"""What the lead page hosts: why this score, points by hand, and the answers that sales has."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.policies import may
from leadqual.web import UserRequest
from scoring.models import ScoringModel


@may("scoring.scores.view")
def ranking(request: UserRequest) -> HttpResponse:
    """The leads by score: the list itself, sorted."""
    return redirect(f"{reverse('scoring:lead_list')}?sort=-score")


def _model() -> ScoringModel | None:
    return ScoringModel.objects.filter(current_version__isnull=False).order_by("-is_primary", "pk").first()


@may("scoring.scores.view")
def lead_panel(request: UserRequest, pk: int) -> HttpResponse:
    raise Http404


@may("scoring.adjust")
def adjust(request: UserRequest, pk: int) -> HttpResponse:
    raise Http404


@require_POST
@may("scoring.adjust")
def end(request: UserRequest, pk: int, adjustment: int) -> HttpResponse:
    raise Http404


@may("scoring.answer")
def answers(request: UserRequest, pk: int) -> HttpResponse:
    raise Http404


@may("scoring.answer")
def answer(request: UserRequest, pk: int, code: str) -> HttpResponse:
    raise Http404
