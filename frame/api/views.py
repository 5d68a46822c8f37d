"""What every endpoint of the API begins with: a key, a strict body, and problems in words."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.enums import Scope
from accounts.policies import open_to_all
from frame.api.authentication import ApiKeyAuthentication
from frame.api.parsers import StrictJsonParser
from frame.api.permissions import HasScope
from frame.api.throttling import Allowance, KeyThrottle


class ApiView(APIView):
    """An endpoint that is reached by key only; a subclass names the scope that the key needs."""

    scope: ClassVar[Scope]
    authentication_classes = (ApiKeyAuthentication,)
    permission_classes = (HasScope,)
    parser_classes = (StrictJsonParser,)
    throttle_classes = (KeyThrottle,)
    allowance: Allowance | None = None

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """The view, marked as one that needs no policy of a person."""
        return open_to_all(super().as_view(**initkwargs))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check key, scope and format; the audit trail of what follows names the key."""
        super().initial(request, *args, **kwargs)
        # Adds to the context that HistoryMiddleware opened for requests that may write.
        pghistory.context(user=request.user.pk, api_key=request.auth.pk)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Tell in each answer how many more requests the key may send."""
        answered = super().finalize_response(request, response, *args, **kwargs)
        if self.allowance is not None:
            for name, value in self.allowance.headers().items():
                answered.headers[name] = value
        return answered
