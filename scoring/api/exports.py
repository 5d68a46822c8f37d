"""Leads as a file: asked for, waited for, fetched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import Http404, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import status
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response

from accounts.enums import Scope
from background.enums import JobState
from frame.api.examples import request_example
from frame.api.forms import cleaned
from frame.api.parameters import filtered
from frame.api.problems import ApiError, ApiProblem, ResourceConflictError
from frame.api.requests import KeyRequest
from frame.api.schema import described
from frame.api.views import Access, ApiView
from leads import policies
from leads.access import visible_leads
from scoring.actions.lead_files import KEPT_FOR, ask_for_file
from scoring.api.leads import sees_scores
from scoring.api_filters import LeadApiFilterSet
from scoring.documents import Json
from scoring.enums import ExportFormat
from scoring.models import LeadFile
from scoring.serializers import ExportRequestSerializer, ExportSerializer

ACCESS = Access(Scope.LEADS_EXPORT, policies.EXPORT)
EXPORT = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The export.")
TYPES = {ExportFormat.CSV: "text/csv", ExportFormat.JSON_LINES: "application/x-ndjson"}
LONGEST_QUERY = 2000


def export_document(file: LeadFile) -> Json:
    is_done = file.done_at is not None
    path = reverse("api:export_file", args=[file.pk])
    return {
        "id": str(file.pk),
        "format": file.format,
        "state": file.job.state,
        "rows": file.rows,
        "is_cut": file.is_cut,
        "created_at": file.created_at.isoformat(),
        "done_at": file.done_at.isoformat() if file.done_at else None,
        "expires_at": (file.created_at + KEPT_FOR).isoformat(),
        "download_url": f"{settings.BASE_URL}{path}" if is_done else None,
    }


def query_of(request: KeyRequest, filters: dict[str, Any]) -> str:
    """The filters as the query of a list. Raises ApiError with what is wrong with them."""
    query = QueryDict(mutable=True)
    for name, value in filters.items():
        query.setlist(name, [str(one) for one in (value if isinstance(value, list) else [value])])
    narrowed = LeadApiFilterSet(query, visible_leads(request.user), request=request)
    unknown = sorted(query.keys() - narrowed.filters.keys())
    if unknown:
        text = _("There’s no such parameter.")
        raise ApiError(
            text, [ApiProblem(where=f"filters.{name[:80]}", code="unknown_filter", text=text) for name in unknown]
        )
    try:
        filtered(narrowed)
    except ApiError as error:
        inner = [ApiProblem(where=f"filters.{each.where}", code=each.code, text=each.text) for each in error.problems]
        raise ApiError(str(error.detail), inner) from error
    if len(query.urlencode()) > LONGEST_QUERY:
        text = _("These are too many filters. Send fewer.")
        raise ApiError(text, [ApiProblem(where="filters", code="too_many", text=text)])
    return query.urlencode()


def file_for(request: KeyRequest, pk: int) -> LeadFile:
    """A file that this person asked for; those of others are nobody else's business."""
    file = LeadFile.objects.select_related("job").filter(pk=pk, by=request.user).first()
    if file is None:
        raise Http404
    return file


class ExportsView(ApiView):
    """Files of leads."""

    writes = ACCESS

    @described(
        operation_id="start_export",
        summary="Export leads as a file",
        request=ExportRequestSerializer,
        responses={202: OpenApiResponse(ExportSerializer, description="A worker writes it.")},
        examples=[request_example("Hot leads as CSV", {"format": "csv", "filters": {"temperature": ["hot"]}})],
    )
    def post(self, request: KeyRequest) -> Response:
        """The leads that the key's person sees, narrowed by the filters of the list; at most 50,000, on record."""
        said = cleaned(request, ExportRequestSerializer)
        query = query_of(request, said["filters"])
        file = ask_for_file(
            by=request.user, format=ExportFormat(said["format"]), query=query, with_scores=sees_scores(request),
            now=timezone.now(),
        )  # fmt: skip
        return Response(export_document(file), status=status.HTTP_202_ACCEPTED)


class ExportView(ApiView):
    """A file of leads."""

    reads = ACCESS

    @described(
        operation_id="read_export",
        summary="See how far an export is",
        parameters=[EXPORT],
        responses={200: OpenApiResponse(ExportSerializer, description="How far it is; once done, where the file is.")},
        refusals=(404,),
    )
    def get(self, request: KeyRequest, pk: int) -> Response:
        """It is kept for seven days."""
        return Response(export_document(file_for(request, pk)))


class AnyRenderer(BaseRenderer):
    """The file is sent as it was written; a refusal is JSON."""

    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return bytes(JSONRenderer().render(data))


class CsvRenderer(AnyRenderer):
    media_type = "text/csv"
    format = "csv"


class JsonLinesRenderer(AnyRenderer):
    media_type = "application/x-ndjson"
    format = "jsonl"


class ExportFileView(ApiView):
    """The file itself."""

    reads = ACCESS
    renderer_classes = (CsvRenderer, JsonLinesRenderer)

    @described(
        operation_id="download_export",
        summary="Download an export",
        parameters=[EXPORT],
        responses={
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, description="The file."),
            (200, "application/x-ndjson"): OpenApiResponse(OpenApiTypes.STR, description="The file."),
        },
        refusals=(404, 409),
    )
    def get(self, request: KeyRequest, pk: int) -> StreamingHttpResponse:
        """As it was asked for, whatever is accepted. 409 while it is being written."""
        file = file_for(request, pk)
        if file.done_at is None:
            text = _("The file isn’t ready yet. Try again in a moment.")
            if file.job.state in (JobState.FAILED, JobState.STOPPED):
                text = _("The export failed. Start it again.")
            raise ResourceConflictError(text, [ApiProblem(where="", code="not_ready", text=text)])
        kind = TYPES[ExportFormat(file.format)]
        answer = StreamingHttpResponse(pieces_of(file), content_type=f"{kind}; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="leads-{file.pk}.{file.format}"'
        return answer


def pieces_of(file: LeadFile) -> Iterator[bytes]:
    for content in file.pieces.order_by("number").values_list("content", flat=True).iterator(chunk_size=1):
        yield bytes(content)
