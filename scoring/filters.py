"""What the list of leads can be narrowed to and ordered by, where scores are seen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.policies import is_allowed
from leads.filters import LeadFilterSet
from leads.models.lead import LeadQuerySet
from scoring import policies
from scoring.enums import Temperature
from scoring.queries.lead_list import SORTS, of_temperatures, primary_model
from web.filters import OptionFilter, SeveralFilter

NEWEST_FIRST = "-created"
# In the order in which they are offered; the first ones stand as chips over the list, the rest under "More filters".
OFFERED = ("band", "stage", "source", "owner", "created_from", "industry", "title_level", "channel", "origin", "team")
FIRST = OFFERED[:5]


class ScoredLeadFilterSet(LeadFilterSet):
    """The parameters of leads, and those that ask for the score."""

    band = SeveralFilter(
        inner=forms.ChoiceField(choices=lambda: [(value, capfirst(label)) for value, label in Temperature.choices]),
        label=_("Temperature"),
        method="filter_band",
    )
    sort = OptionFilter(choices=[(name, name) for name in SORTS], widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sees_scores = is_allowed(self.user, policies.SEE_SCORES)
        if not self.sees_scores:
            del self.filters["band"]

    def filter_band(self, leads: LeadQuerySet, name: str, value: list[str]) -> LeadQuerySet:
        return of_temperatures(leads, value, primary_model())

    @property
    def sort_name(self) -> str:
        """The order asked for; by newest where it is not known or not this person's to see."""
        self.form.is_valid()
        name: str = self.form.cleaned_data.get("sort") or NEWEST_FIRST
        return NEWEST_FIRST if name.endswith("score") and not self.sees_scores else name
