"""Hand-offs for other systems: the list and one of them."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.response import Response

from accounts.enums import Scope
from frame.api.etags import etag_of, tagged
from frame.api.examples import answer_example
from frame.api.filter_parameters import filter_parameters
from frame.api.paging import PAGED, api_page, order_of, page_body, page_serializer, sort_parameter
from frame.api.parameters import FIELDS, filtered, refuse_unknown, selected_fields, sparse
from frame.api.requests import KeyRequest
from frame.api.schema import IF_NONE_MATCH, described
from frame.api.views import Access, ApiView
from handoff import policies
from handoff.access import handoff_for, visible_handoffs
from handoff.api.filters import HANDOFF_FILTERS, HandoffApiFilterSet
from handoff.documents import handoff_documents
from handoff.queries.rows import RELATED
from handoff.serializers import HandoffDocumentSerializer
from web.paging import Order

NEWEST = "-queued_at"
ORDERS = {
    NEWEST: Order.by("-queued_at"),
    "queued_at": Order.by("queued_at"),
    "due_at": Order(name="due_at", keys=("due_at", "pk"), nulls_last=("due_at",)),
}
HANDOFF = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The hand-off.")
READS = Access(Scope.HANDOFFS_READ, policies.QUEUE)
FIELDS_OF_HANDOFFS = tuple(HandoffDocumentSerializer().fields)


class HandoffsView(ApiView):
    """Hand-offs by their filters."""

    reads, parameters = READS, None

    @described(
        operation_id="list_handoffs",
        summary="List hand-offs",
        parameters=[
            *filter_parameters(HandoffApiFilterSet, HANDOFF_FILTERS), sort_parameter(ORDERS, NEWEST), *PAGED, FIELDS,
        ],
        responses={
            200: OpenApiResponse(
                page_serializer(HandoffDocumentSerializer, "HandoffPage", "A page of hand-offs."),
                description="A page of hand-offs.",
            )
        },
        examples=[answer_example("Who waits", {"items": [{"id": "7", "state": "queued"}], "next_cursor": None})],
    )  # fmt: skip
    def get(self, request: KeyRequest) -> Response:
        """Those that the key's person sees, the newest first."""
        rows = visible_handoffs(request.user).select_related("model", *RELATED)
        filters = HandoffApiFilterSet(request.query_params, rows, request=request)
        refuse_unknown(request, {*filters.filters, "sort", "limit", "cursor", "fields"})
        fields = selected_fields(request, FIELDS_OF_HANDOFFS)
        page = api_page(request, filtered(filters), order_of(request, ORDERS, NEWEST))
        shown = handoff_documents(page.rows, request.user, timezone.now())
        return Response(page_body(page.showing(shown), lambda row: sparse(row, fields)))


class HandoffView(ApiView):
    """A hand-off."""

    reads = READS
    parameters = ("fields",)

    @described(
        operation_id="read_handoff",
        summary="Read a hand-off",
        parameters=[HANDOFF, FIELDS, IF_NONE_MATCH],
        responses={200: OpenApiResponse(HandoffDocumentSerializer, description="The hand-off.")},
        refusals=(404,),
        has_etag=True,
    )
    def get(self, request: KeyRequest, pk: int) -> Response:
        """Where it stands, what was promised, and what the key's person can do with it now."""
        fields = selected_fields(request, FIELDS_OF_HANDOFFS)
        shown = handoff_documents([handoff_for(request.user, pk)], request.user, timezone.now())[0]
        return tagged(request, sparse(shown, fields), etag_of(shown))
