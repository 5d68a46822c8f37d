"""Leads for other systems: the list, one of them, its activities, and taking it out of the lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import status
from rest_framework.response import Response

from accounts.enums import Scope
from accounts.models import User
from accounts.policies import is_allowed
from frame.api.etags import check_match, etag_of, tagged
from frame.api.examples import answer_example, request_example
from frame.api.filter_parameters import filter_parameters
from frame.api.paging import PAGED, api_page, order_of, page_body, page_serializer, sort_parameter
from frame.api.parameters import FIELDS, filtered, refuse_unknown, selected_fields, sparse
from frame.api.requests import KeyRequest
from frame.api.schema import IF_MATCH, IF_NONE_MATCH, described
from frame.api.views import Access, ApiView
from intake import api as intake
from intake.actions.upsert import change_lead
from intake.changes import clean_lead_changes
from intake.serializers import LeadChangesSerializer, LeadReceiptSerializer
from leads import policies
from leads.access import lead_for, visible_leads
from leads.actions.archiving import archive, restore
from leads.documents import ACTIVITY_FIELDS, Json, activity_document
from leads.models import Activity, Lead
from leads.queries.contact_data import open_leads
from leads.queries.facts import survivor_of
from leads.serializers import ActivityDocumentSerializer
from scoring.api_filters import LEAD_FILTERS, LeadApiFilterSet
from scoring.lead_documents import FIELDS_OF_LEADS, lead_documents
from scoring.models import LeadScore
from scoring.policies import SEE_SCORES
from scoring.queries.lead_list import SORTS, leads_in_full, primary_model
from scoring.serializers import ScoredLeadSerializer
from web.paging import Order, matches_of

NEWEST = "-created"
NEWEST_ACTIVITY = {"-occurred_at": Order.by("-occurred_at"), "occurred_at": Order.by("occurred_at")}
LEAD = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The lead.")
MOVED = OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[302])
MERGED = OpenApiResponse(description="The lead was merged into another, which is at Location.")
SHOWN: Json = {
    "id": "4711", "email": "taro@example.co.jp", "other_emails": [], "external_id": "crm-1", "name": "Taro Yamada",
    "kana": "", "title": "Manager", "title_level": "manager", "department": "", "phone": "03-1234-5678",
    "language": "ja", "country": "JP", "region": "", "source": "webinar", "campaign": "", "origin": "marketing",
    "stage": "mql", "planned_on": None, "consent": True, "is_competitor": False, "custom": {},
    "company": {"id": "12", "name": "Sample Inc."}, "owner": None, "team": None, "is_anonymous": False,
    "created_at": "2026-06-01T01:00:00+00:00", "updated_at": "2026-06-02T01:00:00+00:00", "archived_at": None,
    "erased_at": None,
    "score": {
        "model": "Default", "version": 3, "total": 62.5, "fit": 25.0, "engagement": 37.5, "qualification": 0.0,
        "adjustments": 0.0, "temperature": "warm", "grade": "B2", "stage": "mql", "is_hot": False,
        "scored_at": "2026-06-02T01:00:01+00:00", "next_change_at": "2026-06-09T01:00:00+00:00",
    },
}  # fmt: skip
READS = Access(Scope.LEADS_READ, policies.VIEW)


def sees_scores(request: KeyRequest) -> bool:
    return Scope.SCORES_READ in request.auth.scopes and is_allowed(request.user, SEE_SCORES)


def shown(leads: Sequence[Lead], request: KeyRequest) -> list[Json]:
    """Leads as this key may see them."""
    return lead_documents(leads, request.user, with_scores=sees_scores(request))


class LeadsView(ApiView):
    """Leads by their filters, or one by its identity."""

    reads = READS
    writes = Access(Scope.LEADS_WRITE, policies.IMPORT)
    parameters = None

    @described(
        operation_id="list_leads",
        summary="List leads",
        parameters=[*filter_parameters(LeadApiFilterSet, LEAD_FILTERS), sort_parameter(SORTS, NEWEST), *PAGED, FIELDS],
        responses={
            200: OpenApiResponse(
                page_serializer(ScoredLeadSerializer, "LeadPage", "A page of leads."), description="A page of leads."
            )
        },
        examples=[
            answer_example("Two fields of a lead", {"items": [{"id": "4711", "stage": "mql"}], "next_cursor": None})
        ],
    )
    def get(self, request: KeyRequest) -> Response:
        """Leads that the key's person sees, the newest first. By score only those that have one."""
        filters = LeadApiFilterSet(request.query_params, visible_leads(request.user), request=request)
        refuse_unknown(request, {*filters.filters, "sort", "limit", "cursor", "fields"})
        fields = selected_fields(request, FIELDS_OF_LEADS)
        order = order_of(request, SORTS, NEWEST)
        leads, model = matches_of(filtered(filters)), primary_model()
        if "total" in order.fields:
            seen = leads.named_by("lead_id") if sees_scores(request) else None
            ranking = LeadScore.objects.filter(seen, model=model) if seen else LeadScore.objects.none()
            page = api_page(request, ranking.values(*order.fields), order)
            pks = [row["lead_id"] for row in page.rows]
        else:
            page = api_page(request, leads.rows.values(*order.fields), order)
            pks = [row["pk"] for row in page.rows]
        found = leads_in_full(pks)
        documents = shown([found[pk] for pk in pks if pk in found], request)
        return Response(page_body(page.showing(documents), lambda row: sparse(row, fields)))

    @described(operation_id="put_lead", summary="Add or update a lead by its identity", **intake.PUT_LEAD)
    def put(self, request: KeyRequest) -> Response:
        """Add the lead with this e-mail or external id (201), or bring it up to date (200)."""
        refuse_unknown(request, ())
        return intake.put_lead(request)


