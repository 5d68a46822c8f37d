from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


def zones() -> list[tuple[str, str]]:
    """The zones a person may live in: those named after a place, plus UTC."""
    names = sorted(
        name
        for name in zoneinfo.available_timezones()
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/", "SystemV/"))
    )
    return [(name, name.replace("_", " ")) for name in ["UTC", *names]]


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zones)

    class Meta:
        model = User
        fields = ["name", "language", "timezone", "theme", "single_keys"]
        labels = {"language": _("Language"), "theme": _("Theme")}
        help_texts = {"single_keys": _("Press ? on any page to see them.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("As the browser")), *User._meta.get_field("language").choices]
        self.fields["name"].widget.attrs["autocomplete"] = "name"
