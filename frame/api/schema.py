"""How the API is described: `GET /api/v1/openapi.json`, drawn from the views and serializers that answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.policies import open_to_all
from frame.api.problems import PROBLEM_JSON
from frame.api.serializers import ProblemDocumentSerializer

Method = TypeVar("Method", bound=Callable[..., Response])

REFUSALS = {
    400: "What was sent is wrong; every problem is told with its path.",
    401: "No API key, or one that is unknown, revoked or expired.",
    403: "The API key lacks the scope.",
    404: "There is no such thing.",
    406: "Only JSON is answered.",
    409: "It contradicts what is stored.",
    413: "The body is larger than 10 MB.",
    415: "Only JSON is read.",
    422: "It takes too long on this data; the same again would take as long.",
    429: "The key has sent too many requests in this minute; Retry-After says when to go on.",
    503: "The database is busy. Send the same again after the seconds of Retry-After.",
}
ALWAYS = (401, 403, 406, 422, 429, 503)
WITH_BODY = (400, 413, 415)


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a key is sent; each operation names the scope that its key needs."""

    target_class = "frame.api.authentication.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key, `lq_...`, made under Settings."}

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        view: Any = auto_schema.view
        return {self.name: [view.scope.value]}


def described(*, responses: dict[Any, Any], refusals: tuple[int, ...] = (), **words: Any) -> Callable[[Method], Method]:
    """`extend_schema` with the refusals that every endpoint has, and those of its own, as problem documents.

    `refusals` are keys of REFUSALS. An endpoint with a `request` refuses bodies too.
    """
    codes = sorted({*ALWAYS, *refusals, *(WITH_BODY if "request" in words else ())})
    problems = {
        (code, PROBLEM_JSON): OpenApiResponse(ProblemDocumentSerializer, description=REFUSALS[code]) for code in codes
    }
    return extend_schema(responses=responses | problems, **words)


@cache
def contract() -> dict[str, Any]:
    """The OpenAPI document. Drawn once by each process: it depends on nothing but the code."""
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
        responses={200: OpenApiResponse({"type": "object"}, description="An OpenAPI 3.1 document.")},
    )
    def get(self, request: Request) -> Response:
        """This contract."""
        return Response(contract())
