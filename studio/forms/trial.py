"""Which lead to try a draft on, and at which instant."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from web.fields import BoundedDateTimeField


class TrialForm(forms.Form):
    q = forms.CharField(label=_("Lead"), max_length=100, required=False, strip=True)
    lead = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    at = BoundedDateTimeField(label=_("Time"), required=False, help_text=_("Leave empty for the current time."))
