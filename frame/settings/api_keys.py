"""The settings page of API keys."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.enums import Scope
from accounts.forms import ApiKeyForm, KeyRotationForm
from accounts.models import ApiKey, User
from accounts.requests import UserRequest
from frame.settings.page import AnyForm, SettingsColumn, SettingsPage
from web import formats
from web.pages import render_page


class ApiKeysPage(SettingsPage):
    """A key shows its secret once. Only the secret can be replaced; once revoked a key stays so."""

    def rows(self, user: User) -> QuerySet[ApiKey]:
        return ApiKey.objects.select_related("created_by", "acts_as")

    def form_for(self, user: User, data: Any, row: Any) -> AnyForm:
        """A new key is described; one that exists gets a new secret."""
        return super().form_for(user, data, None) if row is None else cast("AnyForm", KeyRotationForm(data, key=row))

    def save(self, form: AnyForm, user: User) -> ApiKey:
        values = form.cleaned_data
        if isinstance(form, KeyRotationForm):
            key = form.key
            secret = actions.rotate_key(by=user, key=key, overlap=values["overlap"], now=timezone.now())
        else:
            key, secret = actions.make_key(
                by=user, name=values["name"], scopes=values["scopes"], expires_at=values["expires_on"],
                acts_as=values["acts_as"],
            )  # fmt: skip
        key.secret = secret  # type: ignore[attr-defined]  # for the next page only, never stored
        return key

    def done(self, request: UserRequest, row: ApiKey, created: bool) -> HttpResponse | None:
        context = {"key": row, "both_until": row.old_until}
        return render_page(request, "frame/settings/key.html", context, part="frame/settings/_key.html")

    def switch(self, row: ApiKey, on: bool, user: User) -> None:
        actions.revoke_key(by=user, key=row, now=timezone.now())


def allowed_to(key: ApiKey) -> str:
    return formats.listed(str(Scope(scope).label) for scope in key.scopes)


def works_until(key: ApiKey) -> str:
    return formats.moment(key.expires_at, timezone.now()) if key.expires_at else gettext("no expiry")


def last_used(key: ApiKey) -> str:
    return formats.moment(key.last_used_at, timezone.now()) if key.last_used_at else gettext("never")


def old_secret(key: ApiKey) -> str:
    """Until when the secret before this one works; nothing where it does no longer."""
    if key.old_until is None or key.old_until <= timezone.now():
        return ""
    words = gettext("The old secret is valid until:")
    return f"{words}{'' if words.endswith('：') else ' '}{formats.moment(key.old_until, timezone.now())}"


API_KEYS = ApiKeysPage(
    name="frame:api_keys",
    path="api-keys",
    icon="key-round",
    model=ApiKey,
    form=ApiKeyForm,
    view="accounts.api_keys",
    edit="accounts.api_keys",
    title=_("API keys"),
    about=_("Keys that let other systems read and change what the user they act as may."),
    add=_("New key"),
    help=_("API reference"),
    help_name="api:reference",
    edit_words=_("Replace secret"),
    has_edit_button=True,
    columns=(
        SettingsColumn(_("Name"), "name", small=old_secret, code="prefix"),
        SettingsColumn(_("Permissions"), allowed_to),
        SettingsColumn(_("Acts as"), "person"),
        SettingsColumn(_("Expires"), works_until),
        SettingsColumn(_("Last used"), last_used),
        SettingsColumn(_("Created by"), "created_by"),
    ),
    search=("name", "prefix"),
    active=Q(revoked_at=None),
    off_words=_("Revoke"),
    on_words="",
    off_warning=_("Systems using this key will be rejected immediately. This can’t be undone."),
)
