"""One row of cards, attendance or replies, as it is typed: what all rows share, and the person."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from leads.models import ActivityType
from web.fields import BoundedDateField, NormalizedEmailField, PhoneField
from web.filters import midnight

CARDS = ("business_card", "event_attend", "reply_card")
MOST_DONE = 300


class EntryForm(forms.Form):
    type = forms.ModelChoiceField(
        label=gettext_lazy("Activity type"),
        queryset=ActivityType.objects.none(),
        to_field_name="code",
        empty_label=None,
    )
    object = forms.CharField(label=gettext_lazy("Fair, seminar or mailing"), required=False, max_length=200)
    day = BoundedDateField(label=gettext_lazy("Date"))
    email = NormalizedEmailField(label=gettext_lazy("Email"), required=False, max_length=254)
    name = forms.CharField(label=pgettext_lazy("person", "Name"), required=False, max_length=160)
    kana = forms.CharField(label=gettext_lazy("Reading"), required=False, max_length=160)
    company_name = forms.CharField(label=gettext_lazy("Company"), required=False, max_length=200)
    title = forms.CharField(label=gettext_lazy("Job title"), required=False, max_length=120)
    phone = PhoneField(label=gettext_lazy("Phone"), required=False, max_length=40)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=2000)
    consent = forms.BooleanField(label=gettext_lazy("Consent to contact"), required=False)
    lead = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    done = forms.CharField(required=False, max_length=6000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = ActivityType.objects.filter(is_active=True)
        self.fields["type"].queryset = types  # type: ignore[attr-defined]
        self.initial.setdefault("type", next((code for code in CARDS if types.filter(code=code).exists()), None))
        self.initial.setdefault("day", timezone.localdate())
        self.initial.setdefault("key", uuid.uuid4())

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError(_("This is in the future. Choose an earlier day."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        typed = any(cleaned.get(name) for name in ("email", "phone", "lead"))
        if not self.errors and not (typed or (cleaned.get("name") and cleaned.get("company_name"))):
            raise ValidationError(_("Enter an email, a phone number, or a name with a company."))
        return cleaned

    @property
    def occurred_at(self) -> Any:
        """Now for today, else the beginning of the day: nobody notes the minute of a card."""
        day = self.cleaned_data["day"]
        return timezone.now() if day == timezone.localdate() else midnight(day)

    @property
    def done_ids(self) -> list[int]:
        """The leads that were entered on this page, the newest first."""
        text = self.data.get("done", "") if self.is_bound else ""
        ids = [int(each) for each in text.split(",") if each.isascii() and each.isdigit() and len(each) < 19]
        return ids[:MOST_DONE]

    def shared(self) -> dict[str, Any]:
        """What the next row has from this one."""
        return {name: self.cleaned_data[name] for name in ("object", "day")} | {"type": self.cleaned_data["type"].code}
