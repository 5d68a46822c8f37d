"""Scoring models and their versions, as JSON and as the YAML that people keep under version control."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response

from accounts.enums import Scope
from frame.api.paging import PAGED, api_page, page_body, page_serializer
from frame.api.requests import KeyRequest
from frame.api.schema import described
from frame.api.views import Access, ApiView
from scoring import policies, yaml_text
from scoring.documents import model_document, version_document
from scoring.models import ScoringModel, Version
from scoring.serializers import ModelDocumentSerializer, VersionDocumentSerializer, VersionLineSerializer
from web.paging import Order

YAML = "text/plain"  # readers of the contract take application/yaml for what it parses to
MODEL = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The model.")
NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH, description="The number of the version.")
READS = Access(Scope.MODELS_READ, policies.VIEW_RULES)
NEWEST = Order.by("-number")


class YamlRenderer(BaseRenderer):
    """Passes on the text that a view made."""

    media_type = YAML
    format = "yaml"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return data.encode() if isinstance(data, str) else JSONRenderer().render(data)


def version_of(model: int, number: int) -> Version:
    return get_object_or_404(Version.objects.select_related("model", "published_by"), model=model, number=number)


class ModelsView(ApiView):
    """Scoring models."""

    reads = READS
    parameters = ("limit", "cursor")

    @described(
        operation_id="list_models",
        summary="List scoring models",
        parameters=PAGED,
        responses={
            200: OpenApiResponse(
                page_serializer(ModelDocumentSerializer, "ModelPage", "A page of models."), description="The models."
            )
        },
    )
    def get(self, request: KeyRequest) -> Response:
        """By name."""
        page = api_page(request, ScoringModel.objects.select_related("current_version"), Order.by("name"))
        return Response(page_body(page, model_document))


class ModelView(ApiView):
    """A scoring model."""

    reads = READS

    @described(
        operation_id="read_model",
        summary="Read a scoring model",
        parameters=[MODEL],
        responses={200: OpenApiResponse(ModelDocumentSerializer, description="The model.")},
        refusals=(404,),
    )
    def get(self, request: KeyRequest, pk: int) -> Response:
        """What it is, and which version is in force."""
        return Response(
            model_document(get_object_or_404(ScoringModel.objects.select_related("current_version"), pk=pk))
        )


class ModelVersionsView(ApiView):
    """The versions of a model."""

    reads = READS
    parameters = ("limit", "cursor")

    @described(
        operation_id="list_versions",
        summary="List the versions of a model",
        parameters=[MODEL, *PAGED],
        responses={
            200: OpenApiResponse(
                page_serializer(VersionLineSerializer, "VersionPage", "A page of versions."),
                description="A page of versions.",
            )
        },
        refusals=(404,),
    )
    def get(self, request: KeyRequest, pk: int) -> Response:
        """The newest first."""
        model = get_object_or_404(ScoringModel, pk=pk)
        page = api_page(request, model.versions.select_related("model", "published_by"), NEWEST)
        return Response(page_body(page, lambda row: version_document(row, with_rules=False)))


class VersionView(ApiView):
    """A version of a model."""

    reads = READS

    @described(
        operation_id="read_version",
        summary="Read a version with its rules",
        parameters=[MODEL, NUMBER],
        responses={200: OpenApiResponse(VersionDocumentSerializer, description="The version.")},
        refusals=(404,),
    )
    def get(self, request: KeyRequest, pk: int, number: int) -> Response:
        """Its rules as JSON; `/scoring/schema` describes them."""
        return Response(version_document(version_of(pk, number), with_rules=True))


class VersionTextView(ApiView):
    """A version of a model as YAML."""

    reads = READS
    renderer_classes = (YamlRenderer,)

    @described(
        operation_id="read_version_text",
        summary="Read the rules of a version as YAML",
        parameters=[MODEL, NUMBER],
        responses={(200, YAML): OpenApiResponse(OpenApiTypes.STR, description="What `scoring_model load` reads.")},
        refusals=(404,),
    )
    def get(self, request: KeyRequest, pk: int, number: int) -> Response:
        """As `manage.py scoring_model show` prints them."""
        return Response(yaml_text.write(version_of(pk, number).document))
