"""Scores for other systems: `GET /api/v1/leads/{id}/score?at=T`."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import Refusal, Wrong, endpoint
from accounts.enums import Scope
from leads.models import Lead
from leads.queries.facts import survivor_of
from scoring.queries.explain import explanation_of
from scoring.queries.naming import UnknownModelError, model_named, version_numbered


@endpoint("GET", Scope.SCORES_READ)
def score(request: Request, pk: int) -> Response:
    """The explanation of one lead, now or `at` an instant; `model` and `version` name others than those in force."""
    if survivor := survivor_of(pk):
        return _elsewhere(request, survivor)
    lead = get_object_or_404(Lead, pk=pk)
    at = _instant(request.query_params.get("at"))
    try:
        model = model_named(request.query_params.get("model"))
        number = request.query_params.get("version", "")
        version = version_numbered(model, int(number)) if number.isdecimal() and len(number) < 10 else None
    except UnknownModelError as error:
        raise Http404 from error
    language = "ja" if (get_language() or "").startswith("ja") else "en"
    document = explanation_of(lead=lead, model=model, at=at, language=language, version=version)
    if document is None:
        raise Http404
    return Response(document)


def _elsewhere(request: Request, survivor: int) -> Response:
    """The lead was merged: 302, since a merge can be taken back."""
    address, query = reverse("api:score", args=[survivor]), request.META.get("QUERY_STRING", "")
    return Response(status=302, headers={"Location": f"{address}?{query}" if query else address})


def _instant(written: str | None) -> datetime:
    if not written:
        return timezone.now()
    try:
        # A + that was not escaped arrives as a space.
        found = datetime.fromisoformat(written.replace(" ", "+") if "T" in written else written)
        if found.tzinfo and 2000 <= found.year < 2200:
            return found
    except ValueError:
        pass
    text = _("Expected a time with its zone, such as 2026-06-01T10:00:00+09:00.")
    raise Refusal(text, [Wrong(where="at", code="time", text=text)])
