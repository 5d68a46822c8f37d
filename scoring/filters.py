"""What the list of leads can be narrowed to and ordered by, where scores are seen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import F
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter

from accounts.policies import is_allowed
from leads.access import visible_leads
from leads.filters import LeadFilterSet
from leads.models.lead import LeadQuerySet
from scoring import policies
from scoring.enums import OwnedBy, Temperature
from scoring.lead_sets import PARAMETER, LeadSet, LeadSetError, lead_set
from scoring.ownership import ownership
from scoring.queries.lead_list import SORTS, of_temperatures, owned_by_departments, primary_model
from web.filters import OptionFilter, SeveralFilter
from web.paging import IsOneOf, Numbers

NEWEST_FIRST = "-created"
# In the order in which they are offered; the first ones stand as chips over the list, the rest under "More filters".
OFFERED = (
    "band", "stage", "source", "owner", "created_from", "owned_by", "industry", "title_level", "channel", "origin",
    "team",
)  # fmt: skip
FIRST = OFFERED[:5]


class ScoredLeadFilterSet(LeadFilterSet):
    """The parameters of leads, and those that ask for the score."""

    band = SeveralFilter(
        inner=forms.ChoiceField(choices=lambda: [(value, capfirst(label)) for value, label in Temperature.choices]),
        label=_("Temperature"),
        method="filter_band",
    )
    owned_by = SeveralFilter(
        inner=forms.ChoiceField(choices=lambda: OwnedBy.choices), label=_("Who owns the lead"), method="filter_owned_by"
    )
    counted = CharFilter(label=_("Leads counted"), max_length=120, method="leave_whole")
    sort = OptionFilter(choices=[(name, name) for name in SORTS], widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sees_scores = is_allowed(self.user, policies.SEE_SCORES)
        if not self.sees_scores:
            self.filters.pop("band", None)
        self.ownership = ownership() if self.sees_scores else None
        if self.ownership is None:
            self.filters.pop("owned_by", None)
        if not is_allowed(self.user, policies.VIEW_RULES):
            # A rule may look at what is masked for this reader.
            self.filters.pop(PARAMETER, None)
        self.counted_set: LeadSet | None = None

    def filter_band(self, leads: LeadQuerySet, name: str, value: list[str]) -> LeadQuerySet:
        return of_temperatures(leads, value, primary_model())

    def filter_owned_by(self, leads: LeadQuerySet, name: str, value: list[str]) -> LeadQuerySet:
        return owned_by_departments(leads, value, self.ownership, primary_model())

    def unseen(self) -> int:
        """How many of the leads that were counted this person does not see."""
        if self.counted_set is None:
            return 0
        seen = visible_leads(self.user).filter(IsOneOf(F("pk"), Numbers(self.counted_set.ids)))
        return len(self.counted_set.ids) - seen.count()

    def leave_whole(self, leads: LeadQuerySet, name: str, value: str) -> LeadQuerySet:
        """`filter_queryset` narrows to the set: it may have an error to add to the form."""
        return leads

    def filter_queryset(self, queryset: LeadQuerySet) -> LeadQuerySet:
        """Without the set that was asked for the list is empty: all leads would be taken for those counted."""
        leads = super().filter_queryset(queryset)
        name = self.form.cleaned_data.get(PARAMETER)
        if not name:
            return leads
        try:
            self.counted_set = lead_set(name, timezone.now())
        except LeadSetError as error:
            self.form.add_error(PARAMETER, str(error))
            return leads.none()
        self.form.fields[PARAMETER].choices = [(name, self.counted_set.words)]
        return leads.filter(IsOneOf(F("pk"), Numbers(self.counted_set.ids)))

    @property
    def sort_name(self) -> str:
        """The order asked for; by newest where it is not known or not this person's to see."""
        self.form.is_valid()
        name: str = self.form.cleaned_data.get("sort") or NEWEST_FIRST
        return NEWEST_FIRST if name.endswith("score") and not self.sees_scores else name
