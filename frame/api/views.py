"""What every endpoint of the API begins with: a key, a strict body, and problems in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pghistory
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.enums import Scope
from accounts.policies import open_to_all
from frame.api.authentication import ApiKeyAuthentication
from frame.api.idempotency import once
from frame.api.parameters import refuse_unknown
from frame.api.parsers import StrictJsonParser
from frame.api.permissions import HasScope
from frame.api.throttling import Allowance, KeyThrottle

SAFE = ("GET", "HEAD", "OPTIONS")
WRITING = ("post", "put", "patch", "delete")


@dataclass(frozen=True)
class Access:
    """What a request needs: a scope of its key, and a policy that allows it to the key's person."""

    scope: Scope
    policy: str


class ApiView(APIView):
    """An endpoint that is reached by key only; a subclass names what reading and writing need.

    Each of its methods that writes heeds `Idempotency-Key`, unless it says otherwise.
    """

    reads: ClassVar[Access | None] = None
    writes: ClassVar[Access | None] = None
    parameters: ClassVar[tuple[str, ...] | None] = ()
    """The names that the query may have; None where the handler looks at them itself."""

    keeps_answers: ClassVar[bool] = True
    """Whether `Idempotency-Key` is heeded: not where an answer holds a secret."""

    authentication_classes = (ApiKeyAuthentication,)
    permission_classes = (HasScope,)
    parser_classes = (StrictJsonParser,)
    throttle_classes = (KeyThrottle,)
    allowance: Allowance | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in WRITING:
            if name in vars(cls):
                setattr(cls, name, once(vars(cls)[name]))

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """The view, marked as one that needs no policy of a person who is signed in."""
        return open_to_all(super().as_view(**initkwargs))

    @classmethod
    def access_for(cls, method: str | None) -> Access:
        """What a method needs. One that the view does not have is answered by 405, to whoever may the others."""
        access = cls.reads if method in SAFE else cls.writes
        access = access or cls.reads or cls.writes
        assert access is not None, f"{cls.__name__} names no access"
        return access

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check key, scope, format and query; the audit trail of what follows names the key."""
        super().initial(request, *args, **kwargs)
        # Adds to the context that HistoryMiddleware opened for requests that may write.
        pghistory.context(user=request.user.pk, api_key=request.auth.pk)
        if self.parameters is not None:
            refuse_unknown(request, self.parameters)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Tell in each answer how many more requests the key may send."""
        answered = super().finalize_response(request, response, *args, **kwargs)
        if self.allowance is not None:
            for name, value in self.allowance.headers().items():
                answered.headers[name] = value
        return answered
