from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoff.enums import RetryUnit
from handoff.retries import RetryStep

MOST = 5


class RetryPlanForm(forms.Form):
    """Up to five retries, each an amount and its unit; an empty amount is none."""

    def __init__(self, *args: Any, steps: Sequence[RetryStep], **options: Any) -> None:
        super().__init__(*args, **options)
        for number in range(1, MOST + 1):
            step = steps[number - 1] if number <= len(steps) else None
            self.fields[f"amount_{number}"] = forms.IntegerField(
                label=_("Retry %(n)s: after") % {"n": number}, required=False, min_value=1, max_value=40,
                initial=step.amount if step else None,
            )  # fmt: skip
            self.fields[f"unit_{number}"] = forms.ChoiceField(
                label=gettext_lazy("Unit"), choices=RetryUnit.choices,
                initial=step.unit if step else RetryUnit.BUSINESS_DAYS,
            )  # fmt: skip

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of each retry."""
        return [(self[f"amount_{number}"], self[f"unit_{number}"]) for number in range(1, MOST + 1)]

    def steps(self) -> list[RetryStep]:
        """What is filled in, in its order."""
        filled = [
            (self.cleaned_data[f"amount_{number}"], self.cleaned_data[f"unit_{number}"])
            for number in range(1, MOST + 1)
        ]
        return [RetryStep(unit=RetryUnit(unit), amount=amount) for amount, unit in filled if amount]
