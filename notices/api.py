"""Webhooks for other systems: made, changed, tested and removed as on the settings pages."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import status
from rest_framework.response import Response

from accounts.enums import Scope
from frame.api.examples import request_example
from frame.api.forms import as_the_page_takes_it, cleaned
from frame.api.paging import PAGED, api_page, page_body, page_serializer
from frame.api.parameters import refuse_unknown
from frame.api.requests import KeyRequest
from frame.api.schema import described
from frame.api.views import Access, ApiView
from notices import policies
from notices.actions.destinations import (
    delete_destination,
    rotate_secret,
    save_destination,
    send_test,
    switch_destination,
)
from notices.enums import DestinationKind
from notices.forms import DestinationForm
from notices.kinds import shared_topics
from notices.models import Destination
from notices.serializers import (
    NewWebhookSerializer,
    TopicsSerializer,
    WebhookChangesSerializer,
    WebhookMadeSerializer,
    WebhookSecretSerializer,
    WebhookSerializer,
    WebhookTestSerializer,
)
from web.paging import Order

ACCESS = Access(Scope.WEBHOOKS_MANAGE, policies.DESTINATIONS)
WEBHOOK = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The webhook.")
SAID = ("name", "topics", "team", "language", "timezone", "shows_contact_data")
NAMES = {"address": "url"}
EXAMPLE = {"name": "Data warehouse", "url": "https://hooks.example.com/leadqual", "topics": ["hot"]}


def webhook_for(pk: int) -> Destination:
    return get_object_or_404(Destination, pk=pk, kind=DestinationKind.WEBHOOK)


def webhook_document(row: Destination) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "name": row.name,
        "host": row.host,
        "topics": row.topics,
        "team": row.team_id,
        "language": row.language,
        "timezone": row.timezone,
        "shows_contact_data": row.shows_contact_data,
        "is_active": row.is_active,
        "failures": row.failures,
        "last_ok_at": row.last_ok_at.isoformat() if row.last_ok_at else None,
        "created_at": row.created_at.isoformat(),
    }


def save(request: KeyRequest, row: Destination, said: dict[str, Any]) -> str:
    """Store what the page's form takes. Returns the secret of a new webhook."""
    form = DestinationForm({**said, "address": said.get("url", "")}, instance=row)
    values = as_the_page_takes_it(form, NAMES)
    return save_destination(destination=row, by=request.user, now=timezone.now(), **values)


class WebhooksView(ApiView):
    """Webhooks."""

    reads = writes = ACCESS
    parameters = None
    keeps_answers = False  # they hold the secret

    @described(
        operation_id="list_webhooks",
        summary="List webhooks",
        parameters=PAGED,
        responses={
            200: OpenApiResponse(
                page_serializer(WebhookSerializer, "WebhookPage", "A page of webhooks."), description="The webhooks."
            )
        },
    )
    def get(self, request: KeyRequest) -> Response:
        """By name, those that are off included."""
        refuse_unknown(request, ("limit", "cursor"))
        page = api_page(request, Destination.objects.filter(kind=DestinationKind.WEBHOOK), Order.by("name"))
        return Response(page_body(page, webhook_document))

    @described(
        operation_id="add_webhook",
        summary="Add a webhook",
        request=NewWebhookSerializer,
        responses={201: OpenApiResponse(WebhookMadeSerializer, description="Added; the secret is told this once.")},
        keeps_answers=False,
        examples=[request_example("Every hand-off", EXAMPLE)],
    )
    def post(self, request: KeyRequest) -> Response:
        """Its name is nobody else's, so that it is made once however often this is sent."""
        refuse_unknown(request, ())
        said = cleaned(request, NewWebhookSerializer)
        row = Destination(kind=DestinationKind.WEBHOOK)
        secret = save(request, row, said)
        return Response({**webhook_document(row), "secret": secret}, status=status.HTTP_201_CREATED)


class WebhookView(ApiView):
    """A webhook."""

    reads = writes = ACCESS

    @described(
        operation_id="read_webhook",
        summary="Read a webhook",
        parameters=[WEBHOOK],
        responses={200: OpenApiResponse(WebhookSerializer, description="The webhook.")},
        refusals=(404,),
    )
    def get(self, request: KeyRequest, pk: int) -> Response:
        """What it is told of, and how it is doing."""
        return Response(webhook_document(webhook_for(pk)))

    @described(
        operation_id="change_webhook",
        summary="Change a webhook",
        parameters=[WEBHOOK],
        request=WebhookChangesSerializer,
        responses={200: OpenApiResponse(WebhookSerializer, description="Changed.")},
        refusals=(404,),
        examples=[request_example("Off for now", {"is_active": False})],
    )
    def patch(self, request: KeyRequest, pk: int) -> Response:
        """What is not sent stays. Turned off, it gives up what waits for it."""
        row = webhook_for(pk)
        said = cleaned(request, WebhookChangesSerializer, partial=True)
        is_active = said.pop("is_active", row.is_active)
        known = {name: getattr(row, "team_id" if name == "team" else name) for name in SAID}
        save(request, row, known | said)
        if is_active != row.is_active:
            switch_destination(destination=row, on=is_active, by=request.user, now=timezone.now())
        return Response(webhook_document(webhook_for(pk)))

    @described(
        operation_id="delete_webhook",
        summary="Delete a webhook",
        parameters=[WEBHOOK],
        responses={204: OpenApiResponse(description="Gone, with everything that was sent to it.")},
        refusals=(404,),
    )
    def delete(self, request: KeyRequest, pk: int) -> Response:
        """For good."""
        delete_destination(destination=webhook_for(pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class WebhookTestView(ApiView):
    """Testing a webhook."""

    writes = ACCESS
    keeps_answers = False  # no transaction stays open while somebody else answers

    @described(
        operation_id="test_webhook",
        summary="Send a test message to a webhook",
        parameters=[WEBHOOK],
        request=None,
        responses={200: OpenApiResponse(WebhookTestSerializer, description="Sent: what came of it.")},
        refusals=(404,),
        keeps_answers=False,
    )
    def post(self, request: KeyRequest, pk: int) -> Response:
        """At once; it is not repeated."""
        delivery = send_test(destination=webhook_for(pk), by=request.user, now=timezone.now())
        return Response(
            {"ok": delivery.ok, "status": delivery.status, "error": delivery.error, "milliseconds": delivery.took_ms}
        )


class WebhookSecretView(ApiView):
    """The signing secret of a webhook."""

    writes = ACCESS
    keeps_answers = False  # they hold the secret

    @described(
        operation_id="rotate_webhook_secret",
        summary="Replace the signing secret of a webhook",
        parameters=[WEBHOOK],
        request=None,
        responses={200: OpenApiResponse(WebhookSecretSerializer, description="Replaced; it is told this once.")},
        refusals=(404,),
        keeps_answers=False,
    )
    def post(self, request: KeyRequest, pk: int) -> Response:
        """For a day messages are signed with both."""
        row = webhook_for(pk)
        secret = rotate_secret(destination=row, by=request.user, now=timezone.now())
        return Response({"id": str(row.pk), "secret": secret})


class WebhookTopicsView(ApiView):
    """What webhooks can be told of."""

    reads = ACCESS

    @described(
        operation_id="list_webhook_topics",
        summary="List what webhooks can be told of",
        responses={200: OpenApiResponse(TopicsSerializer, description="The topics.")},
    )
    def get(self, request: KeyRequest) -> Response:
        """Their codes, and what they are called."""
        return Response({"items": [{"code": topic.code, "label": str(topic.label)} for topic in shared_topics()]})
