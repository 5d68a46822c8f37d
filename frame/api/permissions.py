"""What an API key opens: what its scopes and the role of its person both allow."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import ApiKey
from accounts.policies import is_allowed


class HasScope(BasePermission):
    """Lets a key in that has the scope of the view and method, and whose person the view's policy allows."""

    def has_permission(self, request: Request, view: Any) -> bool:
        access = view.access_for(request.method)
        if not isinstance(request.auth, ApiKey) or access.scope not in request.auth.scopes:
            self.message = _(
                "This API key doesn’t have the permission %(scope)s. Create a key that has it under Settings."
            ) % {"scope": access.scope.value}
            return False
        self.message = _("The user this API key acts as may not do this. Choose a key of someone with the right role.")
        return is_allowed(request.user, access.policy)
