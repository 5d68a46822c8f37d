from __future__ import annotations

from django import forms

from handoff.enums import SkipReason


class SkipsForm(forms.Form):
    """What the list of skipped leads is narrowed to; what makes no sense in the address is left out."""

    person = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    reason = forms.ChoiceField(required=False, choices=SkipReason.choices)
