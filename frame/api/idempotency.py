"""`Idempotency-Key`: a request that is sent again, since its answer was lost, is done once and answered alike."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from accounts.models import ApiAnswer
from frame.api.problems import ApiError, ApiProblem, UnprocessableError
from frame.api.requests import KeyRequest

HEADER = "Idempotency-Key"
LONGEST = 200
SENT_AGAIN = {"Idempotent-Replayed": "true"}
TOLD_AGAIN = ("Location", "ETag")  # headers that belong to the answer

Handler = TypeVar("Handler", bound=Callable[..., Response])


def once(handler: Handler) -> Handler:
    """Let a handler that writes do its work once for each Idempotency-Key of an API key.

    Its work and its answer are one transaction; what it refuses is not kept. Of two requests at one time the second
    waits for the first.
    """

    @wraps(handler)
    def answered(view: Any, request: KeyRequest, *args: Any, **kwargs: Any) -> Response:
        name = request.headers.get(HEADER)
        if name is None or not view.keeps_answers:
            return handler(view, request, *args, **kwargs)
        check_name(name)
        digest = digest_of(request)
        with transaction.atomic():
            kept, is_new = ApiAnswer.objects.get_or_create(
                api_key=request.auth, name=name, defaults={"digest": digest, "answered_at": timezone.now()}
            )
            if not is_new:
                return told_again(kept, digest)
            response = handler(view, request, *args, **kwargs)
            kept.status, kept.body = response.status_code, json.loads(JSONRenderer().render(response.data) or b"null")
            kept.headers = {name: response.headers[name] for name in TOLD_AGAIN if name in response.headers}
            kept.save(update_fields=["status", "body", "headers"])
            return response

    return answered  # type: ignore[return-value]


def check_name(name: str) -> None:
    """Refuse what no client can have meant as a key."""
    if not name or len(name) > LONGEST or not name.isascii() or not name.isprintable():
        text = _("Send 1 to %(most)s visible ASCII characters, such as a UUID.") % {"most": LONGEST}
        raise ApiError(text, [ApiProblem(where=HEADER, code="idempotency_key", text=text)])


def digest_of(request: KeyRequest) -> str:
    """What makes two requests the same."""
    body = json.dumps(request.data, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256("\n".join((request.method or "", request.get_full_path(), body)).encode()).hexdigest()


def told_again(kept: ApiAnswer, digest: str) -> Response:
    """The answer of then. Raises UnprocessableError where something else was asked then."""
    if kept.digest != digest:
        text = _("This Idempotency-Key was used for another request. Choose a new one for each request.")
        raise UnprocessableError(text, [ApiProblem(where=HEADER, code="key_reused", text=text)])
    return Response(kept.body, status=kept.status, headers={**kept.headers, **SENT_AGAIN})
