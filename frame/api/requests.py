"""A request with a key, for the type checker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.request import Request

from accounts.models import ApiKey, User

if TYPE_CHECKING:

    class KeyRequest(Request):
        """A request that ApiView let in: it has a key, and the person whose rights that key has."""

        user: User
        auth: ApiKey

else:
    KeyRequest = Request
