from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from handoff.enums import Promise
from handoff.queries.compliance import Cut
from web.fields import BoundedDateField

PERIODS = [(7, _("last 7 days")), (30, _("last 30 days")), (90, _("last 90 days")), (365, _("last 365 days"))]
USUAL = 90


class ComplianceForm(forms.Form):
    """Which promises are counted, and which line of them is listed; what makes no sense in the address is left out."""

    days = forms.TypedChoiceField(label=_("Due in the"), coerce=int, choices=PERIODS, required=False)
    promise = forms.ChoiceField(
        label=_("SLA"), choices=[("", pgettext_lazy("deadlines", "All")), *Promise.choices], required=False
    )
    by = forms.ChoiceField(
        label=_("Group by"), required=False,
        choices=[
            (Cut.VERSION, _("Policy and version")), (Cut.TEAM, _("Team")), (Cut.PERSON, _("Owner")),
            (Cut.SOURCE, _("Source")),
        ],
    )  # fmt: skip
    key = forms.CharField(required=False, max_length=40, validators=[RegexValidator(r"^\d{1,9}(\.\d{1,9})?$")])
    kept = forms.ChoiceField(choices=[("", ""), ("yes", ""), ("no", "")], required=False)

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for, with what usually is in place of what was not, or makes no sense."""
        self.is_valid()
        cleaned = self.cleaned_data
        return {
            "days": cleaned.get("days") or USUAL,
            "promise": cleaned.get("promise") or "",
            "by": Cut(cleaned.get("by") or Cut.VERSION),
            "key": cleaned.get("key") or "",
            "kept": cleaned.get("kept") or "",
        }

    @property
    def span(self) -> timedelta:
        return timedelta(days=self.asked["days"])


class HandoffsForm(forms.Form):
    """The open hand-offs of a policy in force, by its place, or all of a week that began on a Monday."""

    place = forms.IntegerField(required=False, min_value=0, max_value=99)
    week = BoundedDateField(required=False)
