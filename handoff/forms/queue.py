from __future__ import annotations

from django import forms

from handoff.enums import OPEN_STATES, HandoffState, QueueTab
from handoff.queries.queue import QueueFilter

DUES = ("overdue", "today", "week")
STATES = (*(state.value for state in OPEN_STATES), HandoffState.REJECTED.value, HandoffState.CLOSED.value, "cooled")


class QueueFilterForm(forms.Form):
    """The address of the queue, cleaned. What makes no sense in it is left out, never an error."""

    tab = forms.ChoiceField(choices=QueueTab.choices, required=False)
    q = forms.CharField(max_length=200, required=False)
    source = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    language = forms.CharField(max_length=10, required=False)
    due = forms.ChoiceField(choices=[(each, each) for each in DUES], required=False)
    state = forms.ChoiceField(choices=[(each, each) for each in STATES], required=False)

    def wanted(self) -> QueueFilter:
        self.is_valid()
        known = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        return QueueFilter(**known)
