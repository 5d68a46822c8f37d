"""What leads answered to the questions of a framework."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import status
from rest_framework.response import Response

from accounts.enums import Scope
from frame.api.examples import request_example
from frame.api.paging import PAGED, api_page, page_body, page_serializer
from frame.api.requests import KeyRequest
from frame.api.schema import described
from frame.api.views import Access, ApiView
from leads.access import lead_for, lead_to_log
from leads.queries.contact_data import open_leads
from scoring import policies
from scoring.actions.judgement import CriterionAnswer, answer_criteria, newest_answers
from scoring.documents import answer_document
from scoring.models import Answer
from scoring.serializers import AnswerDocumentSerializer, NewAnswerSerializer
from web.paging import Order

LEAD = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The lead.")
NEWEST = Order.by("-answered_at")


class LeadAnswersView(ApiView):
    """The answers of a lead."""

    reads = Access(Scope.LEADS_READ, policies.ANSWER)
    writes = Access(Scope.LEADS_WRITE, policies.ANSWER)
    parameters = ("limit", "cursor")

    @described(
        operation_id="list_answers",
        summary="List the answers of a lead",
        parameters=[LEAD, *PAGED],
        responses={
            200: OpenApiResponse(
                page_serializer(AnswerDocumentSerializer, "AnswerPage", "A page of answers."),
                description="A page of answers.",
            )
        },
        refusals=(404,),
    )
    def get(self, request: KeyRequest, pk: int) -> Response:
        """All that were ever given, the newest first: of each question the first one is in force."""
        lead = lead_for(request.user, pk)
        answers = Answer.objects.filter(lead=lead).select_related("criterion__framework", "option", "by")
        is_open = lead.pk in open_leads(request.user, [lead.pk])
        page = api_page(request, answers, NEWEST)
        return Response(page_body(page, lambda row: answer_document(row, is_open=is_open)))

    @described(
        operation_id="send_answer",
        summary="Record an answer",
        parameters=[LEAD],
        request=NewAnswerSerializer,
        responses={
            200: OpenApiResponse(AnswerDocumentSerializer, description="Known already: the answer in force."),
            201: OpenApiResponse(AnswerDocumentSerializer, description="Recorded."),
        },
        refusals=(404,),
        examples=[
            request_example(
                "Who decides", {"criterion": "bant.authority", "option": "decides", "evidence": "said so on the phone"}
            )
        ],
    )
    def post(self, request: KeyRequest, pk: int) -> Response:
        """What was learned, now or earlier. The score follows within seconds."""
        lead, now = lead_to_log(request.user, pk), timezone.now()
        serializer = NewAnswerSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        at = values.pop("answered_at")
        made = answer_criteria(lead=lead, answers=[CriterionAnswer(**values)], by=request.user, now=now, answered_at=at)
        newest = made or [row for row in newest_answers(lead, now) if row.criterion == values["criterion"]]
        shown = answer_document(newest[0], is_open=lead.pk in open_leads(request.user, [lead.pk]))
        return Response(shown, status=status.HTTP_201_CREATED if made else status.HTTP_200_OK)
