from __future__ import annotations

from typing import Any

from django import forms

from handoff.enums import SkipReason, TeamFigure
from handoff.queries.team import FIRST_PERIOD, PERIODS


class SkipsForm(forms.Form):
    """What the list of skipped leads is narrowed to; what makes no sense in the address is left out."""

    person = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    reason = forms.ChoiceField(required=False, choices=SkipReason.choices)


class TeamForm(forms.Form):
    """Whose figures, of how many days, and which of them; what makes no sense in the address is left out."""

    days = forms.TypedChoiceField(required=False, coerce=int, choices=[(days, days) for days in PERIODS])
    team = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    person = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    figure = forms.ChoiceField(required=False, choices=TeamFigure.choices)

    def asked(self) -> dict[str, Any]:
        """What was asked for, with what is meant where nothing was."""
        self.is_valid()
        cleaned = self.cleaned_data
        return {
            "days": cleaned.get("days") or FIRST_PERIOD,
            "team": cleaned.get("team"),
            "person": cleaned.get("person"),
            "figure": cleaned.get("figure") or TeamFigure.OPEN.value,
        }
