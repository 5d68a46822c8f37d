"""Results of sales from other systems: `PUT /api/v1/results`."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import Scope
from background.transactions import retrying
from frame.api.schema import described
from frame.api.views import ApiView
from handoff.actions.told_results import ToldResult, store_results
from handoff.models import Outcome
from handoff.serializers import ResultReceiptSerializer, ResultSerializer


class ResultsView(ApiView):
    """Store what became of a lead: an opportunity, won, lost or withdrawn."""

    scope = Scope.LEADS_WRITE

    @described(
        operation_id="send_result",
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
    def put(self, request: Request) -> Response:
        """The same again changes nothing, except the amount and the close date of an opportunity."""
        serializer = ResultSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        values = serializer.validated_data
        reason = values.pop("lost_reason")
        told = ToldResult(**values, lost_reason=reason.pk if reason else None)
        receipt = {"lead_id": str(told.lead), "outcome": _store(told, request)}
        return Response(ResultReceiptSerializer(receipt).data)


@retrying
@transaction.atomic
def _store(told: ToldResult, request: Any) -> str:
    """Whether the result was created, updated or known."""
    known = Outcome.objects.filter(lead=told.lead, decided_at=told.decided_at, result=told.result).first()
    if known is None:
        store_results([told], source=f"api:{request.auth.pk}", by=request.auth.created_by, now=timezone.now())
        return "created"
    changes = told.changes_of(known)
    Outcome.objects.filter(pk=known.pk).update(**changes)
    return "updated" if changes else "unchanged"
