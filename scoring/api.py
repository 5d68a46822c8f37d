"""Scores and the rule language for other systems: `leads/{id}/score?at=T` and `scoring/schema`."""

from __future__ import annotations

from datetime import datetime

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import Scope
from background.patience import patience
from engine import json_schema
from frame.api import Refusal, Wrong, endpoint
from leads.models import Lead
from leads.queries.facts import survivor_of
from scoring.queries.catalog import catalog
from scoring.queries.explain import UnexplainedError, explanation_of
from scoring.queries.naming import UnknownModelError, model_named, version_numbered
from scoring.queries.validation import language as spoken


@endpoint("GET", Scope.SCORES_READ)
def score(request: Request, pk: int) -> Response:
    """The explanation of one lead: now or `at` an instant, as known then or later (`known_at`), and what is ahead.

    `model` and `version` name others than the primary model and the version in force.
    """
    if survivor := survivor_of(pk):
        return _elsewhere(request, survivor)
    lead, asked = get_object_or_404(Lead, pk=pk), request.query_params
    at, known_at = _instant(asked, "at") or timezone.now(), _instant(asked, "known_at")
    try:
        model = model_named(asked.get("model"))
        version = version_numbered(model, _number(asked["version"])) if asked.get("version") else None
        with patience():
            document = explanation_of(
                lead=lead, model=model, at=at, known_at=known_at, version=version, language=spoken(), with_ahead=True
            )
    except (UnknownModelError, UnexplainedError) as error:
        raise Refusal(str(error), code=404) from error
    return Response(document)


def _elsewhere(request: Request, survivor: int) -> Response:
    """The lead was merged: 302, since a merge can be taken back."""
    address, query = reverse("api:score", args=[survivor]), request.META.get("QUERY_STRING", "")
    return Response(status=302, headers={"Location": f"{address}?{query}" if query else address})


@endpoint("GET", Scope.SCORES_READ)
def schema(request: Request) -> Response:
    """The rule language as JSON Schema, with the fields, activities and answers of this installation."""
    return Response(json_schema(catalog()), content_type="application/schema+json")


def _number(written: str) -> int:
    if written.isdecimal() and len(written) < 10:
        return int(written)
    text = _("Expected the number of a version.")
    raise Refusal(text, [Wrong(where="version", code="number", text=text)])


def _instant(asked: QueryDict, name: str) -> datetime | None:
    written = asked.get(name)
    if not written:
        return None
    try:
        # A + that was not escaped arrives as a space.
        found = datetime.fromisoformat(written.replace(" ", "+") if "T" in written else written)
        if found.tzinfo and 2000 <= found.year < 2200:
            return found
    except ValueError:
        pass
    text = _("Expected a time with its zone, such as 2026-06-01T10:00:00+09:00.")
    raise Refusal(text, [Wrong(where=name, code="time", text=text)])
