"""How the API is described: `GET /api/v1/openapi.json`, drawn from the views and serializers that answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.http import HttpResponseBase
from django.utils.translation import override
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.policies import open_to_all
from frame.api.problems import PROBLEM_JSON
from frame.api.serializers import ProblemDocumentSerializer

Method = TypeVar("Method", bound=Callable[..., HttpResponseBase])

REFUSALS = {
    400: "What was sent is wrong; every problem is told with its path.",
    401: "No API key, or one that is unknown, revoked or expired.",
    403: "The API key lacks the scope, or the role of the user it acts as does not allow it.",
    404: "There is no such thing.",
    406: "Only JSON is answered.",
    409: "It contradicts what is stored.",
    412: "It has changed since the client read it.",
    413: "The body is larger than 10 MB.",
    415: "Only JSON is read.",
    422: "It takes too long on this data, or the Idempotency-Key was used for another request.",
    429: "The key has sent too many requests in this minute; Retry-After says when to go on.",
    503: "The database is busy. Send the same again after the seconds of Retry-After.",
}
KEPT = "x-idempotent"
UNCOUNTED = ("401", "403", "406")  # answered before a request is counted
ALWAYS = (400, 401, 403, 406, 422, 429, 503)
WITH_BODY = (413, 415)
RATE_LIMITS = {
    "RateLimit-Limit": "How many requests the key may send in a minute.",
    "RateLimit-Remaining": "How many of them are left.",
    "RateLimit-Reset": "In how many seconds the minute ends.",
}
IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Chosen by the client for each request, such as a UUID. Within 7 days the same request with the "
    "same key is done once and answered alike; another request with it is refused with 422.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[ -~]+$"},
}


IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER,
    description="The ETag of what was read: the change is made only while nobody else has changed it.",
)  # fmt: skip
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of what is known already."
)
ETAG_HEADER = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 304],
    description="Of what is answered, whatever fields were selected.",
)  # fmt: skip


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a key is sent; each operation names the scope that its key needs."""

    target_class = "frame.api.authentication.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key, `lq_...`, made under Settings."}

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        view: Any = auto_schema.view
        return {self.name: [view.access_for(auto_schema.method).scope.value]}


class SparseShape(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """Of a thing of which clients may ask for a part, only the id is required."""

    target_class = "frame.api.serializers.SparseSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        map_serializer: Any = auto_schema._map_serializer
        shape: dict[str, Any] = map_serializer(self.target, direction, bypass_extensions=True)
        return shape | {"required": ["id"]}


def described(
    *,
    responses: dict[Any, Any],
    refusals: tuple[int, ...] = (),
    has_etag: bool = False,
    keeps_answers: bool = True,
    **words: Any,
) -> Callable[[Method], Method]:
    """`extend_schema` with the refusals that every endpoint has, and those of its own, as problem documents.

    `refusals` are keys of REFUSALS. An endpoint with a `request` refuses bodies too.
    """
    codes = sorted({*ALWAYS, *refusals, *(WITH_BODY if words.get("request") is not None else ())})
    if has_etag:
        unchanged = {304: OpenApiResponse(description="Nothing has changed since the ETag that was sent.")}
        responses = responses | unchanged
        words["parameters"] = [*words.get("parameters", ()), ETAG_HEADER]
    problems = {
        (code, PROBLEM_JSON): OpenApiResponse(ProblemDocumentSerializer, description=REFUSALS[code]) for code in codes
    }
    return extend_schema(responses=responses | problems, extensions={KEPT: keeps_answers}, **words)


def with_conventions(result: dict[str, Any], **_how: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: what all operations that need a key have in common."""
    components = result["components"]
    components["parameters"] = {"IdempotencyKey": IDEMPOTENCY}
    components["headers"] = {
        name: {"description": words, "schema": {"type": "integer", "minimum": 0}} for name, words in RATE_LIMITS.items()
    }
    limits = {name: {"$ref": f"#/components/headers/{name}"} for name in RATE_LIMITS}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            if "security" not in operation:
                continue
            if operation.pop(KEPT, True) and method != "get":
                operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/IdempotencyKey"})
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
            for status, response in operation["responses"].items():
                if status not in UNCOUNTED:
                    response["headers"] = response.get("headers", {}) | limits
    return result


@cache
def contract() -> dict[str, Any]:
    """The OpenAPI document. Drawn once by each process: it depends on nothing but the code, and is in English."""
    with override("en"):
        document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return document


class ContractView(APIView):
    """Open to everybody: it says nothing of this installation."""

    authentication_classes = ()
    permission_classes = ()

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        return open_to_all(super().as_view(**initkwargs))

    @extend_schema(
        operation_id="read_contract",
        summary="Read this contract",
        responses={200: OpenApiResponse({"type": "object"}, description="An OpenAPI 3.1 document.")},
    )
    def get(self, request: Request) -> Response:
        """This contract."""
        return Response(contract())
