"""What every address of the API begins with: a key, a strict body, and problems as `application/problem+json`."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import IO, Any

import pghistory
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.db.models import Q
from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.decorators import api_view, authentication_classes, parser_classes, permission_classes
from rest_framework.exceptions import APIException, AuthenticationFailed, NotAuthenticated, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.enums import Scope
from accounts.models import ApiKey, User
from accounts.policies import open_to_all
from background.patience import TooSlowError, is_too_slow

MAX_BODY = 10 * 1024 * 1024
USED_AT_MOST_EVERY = timedelta(minutes=1)
ApiView = Callable[..., Response]


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """One thing wrong: where (`activities[3].occurred_at`), a code for programs, a sentence for people."""

    where: str
    code: str
    text: str

    def as_dict(self) -> dict[str, str]:
        return {"where": self.where, "code": self.code, "text": self.text}


class Refusal(APIException):
    """The request cannot be answered as asked; says everything that is wrong with it at once."""

    def __init__(self, title: str, problems: Iterable[Wrong] = (), *, code: int = status.HTTP_400_BAD_REQUEST) -> None:
        super().__init__(title)
        self.status_code = code
        self.problems = list(problems)


class TooLargeError(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


# --- the key ---------------------------------------------------------------------------------------------------------


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer lq_...`. The request acts as the person who made the key, within the key's scopes."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _space, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        key = ApiKey.objects.select_related("created_by").usable(secret.strip(), timezone.now())
        if key is None or not key.created_by.is_active:
            raise AuthenticationFailed(_("The API key is unknown, revoked or expired."))
        self._note_use(key)
        return key.created_by, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def _note_use(self, key: ApiKey) -> None:
        """At most once a minute: a busy key must not make every request wait for one row."""
        now = timezone.now()
        if key.last_used_at is None or key.last_used_at < now - USED_AT_MOST_EVERY:
            stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_AT_MOST_EVERY)
            ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


def permission_for(scope: Scope) -> type[BasePermission]:
    class HasScope(BasePermission):
        message = _("This API key may not do that: it lacks the scope %(scope)s.") % {"scope": scope.value}

        def has_permission(self, request: Request, view: Any) -> bool:
            return isinstance(request.auth, ApiKey) and scope in request.auth.scopes

    return HasScope


def endpoint(method: str, scope: Scope) -> Callable[[ApiView], Callable[..., HttpResponseBase]]:
    """Make a view an address of the API: one method, one scope, by key only."""

    def decorate(view: ApiView) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def keyed(request: Request, *args: Any, **kwargs: Any) -> Response:
            with pghistory.context(user=request.user.pk, api_key=request.auth.pk):
                return view(request, *args, **kwargs)

        for dress in (
            authentication_classes([ApiKeyAuthentication]),
            permission_classes([permission_for(scope)]),
            parser_classes([StrictJsonParser]),
        ):
            dress(keyed)
        return open_to_all(login_not_required(api_view([method])(keyed)))

    return decorate


# --- the body --------------------------------------------------------------------------------------------------------


class StrictJsonParser(BaseParser):
    """JSON that means the same to everybody: no NaN, no infinity, no repeated names, no NUL, no half characters."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        declared = str(parser_context["request"].META.get("CONTENT_LENGTH") or "")
        if (declared.isdigit() and len(declared) < 20 and int(declared) <= MAX_BODY) or not declared:
            body = stream.read(MAX_BODY + 1)
            if len(body) <= MAX_BODY:
                return strict_json(body)
        raise TooLargeError(_("The body is larger than 10 MB: send less at once."))


def strict_json(body: bytes) -> Any:
    """Parse or raise ParseError with a sentence."""
    try:
        data = json.loads(
            body.decode(), object_pairs_hook=_object, parse_float=_finite, parse_constant=_refuse_constant
        )
    except RecursionError as error:
        raise ParseError(_("The JSON is nested too deeply.")) from error
    except ValueError as error:
        raise ParseError(_("This is not valid JSON: %(error)s") % {"error": str(error)[:200]}) from error
    if b"\\u0000" in body or b"\\ud" in body or b"\\uD" in body:
        broken = [
            Wrong(where=where, code="character", text=_("Contains a character that cannot be stored."))
            for where in _unstorable(data, "")
        ]
        if broken:
            raise Refusal(_("The text contains characters that cannot be stored."), broken)
    return data


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        raise ValueError(f"the name {next(name for name in names if names.count(name) > 1)!r} is given twice")
    return found


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"the number {text[:20]} is too large")
    return number


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _unstorable(data: Any, path: str) -> Iterator[str]:
    """The paths of texts with NUL or lone surrogates, which PostgreSQL cannot hold."""
    if isinstance(data, str):
        if "\0" in data or any("\ud800" <= character <= "\udfff" for character in data):
            yield path
    elif isinstance(data, list):
        for place, member in enumerate(data):
            yield from _unstorable(member, f"{path}[{place}]")
    elif isinstance(data, dict):
        for name, member in data.items():
            shown = name.encode("ascii", "backslashreplace").decode().replace("\0", "\\u0000")
            inner = f"{path}.{shown}" if path else shown
            yield from _unstorable(name, inner)
            yield from _unstorable(member, inner)


# --- the problem -----------------------------------------------------------------------------------------------------


def answer_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal in the form of RFC 9457, with the path of each problem."""
    if is_too_slow(error):
        return problem(422, str(TooSlowError()))
    if isinstance(error, OperationalError):
        return problem(503, _("The database is busy. Send the same again: what has a key is stored once."), retry=5)
    answer = exception_handler(error, context)
    if answer is None:
        return None
    title = _("Not found.") if isinstance(error, Http404) else str(getattr(error, "detail", error))
    made = problem(answer.status_code, title, getattr(error, "problems", ()))
    for name in ("WWW-Authenticate", "Retry-After", "Allow"):
        if name in answer.headers:
            made[name] = answer.headers[name]
    if isinstance(error, NotAuthenticated):
        made["WWW-Authenticate"] = "Bearer"
    return made


def problem(code: int, title: str, problems: Iterable[Wrong] = (), *, retry: int | None = None) -> Response:
    body = {"type": "about:blank", "title": title, "status": code, "problems": [wrong.as_dict() for wrong in problems]}
    headers = {} if retry is None else {"Retry-After": str(retry)}
    return Response(body, status=code, headers=headers, content_type="application/problem+json")
