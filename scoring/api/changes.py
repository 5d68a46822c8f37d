"""Everything since: changes of scores and stages, each told once, in an order that never changes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response

from accounts.enums import Scope
from frame.api.examples import answer_example
from frame.api.paging import LIMIT, cursor_error, limit_of
from frame.api.parameters import parameter_error, single
from frame.api.problems import NotNowError
from frame.api.requests import KeyRequest
from frame.api.schema import described
from frame.api.views import Access, ApiView
from leads import policies as lead_policies
from leads.access import visible_leads
from leads.actions.feeds import NumberingError, number_all, number_rows
from leads.documents import Json
from leads.models import StageChange
from leads.models.feed import FeedRow
from leads.serializers import StageChangeSerializer
from scoring import policies
from scoring.documents import score_change_document, stage_change_document
from scoring.models import ScoreChange
from scoring.serializers import ScoreChangeSerializer
from web.paging import signed, unsigned

SECONDS = 3.0  # of numbering, before a client is asked to come again
LATEST = "latest"
FEED_CURSOR = OpenApiParameter(
    "cursor", str, description="Where to go on: `next_cursor` of the answer before. It cannot be made up."
)
FROM = OpenApiParameter(
    "from", str, enum=[LATEST], description="Without a cursor: begin with what comes from now on, not with the oldest."
)


def feed_serializer(item: type[serializers.Serializer[Any]], name: str, words: str) -> Any:
    """The shape of a part of a feed."""
    part = inline_serializer(
        name=name,
        fields={
            "items": item(many=True),
            "next_cursor": serializers.CharField(help_text="Ask with it next: at once where there is more, or later."),
            "has_more": serializers.BooleanField(help_text="Whether more is there already."),
        },
    )
    type(part).__doc__ = words
    return part


class FeedView(ApiView):
    """The rows of one table in the order of their numbers."""

    parameters = ("cursor", "limit", "from")
    rows: ClassVar[type[FeedRow]]
    related: ClassVar[tuple[str, ...]]

    @staticmethod
    def shown(row: Any) -> Json:
        """A row as other systems read it."""
        raise NotImplementedError

    def part(self, request: KeyRequest) -> Response:
        """What was committed since the cursor, as far as the key's person sees its leads."""
        cursor, start = single(request, "cursor"), single(request, "from")
        if start not in ("", LATEST) or (start and cursor):
            raise parameter_error("from", "choice", _("Send “latest”, and no cursor with it."))
        name = f"feed {self.rows._meta.db_table}"
        position = unsigned(name, cursor) if cursor else [0]
        if len(position) != 1:
            raise cursor_error()
        if start:
            return Response({"items": [], "next_cursor": signed(name, [self.newest()]), "has_more": False})
        limit, last = limit_of(request), int(position[0])
        number_rows(self.rows)
        numbers = list(self.beyond(last).values_list("feed_number", flat=True)[: limit + 1])
        ends = numbers[:limit][-1] if numbers else last
        part = self.beyond(last).filter(feed_number__lte=ends).filter(lead__in=visible_leads(request.user).values("pk"))
        items = [self.shown(row) for row in part.select_related(*self.related)]
        body = {"items": items, "next_cursor": signed(name, [ends]), "has_more": len(numbers) > limit}
        return Response(body)

    def beyond(self, number: int) -> QuerySet[Any]:
        return self.rows._default_manager.filter(feed_number__gt=number).order_by("feed_number")

    def newest(self) -> int:
        try:
            return number_all(self.rows, seconds=SECONDS)
        except NumberingError as error:
            raise NotNowError(
                _("The changes of the past are still being numbered. Send the same request again.")
            ) from error


EXAMPLE = {
    "items": [
        {
            "id": "81", "lead_id": "4711", "model": "Default", "version": 3, "at": "2026-06-02T01:00:01+00:00",
            "total": 72.5, "total_before": 64.0, "fit": 25.0, "engagement": 47.5, "qualification": 0.0, "band": "hot",
            "band_before": "warm", "grade": "A2", "grade_before": "B2", "stage": "mql", "stage_before": None,
            "hot": [True], "hot_before": [False],
        }
    ],
    "next_cursor": "WyJmZWVkIl0:1tX:abc", "has_more": False,
}  # fmt: skip


class ScoreChangesView(FeedView):
    """Changes of scores."""

    reads = Access(Scope.SCORES_READ, policies.SEE_SCORES)
    rows, related = ScoreChange, ("model", "version")

    @staticmethod
    def shown(row: ScoreChange) -> Json:
        return score_change_document(row)

    @described(
        operation_id="list_score_changes",
        summary="Follow the changes of scores",
        parameters=[FEED_CURSOR, LIMIT, FROM],
        responses={
            200: OpenApiResponse(
                feed_serializer(ScoreChangeSerializer, "ScoreChangeFeed", "Changes of scores since a cursor."),
                description="The changes since the cursor.",
            )
        },
        examples=[answer_example("A lead became hot", EXAMPLE)],
    )
    def get(self, request: KeyRequest) -> Response:
        """Every change of band, grade, stage or hot verdict once, however many are written at the same time.

        Keep `next_cursor` and ask with it again: nothing is left out and nothing comes twice.
        """
        return self.part(request)


class StageChangesView(FeedView):
    """Changes of stages."""

    reads = Access(Scope.LEADS_READ, lead_policies.VIEW)
    rows, related = StageChange, ("by",)

    @staticmethod
    def shown(row: StageChange) -> Json:
        return stage_change_document(row)

    @described(
        operation_id="list_stage_changes",
        summary="Follow the changes of stages",
        parameters=[FEED_CURSOR, LIMIT, FROM],
        responses={
            200: OpenApiResponse(
                feed_serializer(StageChangeSerializer, "StageChangeFeed", "Changes of stages since a cursor."),
                description="The changes since the cursor.",
            )
        },
    )
    def get(self, request: KeyRequest) -> Response:
        """Every decision about a stage once, by people and by rules, however many are written at the same time.

        Keep `next_cursor` and ask with it again: nothing is left out and nothing comes twice.
        """
        return self.part(request)
