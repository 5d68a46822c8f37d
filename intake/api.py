"""Activities and leads from other systems: `POST /api/v1/activities`, `PUT /api/v1/leads`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, PolymorphicProxySerializer
from rest_framework import status
from rest_framework.response import Response

from accounts.enums import Scope
from frame.api.problems import ApiError, ApiProblem, ResourceConflictError
from frame.api.requests import KeyRequest
from frame.api.schema import described
from frame.api.views import Access, ApiView
from intake.actions.doors import take_in_activities
from intake.actions.upsert import IdentityTakenError, StageDecidedError, upsert_lead
from intake.incoming import DoorName
from intake.payloads import listed
from intake.serializers import (
    ActivityBatchSerializer,
    ActivityReceiptSerializer,
    ActivitySerializer,
    LeadReceiptSerializer,
    LeadSerializer,
)
from leads import policies
from leads.enums import Stage
from leads.errors import PersonErasedError

ERASED = gettext_lazy("The person’s data was erased. Nothing about them is stored. Stop sending it.")
KEPT_BACK = gettext_lazy(
    "The activity can’t be taken in and is kept back as it is. Correct the fields listed under problems and send it"
    " again with the same key, or repair it in leadqual."
)


class ActivitiesView(ApiView):
    """Store one activity or a batch. The same key sent again counts once, and the first content wins."""

    writes = Access(Scope.ACTIVITIES_WRITE, policies.IMPORT)
    keeps_answers = False  # each activity has a key of its own, for ever; and what is refused is kept, too

    @described(
        operation_id="send_activities",
        keeps_answers=False,
        summary="Send one activity or a batch",
        request=PolymorphicProxySerializer(
            component_name="ActivityOrBatch",
            serializers=[ActivitySerializer, ActivityBatchSerializer],
            resource_type_field_name=None,
        ),
        responses={202: OpenApiResponse(ActivityReceiptSerializer, description="Committed.")},
        examples=[
            OpenApiExample(
                "One activity",
                value={
                    "key": "mail-1:taro@example.co.jp",
                    "lead": {"email": "taro@example.co.jp"},
                    "type": "email_click",
                    "occurred_at": "2026-06-01T10:00:00+09:00",
                    "object": "/pricing",
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: KeyRequest) -> Response:
        """202 means: committed. Of a batch the good ones are stored; one activity alone is refused with 400."""
        now = timezone.now()
        rows, is_batch = listed(request.data, "activities")
        root = "activities" if is_batch else ""
        taken = take_in_activities(rows, door=DoorName.of_api_key(request.auth), now=now, root=root)
        if taken.refused and not is_batch:
            raise ApiError(str(KEPT_BACK), taken.refused[0])
        problems = taken.refused | {
            place: [
                ApiProblem(where=f"activities[{place}].lead" if is_batch else "lead", code="erased", text=str(ERASED))
            ]
            for place in taken.erased
        }
        if problems and not is_batch:
            raise ApiError(str(ERASED), problems[0])
        receipt = {
            "accepted": len(taken.stored),
            "duplicates": len(taken.duplicates),
            "conflicts": taken.conflicts,
            "kept_back": len(taken.refused),
            "incomplete": _listed(taken.set_aside),
            "rejected": _listed(problems),
        }
        return Response(receipt, status=status.HTTP_202_ACCEPTED)


def _listed(problems: Mapping[int, Sequence[ApiProblem]]) -> list[dict[str, Any]]:
    """The problems of activities in the order of their places."""
    return [
        {"index": index, "problems": [problem.as_dict() for problem in of_row]}
        for index, of_row in sorted(problems.items())
    ]


# How the contract describes `PUT /api/v1/leads`, whose view has the list of leads, too (scoring.api.leads).
PUT_LEAD: dict[str, Any] = {
    "request": LeadSerializer,
    "responses": {
        200: OpenApiResponse(LeadReceiptSerializer, description="Brought up to date."),
        201: OpenApiResponse(LeadReceiptSerializer, description="Added."),
    },
    "refusals": (409,),
    "examples": [
        OpenApiExample(
            "A lead with its company",
            value={
                "email": "taro@example.co.jp",
                "name": "Taro Yamada",
                "title": "Manager",
                "source": "webinar",
                "company": {"name": "Sample Inc.", "employees": 120},
            },
            request_only=True,
        )
    ],
}


def put_lead(request: KeyRequest) -> Response:
    """Add the lead with this e-mail or external id (201), or bring it up to date (200)."""
    now = timezone.now()
    serializer = LeadSerializer(data=request.data, context={"now": now})
    serializer.is_valid(raise_exception=True)
    identity, values = serializer.validated_data
    with explained_conflicts():
        upserted = upsert_lead(identity=identity, values=values, now=now, by=request.user)
    receipt: dict[str, Any] = {
        "id": str(upserted.lead.pk),
        "created": upserted.created,
        "changed": upserted.changed,
    }
    if upserted.kept:
        receipt["kept"] = upserted.kept
    return Response(
        LeadReceiptSerializer(receipt).data,
        status=status.HTTP_201_CREATED if upserted.created else status.HTTP_200_OK,
    )


@contextmanager
def explained_conflicts() -> Iterator[None]:
    """Say to a program why a lead cannot be stored as it was sent."""
    try:
        yield
    except StageDecidedError as error:
        words = _("The lead’s stage is “%(stage)s”. A stage is decided in leadqual, with an author and a reason.")
        problem = ApiProblem(where="stage", code="stage_decided", text=words % {"stage": Stage(error.stage).label})
        raise ResourceConflictError(
            _("The stage of a known lead can’t be sent. Leave it out, or decide it in leadqual."), [problem]
        ) from error
    except PersonErasedError as error:
        problem = ApiProblem(where="", code="erased", text=str(ERASED))
        raise ResourceConflictError(str(ERASED), [problem]) from error
    except IdentityTakenError as error:
        raise ResourceConflictError(
            _("Another lead already has this email or external ID. Merge the two leads, or enter another value.")
        ) from error
