"""Scores and the rule language for other systems: `leads/{id}/score?at=T` and `scoring/schema`."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import status
from rest_framework.response import Response

from accounts.enums import Scope
from background.time_limits import time_limit
from engine import json_schema
from frame.api.problems import NotFoundError
from frame.api.requests import KeyRequest
from frame.api.schema import described
from frame.api.views import Access, ApiView
from leads.access import lead_for
from leads.queries.facts import survivor_of
from scoring import policies
from scoring.documents import score_document
from scoring.explanation_serializers import ExplanationSerializer
from scoring.models import LeadScore
from scoring.queries.catalog import catalog
from scoring.queries.explain import UnexplainedError, explanation_of, known_by
from scoring.queries.explanation_json import lead_explanation_json
from scoring.queries.lookup import UnknownModelError, model_named, version_numbered
from scoring.queries.validation import language
from scoring.serializers import ScoreQuerySerializer, ScoresSerializer

SCHEMA_JSON = "application/schema+json"


class ScoreView(ApiView):
    """The score of a lead with its explanation."""

    reads = Access(Scope.SCORES_READ, policies.SEE_SCORES)
    parameters = ("at", "known_at", "model", "version")

    @described(
        operation_id="read_score",
        summary="Explain a score",
        parameters=[
            ScoreQuerySerializer,
            OpenApiParameter("id", int, OpenApiParameter.PATH, description="The lead."),
            OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[302]),
        ],
        responses={
            200: OpenApiResponse(ExplanationSerializer, description="The score and what it comes from."),
            302: OpenApiResponse(description="The lead was merged into another, whose score is at Location."),
        },
        refusals=(400, 404),
    )
    def get(self, request: KeyRequest, pk: int) -> Response:
        """Now, or `at` an instant as it was known then or at `known_at`, and what is ahead of it."""
        if survivor := survivor_of(pk):
            # 302, since a merge can be taken back.
            address, query = reverse("api:score", args=[survivor]), request.META.get("QUERY_STRING", "")
            location = f"{address}?{query}" if query else address
            return Response(status=status.HTTP_302_FOUND, headers={"Location": location})
        lead = lead_for(request.user, pk)
        serializer = ScoreQuerySerializer(data=request.query_params)
        serializer.is_valid(raise_exception=True)
        query = serializer.validated_data
        try:
            model = model_named(query.get("model"))
            version = version_numbered(model, query["version"]) if "version" in query else None
            with time_limit():
                explanation = explanation_of(
                    lead=lead,
                    model=model,
                    at=query.get("at") or timezone.now(),
                    known_at=known_by(query.get("at"), query.get("known_at")),
                    version=version,
                    language=language(),
                    with_ahead=True,
                )
        except (UnknownModelError, UnexplainedError) as error:
            raise NotFoundError(str(error)) from error
        return Response(lead_explanation_json(explanation))


class RuleLanguageView(ApiView):
    """The rule language."""

    reads = Access(Scope.SCORES_READ, policies.VIEW_RULES)

    @described(
        operation_id="read_rule_language",
        summary="Read the rule language",
        responses={(200, SCHEMA_JSON): OpenApiResponse(OpenApiTypes.OBJECT, description="A JSON Schema.")},
    )
    def get(self, request: KeyRequest) -> Response:
        """JSON Schema (2020-12) of the rules, with the fields, activities and answers of this installation."""
        return Response(json_schema(catalog()), content_type=SCHEMA_JSON)


class LeadScoresView(ApiView):
    """The scores of a lead."""

    reads = Access(Scope.SCORES_READ, policies.SEE_SCORES)

    @described(
        operation_id="list_scores",
        summary="List the scores of a lead",
        parameters=[OpenApiParameter("id", int, OpenApiParameter.PATH, description="The lead.")],
        responses={200: OpenApiResponse(ScoresSerializer, description="One score a model.")},
        refusals=(404,),
    )
    def get(self, request: KeyRequest, pk: int) -> Response:
        """Under every model, the primary one first, as the scorer wrote them last."""
        lead = lead_for(request.user, pk)
        scores = LeadScore.objects.filter(lead=lead).select_related("model", "version")
        ordered = sorted(scores, key=lambda score: (not score.model.is_primary, score.model.name))
        return Response({"items": [score_document(score) for score in ordered]})
