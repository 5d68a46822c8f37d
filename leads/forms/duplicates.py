"""What people may ask of the list of duplicates. Forms only clean."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.enums import DuplicateState, Likeness, Sureness
from leads.queries.duplicates import DuplicateFilter

LARGEST = 2**63 - 1


class DuplicateFilterForm(forms.Form):
    """Which proposals are listed; what cannot be read is no filter."""

    state = forms.ChoiceField(choices=DuplicateState.choices, required=False)
    sureness = forms.TypedChoiceField(choices=Sureness.choices, coerce=int, empty_value=None, required=False)
    reason = forms.MultipleChoiceField(choices=Likeness.choices, required=False)

    def wanted(self) -> DuplicateFilter:
        self.is_valid()
        values: dict[str, Any] = self.cleaned_data
        return DuplicateFilter(
            state=values.get("state") or DuplicateState.OPEN,
            sureness=values.get("sureness"),
            reasons=tuple(values.get("reason") or ()),
        )


class RulesForm(forms.Form):
    """What may happen by itself with duplicates; empty: nothing."""

    merges_from = forms.FloatField(
        label=_("Merge automatically from this probability"),
        required=False,
        min_value=0.88,
        max_value=1,
        help_text=_("Between 0.88 and 1. Empty: never."),
    )


class DecisionForm(forms.Form):
    """What somebody decides about leads of a group: `lead` are those that they left in, `keep` the one that stays."""

    what = forms.ChoiceField(choices=[("merge", _("Merge")), *DuplicateState.choices])
    keep = forms.IntegerField(min_value=1, max_value=LARGEST)
    lead = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(self, *args: Any, members: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lead"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(pk, pk) for pk in members]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if "lead" in values and "keep" in values and values["keep"] not in values["lead"]:
            self.add_error("keep", _("The lead to keep isn’t in this group any more. Look at the group again."))
        return values
