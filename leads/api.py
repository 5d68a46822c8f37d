"""Erasing a person from another system: `POST /api/v1/leads/{id}/erase`."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.response import Response

from accounts.enums import Scope
from frame.api.requests import KeyRequest
from frame.api.schema import described
from frame.api.views import Access, ApiView
from leads import policies
from leads.actions.erasure import erase_lead
from leads.models import Lead
from leads.queries.facts import survivor_of
from leads.serializers import ErasureReceiptSerializer, ErasureSerializer


class ErasureView(ApiView):
    """The personal data of a lead."""

    writes = Access(Scope.LEADS_ERASE, policies.ERASE)

    @described(
        operation_id="erase_lead",
        summary="Erase the personal data of a lead",
        parameters=[OpenApiParameter("id", int, OpenApiParameter.PATH, description="The lead.")],
        request=ErasureSerializer,
        responses={200: OpenApiResponse(ErasureReceiptSerializer, description="Erased, now or before.")},
        refusals=(404,),
    )
    def post(self, request: KeyRequest, pk: int) -> Response:
        """Empty everything that says who the lead is, for good. Of a merged lead, the one it became is erased.

        The same again changes nothing. The key must be an administrator's.
        """
        lead = get_object_or_404(Lead, pk=survivor_of(pk) or pk)
        serializer = ErasureSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        erasure = erase_lead(lead=lead, by=request.user, now=timezone.now(), **serializer.validated_data)
        receipt = {"id": str(lead.pk), "erased_at": erasure.at, "emptied": erasure.emptied}
        return Response(ErasureReceiptSerializer(receipt).data)
