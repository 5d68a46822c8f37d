from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from handoff.models import RejectReason
from insights.enums import WrongVerdict


class VerdictsForm(forms.Form):
    """Which wrong verdicts to list. What cannot be read is not filtered by; the form says so."""

    show = forms.ChoiceField(choices=WrongVerdict.choices, widget=forms.HiddenInput)
    reason = forms.ModelChoiceField(
        label=_("Reason"),
        queryset=RejectReason.objects.all(),
        to_field_name="code",
        required=False,
        empty_label=_("Any reason"),
    )

    def __init__(self, data: dict[str, str]) -> None:
        usual = {"show": WrongVerdict.REJECTED.value, "reason": ""}
        super().__init__(usual | data)
        # What cannot be read is shown as what is listed in its place; the message stays beside it.
        self.data = {**self.data, **{name: usual[name] for name in self.errors}}

    @property
    def kind(self) -> WrongVerdict:
        return WrongVerdict(self.cleaned_data.get("show") or WrongVerdict.REJECTED)

    @property
    def code(self) -> str:
        """Of the reason, "" for any."""
        reason = self.cleaned_data.get("reason")
        return str(reason.code) if reason else ""
