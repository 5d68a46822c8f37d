"""The key that an API client sends with each request."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiKey, User
from accounts.policies import API_KEYS, is_allowed

USE_NOTED_EVERY = timedelta(minutes=1)  # a busy key must not make every request wait for its row


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer lq_...`. The request acts as the key's person, within the key's scopes, for as long as
    whoever made the key may make keys."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """The person and the key; None without a Bearer header. Writes `last_used_at` at most once a minute."""
        scheme, _space, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        key = ApiKey.objects.select_related("created_by", "acts_as").usable(secret.strip(), now)
        if key is None:
            raise AuthenticationFailed(
                _("The API key is unknown, revoked or expired. Create a new one under Settings.")
            )
        if not is_allowed(key.created_by, API_KEYS):
            raise AuthenticationFailed(
                _("The user who created this API key can no longer use API keys. Ask an administrator for a new one.")
            )
        if not key.person.is_active:
            raise AuthenticationFailed(
                _("The user this API key acts as has been deactivated. Ask an administrator for a new one.")
            )
        noted_before = now - USE_NOTED_EVERY
        if key.last_used_at is None or key.last_used_at < noted_before:
            stale = Q(last_used_at=None) | Q(last_used_at__lt=noted_before)
            ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
        return key.person, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
