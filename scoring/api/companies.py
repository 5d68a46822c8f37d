"""Companies for other systems: the list, one of them, adding and changing, and taking one out of the list."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import status
from rest_framework.response import Response

from accounts.enums import Scope
from frame.api.etags import check_match, etag_of, tagged
from frame.api.examples import answer_example, request_example
from frame.api.filter_parameters import filter_parameters
from frame.api.paging import PAGED, api_page, order_of, page_body, page_serializer, sort_parameter
from frame.api.parameters import FIELDS, filtered, refuse_unknown, selected_fields, sparse
from frame.api.requests import KeyRequest
from frame.api.schema import IF_MATCH, IF_NONE_MATCH, described
from frame.api.views import Access, ApiView
from intake.actions.upsert import change_company, upsert_company
from intake.changes import clean_company
from intake.serializers import CompanyReceiptSerializer, CompanySerializer, NewCompanySerializer
from leads import policies
from leads.access import company_for, visible_companies
from leads.actions.archiving import archive, restore
from leads.documents import COMPANY_FIELDS, company_document
from leads.models import Company
from leads.serializers import CompanyDocumentSerializer
from scoring.api_filters import COMPANY_FILTERS, CompanyApiFilterSet
from web.paging import Order

ORDERS = {"name": Order.by("name"), "-name": Order.by("-name"), "-created": Order.by("-created_at")}
COMPANY = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The company.")
READS = Access(Scope.LEADS_READ, policies.VIEW)
WRITES = Access(Scope.LEADS_WRITE, policies.IMPORT)


class CompaniesView(ApiView):
    """Companies by their filters, or one by its domain or name."""

    reads, writes, parameters = READS, WRITES, None

    @described(
        operation_id="list_companies",
        summary="List companies",
        parameters=[
            *filter_parameters(CompanyApiFilterSet, COMPANY_FILTERS), sort_parameter(ORDERS, "name"), *PAGED, FIELDS,
        ],
        responses={
            200: OpenApiResponse(
                page_serializer(CompanyDocumentSerializer, "CompanyPage", "A page of companies."),
                description="A page of companies.",
            )
        },
        examples=[answer_example("Names", {"items": [{"id": "12", "name": "Sample Inc."}], "next_cursor": None})],
    )  # fmt: skip
    def get(self, request: KeyRequest) -> Response:
        """Companies of which the key's person sees a lead, by name."""
        filters = CompanyApiFilterSet(request.query_params, visible_companies(request.user), request=request)
        refuse_unknown(request, {*filters.filters, "sort", "limit", "cursor", "fields"})
        fields = selected_fields(request, COMPANY_FIELDS)
        page = api_page(request, filtered(filters), order_of(request, ORDERS, "name"))
        return Response(page_body(page, lambda row: sparse(company_document(row), fields)))

    @described(
        operation_id="put_company",
        summary="Add or update a company by its domain or name",
        request=NewCompanySerializer,
        responses={
            200: OpenApiResponse(CompanyReceiptSerializer, description="Brought up to date."),
            201: OpenApiResponse(CompanyReceiptSerializer, description="Added."),
        },
        examples=[request_example("A company", {"name": "Sample Inc.", "domain": "sample.co.jp", "employees": 120})],
    )
    def put(self, request: KeyRequest) -> Response:
        """Found by its domain, else by its name in any spelling, else added. What is not sent stays."""
        refuse_unknown(request, ())
        values = clean_company(request.data, now=timezone.now(), is_new=True)
        company, created, changed = upsert_company(values=values, by=request.user)
        receipt = {"id": str(company.pk), "created": created, "changed": changed}
        return Response(receipt, status=status.HTTP_201_CREATED if created else status.HTTP_200_OK)


class CompanyView(ApiView):
    """A company by its id."""

    reads, writes = READS, WRITES
    parameters = ("fields",)

    @described(
        operation_id="read_company",
        summary="Read a company",
        parameters=[COMPANY, FIELDS, IF_NONE_MATCH],
        responses={200: OpenApiResponse(CompanyDocumentSerializer, description="The company.")},
        refusals=(404,),
        has_etag=True,
    )
    def get(self, request: KeyRequest, pk: int) -> Response:
        """What is known of it."""
        fields = selected_fields(request, COMPANY_FIELDS)
        shown = company_document(company_for(request.user, pk))
        return tagged(request, sparse(shown, fields), etag_of(shown))

    @described(
        operation_id="change_company",
        summary="Change a company",
        parameters=[COMPANY, IF_MATCH],
        request=CompanySerializer,
        responses={200: OpenApiResponse(CompanyReceiptSerializer, description="Brought up to date.")},
        refusals=(404, 412),
        examples=[request_example("It has grown", {"employees": 250})],
    )
    def patch(self, request: KeyRequest, pk: int) -> Response:
        """What is not sent stays; null empties a field."""
        refuse_unknown(request, ())
        values = clean_company(request.data, now=timezone.now())
        with transaction.atomic():
            company = Company.objects.select_for_update().get(pk=company_for(request.user, pk).pk)
            check_match(request, etag_of(company_document(company)))
            changed = change_company(company=company, values=values)
        return Response({"id": str(pk), "created": False, "changed": changed})


class CompanyArchiveView(ApiView):
    """Taking a company out of the list."""

    writes = WRITES

    @described(
        operation_id="archive_company",
        summary="Archive a company",
        parameters=[COMPANY],
        request=None,
        responses={200: OpenApiResponse(CompanyDocumentSerializer, description="Archived, now or before.")},
        refusals=(404,),
    )
    def post(self, request: KeyRequest, pk: int) -> Response:
        """Out of the list. Its leads stay where they are."""
        company = company_for(request.user, pk)
        archive(row=company, by=request.user, now=timezone.now())
        return Response(company_document(company))


class CompanyRestoreView(ApiView):
    """Bringing an archived company back."""

    writes = WRITES

    @described(
        operation_id="restore_company",
        summary="Bring an archived company back",
        parameters=[COMPANY],
        request=None,
        responses={200: OpenApiResponse(CompanyDocumentSerializer, description="In the list, again or still.")},
        refusals=(404,),
    )
    def post(self, request: KeyRequest, pk: int) -> Response:
        """Back into the list."""
        company = company_for(request.user, pk)
        restore(row=company, by=request.user)
        return Response(company_document(company))
