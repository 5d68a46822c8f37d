from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.enums import ErasureReason
from leads.models import Lead


class ErasureForm(forms.Form):
    """Why a person's data is to be erased, and the lead's number as proof that this one is meant."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=ErasureReason.choices, widget=forms.RadioSelect)
    reference = forms.RegexField(
        label=gettext_lazy("Reference number"), regex=r"^[A-Za-z0-9./_# -]*$", required=False, max_length=40,
        help_text=gettext_lazy("Such as the number of the request. No names: the record of the erasure is kept."),
        error_messages={"invalid": gettext_lazy("Use only letters, digits and - . / _ #.")},
    )  # fmt: skip
    confirmation = forms.CharField(label=gettext_lazy("Number of the lead"), max_length=20)

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lead = lead
        self.fields["confirmation"].help_text = _("Type #%(number)s to confirm.") % {"number": lead.pk}
        self.fields["confirmation"].widget.attrs["autocomplete"] = "off"

    def clean_confirmation(self) -> str:
        typed = str(self.cleaned_data["confirmation"])
        if typed.strip().lstrip("#＃") != str(self.lead.pk):
            raise ValidationError(_("That isn’t the number of this lead. Type #%(number)s.") % {"number": self.lead.pk})
        return typed