class LeadView(ApiView):
    """A lead by its id."""

    reads = READS
    writes = Access(Scope.LEADS_WRITE, policies.EDIT)
    parameters = ("fields",)

    @described(
        operation_id="read_lead",
        summary="Read a lead",
        parameters=[LEAD, FIELDS, IF_NONE_MATCH, MOVED],
        responses={200: OpenApiResponse(ScoredLeadSerializer, description="The lead."), 302: MERGED},
        refusals=(404,),
        has_etag=True,
        examples=[answer_example("A lead", SHOWN)],
    )
    def get(self, request: KeyRequest, pk: int) -> Response:
        """Everything the key's person may see of it."""
        if survivor := survivor_of(pk):
            return Response(status=status.HTTP_302_FOUND, headers={"Location": f"/api/v1/leads/{survivor}"})
        fields = selected_fields(request, FIELDS_OF_LEADS)
        document = shown([lead_for(request.user, pk)], request)[0]
        return tagged(request, sparse(document, fields), tag_of(document))

    @described(
        operation_id="change_lead",
        summary="Change a lead",
        parameters=[LEAD, IF_MATCH],
        request=LeadChangesSerializer,
        responses={200: OpenApiResponse(LeadReceiptSerializer, description="Brought up to date.")},
        refusals=(404, 409, 412),
        examples=[request_example("A new title and an attribute", {"title": "Director", "custom": {"plants": 3}})],
    )
    def patch(self, request: KeyRequest, pk: int) -> Response:
        """What is not sent stays; null empties a field. The stage is decided in leadqual."""
        refuse_unknown(request, ())
        now = timezone.now()
        identity, values = clean_lead_changes(request.data, now=now)
        with transaction.atomic(), intake.explained_conflicts():
            lead = lead_for(request.user, pk, write=True)
            locked = Lead.objects.select_for_update(of=("self",), no_key=True).select_related("company").get(pk=pk)
            check_match(request, tag_of(shown([lead_for(request.user, pk)], request)[0]))
            changed = change_lead(lead=locked, identity=identity, values=values)
        receipt: dict[str, Any] = {"id": str(lead.pk), "created": False, "changed": changed.changed}
        if changed.kept:
            receipt["kept"] = changed.kept
        return Response(LeadReceiptSerializer(receipt).data)


def tag_of(shown: Json) -> str:
    """The tag of a lead: who it is, and apart from that its score."""
    return etag_of(
        {name: value for name, value in shown.items() if name not in ("score", "updated_at")}, shown["score"]
    )


class LeadArchiveView(ApiView):
    """Taking a lead out of the lists."""

    writes = Access(Scope.LEADS_WRITE, policies.EDIT)

    @described(
        operation_id="archive_lead",
        summary="Archive a lead",
        parameters=[LEAD],
        request=None,
        responses={200: OpenApiResponse(ScoredLeadSerializer, description="Archived, now or before.")},
        refusals=(404,),
    )
    def post(self, request: KeyRequest, pk: int) -> Response:
        """Out of the lists. Its data, score and hand-offs stay, and what comes in about it is taken as before."""
        lead = lead_for(request.user, pk, write=True)
        archive(row=lead, by=request.user, now=timezone.now())
        return Response(shown([lead_for(request.user, pk)], request)[0])


class LeadRestoreView(ApiView):
    """Bringing an archived lead back."""

    writes = Access(Scope.LEADS_WRITE, policies.EDIT)

    @described(
        operation_id="restore_lead",
        summary="Bring an archived lead back",
        parameters=[LEAD],
        request=None,
        responses={200: OpenApiResponse(ScoredLeadSerializer, description="In the lists, again or still.")},
        refusals=(404,),
    )
    def post(self, request: KeyRequest, pk: int) -> Response:
        """Back into the lists."""
        restore(row=lead_for(request.user, pk, write=True), by=request.user)
        return Response(shown([lead_for(request.user, pk)], request)[0])


class LeadActivitiesView(ApiView):
    """What a lead did."""

    reads = READS
    parameters = ("sort", "limit", "cursor", "fields")

    @described(
        operation_id="list_activities",
        summary="List the activities of a lead",
        parameters=[LEAD, sort_parameter(NEWEST_ACTIVITY, "-occurred_at"), *PAGED, FIELDS],
        responses={
            200: OpenApiResponse(
                page_serializer(ActivityDocumentSerializer, "ActivityPage", "A page of activities."),
                description="A page of activities.",
            )
        },
        refusals=(404,),
        examples=[
            answer_example("When it did what", {"items": [{"id": "9", "type": "page_view"}], "next_cursor": None})
        ],
    )
    def get(self, request: KeyRequest, pk: int) -> Response:
        """The newest first, those that do not count included."""
        lead = lead_for(request.user, pk)
        fields = selected_fields(request, ACTIVITY_FIELDS)
        order = order_of(request, NEWEST_ACTIVITY, "-occurred_at")
        page = api_page(request, Activity.objects.filter(lead=lead).select_related("type"), order)
        is_open = sees(request.user, lead)
        return Response(page_body(page, lambda row: sparse(activity_document(row, is_open=is_open), fields)))


def sees(user: User, lead: Lead) -> bool:
    """Whether what says how to reach the lead may be shown."""
    return lead.pk in open_leads(user, [lead.pk])
