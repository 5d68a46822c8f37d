from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Scope
from accounts.models.user import User
from web.constraints import bounded_instant

PREFIX_LENGTH = 8


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self, secret: str, now: datetime) -> ApiKey | None:
        """The key that this secret opens, unless it is revoked or has expired. A former secret opens it for a while."""
        digest = digest_of(secret)
        live = models.Q(revoked_at=None) & (models.Q(expires_at=None) | models.Q(expires_at__gt=now))
        opens = models.Q(digest=digest) | models.Q(old_digest=digest, old_until__gt=now)
        return self.filter(live, opens).first()


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@pghistory.track(exclude=["digest", "old_digest", "last_used_at"])
class ApiKey(models.Model):
    """A machine's way in. Only the SHA-256 of the secret is kept; 256 random bits need no slow hash."""

    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("starts with"), max_length=16, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(
        models.CharField(max_length=20, choices=Scope.choices), verbose_name=_("permissions"), default=list
    )
    # After the secret was replaced the former one works until then, so that a system can be moved to the new one.
    old_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    old_until = models.DateTimeField(_("old secret valid until"), null=True, editable=False)
    acts_as = models.ForeignKey(
        "accounts.User", verbose_name=_("acts as"), null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text=_("The key sees and does what this user may see and do."),
    )  # fmt: skip
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="api_keys", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        db_table = "accounts_apikey"
        ordering = ["name", "pk"]
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [bounded_instant("expires_at", name="api_key_expires_in_bounds")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def person(self) -> User:
        """Whose rights the key has; these are looked up with each request."""
        return self.acts_as or self.created_by

    def new_secret(self) -> str:
        """Give the key a fresh secret and return it: it can be read this once only. The caller saves."""
        secret = "lq_" + secrets.token_urlsafe(32)
        self.prefix, self.digest = secret[:PREFIX_LENGTH], digest_of(secret)
        return secret
