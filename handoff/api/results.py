"""Results of sales: what other systems say of them, and what they can read."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework.response import Response

from accounts.enums import Scope
from background.transactions import retrying
from frame.api.filter_parameters import filter_parameters
from frame.api.paging import PAGED, api_page, page_body, page_serializer
from frame.api.parameters import filtered, refuse_unknown
from frame.api.requests import KeyRequest
from frame.api.schema import described
from frame.api.views import Access, ApiView
from handoff import policies
from handoff.actions.told_results import ToldResult, store_results
from handoff.api.filters import OUTCOME_FILTERS, OutcomeApiFilterSet
from handoff.documents import outcome_document
from handoff.models import Outcome
from handoff.serializers import OutcomeDocumentSerializer, ResultReceiptSerializer, ResultSerializer
from leads import policies as lead_policies
from leads.access import visible_leads
from web.paging import Order

NEWEST = Order.by("-decided_at")


class ResultsView(ApiView):
    """Store what became of a lead: an opportunity, won, lost or withdrawn."""

    reads = Access(Scope.LEADS_READ, policies.RESULTS)
    writes = Access(Scope.LEADS_WRITE, lead_policies.IMPORT)
    parameters = None

    @described(
        operation_id="list_results",
        summary="List results",
        parameters=[*filter_parameters(OutcomeApiFilterSet, OUTCOME_FILTERS), *PAGED],
        responses={
            200: OpenApiResponse(
                page_serializer(OutcomeDocumentSerializer, "ResultPage", "A page of results."),
                description="A page of results.",
            )
        },
    )
    def get(self, request: KeyRequest) -> Response:
        """Opportunities and how they ended, of leads that the key's person sees, the latest first."""
        rows = Outcome.objects.filter(lead__in=visible_leads(request.user).values("pk")).select_related("lost_reason")
        filters = OutcomeApiFilterSet(request.query_params, rows, request=request)
        refuse_unknown(request, {*filters.filters, "limit", "cursor"})
        return Response(page_body(api_page(request, filtered(filters), NEWEST), outcome_document))

    @described(
        operation_id="send_result",
        summary="Store what became of a lead",
        request=ResultSerializer,
        responses={200: OpenApiResponse(ResultReceiptSerializer, description="Committed.")},
        examples=[
            OpenApiExample(
                "An opportunity",
                value={
                    "lead": {"email": "taro@example.co.jp"},
                    "result": "opportunity",
                    "decided_at": "2026-06-01T10:00:00+09:00",
                    "revenue": "500000",
                    "currency": "JPY",
                    "closes_on": "2026-09-30",
                },
                request_only=True,
            )
        ],
    )
    def put(self, request: KeyRequest) -> Response:
        """The same again changes nothing, except the amount and the close date of an opportunity."""
        refuse_unknown(request, ())
        serializer = ResultSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        values = serializer.validated_data
        reason = values.pop("lost_reason")
        told = ToldResult(**values, lost_reason=reason.pk if reason else None)
        receipt = {"lead_id": str(told.lead), "outcome": _store(told, request)}
        return Response(ResultReceiptSerializer(receipt).data)


@retrying
@transaction.atomic
def _store(told: ToldResult, request: KeyRequest) -> str:
    """Whether the result was created, updated or known."""
    known = Outcome.objects.filter(lead=told.lead, decided_at=told.decided_at, result=told.result).first()
    if known is None:
        store_results([told], source=f"api:{request.auth.pk}", by=request.user, now=timezone.now())
        return "created"
    changes = told.changes_of(known)
    Outcome.objects.filter(pk=known.pk).update(**changes)
    return "updated" if changes else "unchanged"
