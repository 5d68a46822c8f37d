"""What may be typed about a website: origins, networks and paths, one a line."""

from __future__ import annotations

import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.forms import zones
from intake.enums import FilterReason
from intake.models import Site
from leads.models import ActivityType

MOST_LINES = 50
HOST = re.compile(r"(?:\*\.)?[a-z0-9](?:[a-z0-9.-]{0,180}[a-z0-9])?(?::\d{1,5})?|\[[0-9a-f:]+\](?::\d{1,5})?")


def lines_field(label: Any, help_text: Any, *, required: bool = True) -> forms.CharField:
    """A text of several lines, one value each."""
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=5000, widget=area)


def lines_of(text: str) -> list[str]:
    """The lines that say something. Raises ValidationError for too many."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise ValidationError(_("Enter up to %(max)s lines.") % {"max": MOST_LINES})
    return lines


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]
    origins = lines_field(
        gettext_lazy("Allowed origins"),
        gettext_lazy("One per line, such as https://www.example.com. https://*.example.com allows any subdomain."),
    )
    networks = lines_field(
        gettext_lazy("Own networks"),
        gettext_lazy("Visits from these are set aside. One per line, such as 203.0.113.0/24."),
        required=False,
    )
    pages = lines_field(
        gettext_lazy("Pages with an activity type of their own"),
        gettext_lazy(
            "One per line: the path, with * for anything, and the code of the type. All others are page views."
        ),
        required=False,
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone of the website"),
        choices=zones,
        help_text=gettext_lazy("Without a cookie, a visitor is recognized within one day of this zone."),
    )
    filters = forms.MultipleChoiceField(
        label=gettext_lazy("Set aside"),
        required=False,
        choices=FilterReason.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What is set aside can be looked at and released."),
    )

    class Meta:
        model = Site
        fields = ("name", "needs_consent", "uses_cookie", "operator", "contact", "filters")
        labels = {
            "name": pgettext_lazy("thing", "Name"),
            "needs_consent": gettext_lazy("Ask for consent first"),
            "uses_cookie": gettext_lazy("Recognize visitors by a cookie"),
            "operator": gettext_lazy("Operator of the website"),
            "contact": gettext_lazy("Contact for questions about privacy"),
        }
        help_texts = {
            "needs_consent": gettext_lazy(
                "Until your page passes on the visitor’s consent, nothing is stored or sent."
            ),
            "uses_cookie": gettext_lazy("Off: nothing is stored in the browser, and each day a visitor is a new one."),
            "operator": gettext_lazy("Named on the page about external transmission."),
        }

    field_order = (
        "name", "origins", "needs_consent", "uses_cookie", "zone", "pages", "filters", "networks", "operator",
        "contact",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].initial = self.instance.zone
        self.fields["filters"].initial = self.instance.filters  # of a new website: all of them
        self.fields["origins"].initial = "\n".join(self.instance.allowed_origins or [])
        self.fields["networks"].initial = "\n".join(self.instance.internal_networks)
        pages = self.instance.page_types if self.instance.pk else [["/pricing*", "price_view"]]
        self.fields["pages"].initial = "\n".join(f"{path} {code}" for path, code in pages)

    def clean_origins(self) -> list[str]:
        return list(dict.fromkeys(origin(line) for line in lines_of(self.cleaned_data["origins"])))

    def clean_networks(self) -> list[str]:
        return list(dict.fromkeys(network(line) for line in lines_of(self.cleaned_data["networks"])))

    def clean_pages(self) -> list[list[str]]:
        """Each path with a type that exists."""
        codes = set(ActivityType.objects.filter(is_active=True).values_list("code", flat=True))
        pages = []
        for line in lines_of(self.cleaned_data["pages"]):
            path, _space, code = line.rpartition(" ")
            if not path.startswith("/") or len(path) > 200:
                raise ValidationError(
                    _("“%(line)s” isn’t a path and a type, such as /pricing* price_view.") % {"line": line[:80]}
                )
            if code not in codes:
                raise ValidationError(
                    _("There’s no activity type %(code)s. Use a code that stands in the settings.")
                    % {"code": code[:40]}
                )
            pages.append([path.strip(), code])
        return pages

    def save(self, commit: bool = True) -> Site:
        """The site with what was typed line by line."""
        self.instance.allowed_origins = self.cleaned_data["origins"]
        self.instance.internal_networks = self.cleaned_data["networks"]
        self.instance.page_types = self.cleaned_data["pages"]
        self.instance.zone = self.cleaned_data["zone"]
        return super().save(commit)  # type: ignore[no-any-return]


def origin(text: str) -> str:
    """An origin as browsers send it. Raises ValidationError."""
    try:
        parts = urlsplit(text.lower().rstrip("/"))
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or parts.path or parts.query or not HOST.fullmatch(parts.netloc):
        raise ValidationError(_("“%(text)s” isn’t an origin, such as https://www.example.com.") % {"text": text[:80]})
    default = {"http": ":80", "https": ":443"}[parts.scheme]
    return f"{parts.scheme}://{parts.netloc.removesuffix(default)}"


def network(text: str) -> str:
    """A network or one address, in its shortest form. Raises ValidationError."""
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError as error:
        raise ValidationError(_("“%(text)s” isn’t a network, such as 203.0.113.0/24.") % {"text": text[:50]}) from error
