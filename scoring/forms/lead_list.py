from __future__ import annotations

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.policies import is_allowed
from leads.forms.lead_filter import LeadFilterForm
from leads.forms.several import SeveralField
from scoring import policies
from scoring.enums import Band
from scoring.queries.lead_list import NEWEST, SORTS

# In the order in which they are offered; the first ones stand as chips over the list, the rest under "More filters".
OFFERED = ("band", "stage", "source", "owner", "created_from", "industry", "title_level", "channel", "origin", "team")
FIRST = OFFERED[:5]


def _bands() -> list[tuple[str, str]]:
    return [(value, capfirst(label)) for value, label in Band.choices]


class LeadListForm(LeadFilterForm):
    """The filters of leads, plus those that ask for the score."""

    band = SeveralField(forms.ChoiceField(choices=_bands), label=_("Temperature"))
    sort = forms.ChoiceField(choices=[(name, name) for name in SORTS], required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.sees_scores = is_allowed(self.user, policies.SEE_SCORES)
        if not self.sees_scores:
            del self.fields["band"]

    @property
    def bands(self) -> list[str]:
        return self.cleaned_data.get("band") or []

    @property
    def sort_name(self) -> str:
        """The order asked for; by newest where it is not known or not this person's to see."""
        name = self.cleaned_data.get("sort") or NEWEST.name
        return NEWEST.name if name.endswith("score") and not self.sees_scores else name
