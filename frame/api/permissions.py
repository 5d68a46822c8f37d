"""What an API key opens."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import ApiKey


class HasScope(BasePermission):
    """Lets a key in that has the `scope` of the view."""

    def has_permission(self, request: Request, view: Any) -> bool:
        self.message = _(
            "This API key doesn’t have the permission %(scope)s. Create a key that has it under Settings."
        ) % {"scope": view.scope.value}
        return isinstance(request.auth, ApiKey) and view.scope in request.auth.scopes
