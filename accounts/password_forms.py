"""The password forms of django-allauth with labels in our words: its own Japanese has half-width brackets."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from django.utils.translation import gettext_lazy as _

LABELS = {
    "oldpassword": _("Current password"),
    "password": _("Password"),
    "password1": _("New password"),
    "password2": _("New password (confirm)"),
}


class _Labelled:
    """Says the fields of a form in our words, where a reader without a label would take the same as a hint."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            if name in LABELS:
                field.label = LABELS[name]
                if "placeholder" in field.widget.attrs:
                    field.widget.attrs["placeholder"] = ""


class ChangePasswordForm(_Labelled, allauth.ChangePasswordForm):  # type: ignore[misc]
    """The old password and the new one twice."""


class ResetPasswordKeyForm(_Labelled, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password twice, for whoever came by a link."""


class SetPasswordForm(_Labelled, allauth.SetPasswordForm):  # type: ignore[misc]
    """A first password twice, for an account that has none."""
