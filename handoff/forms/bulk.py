from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.models import User
from accounts.policies import is_allowed
from handoff import policies
from handoff.forms.over_limit import AsksOverLimit
from web.fields import BoundedDateTimeField


class BulkForm(AsksOverLimit):
    """One act for many hand-offs, with what it needs."""

    act = forms.ChoiceField(label=gettext_lazy("Action"), widget=forms.RadioSelect)
    until = BoundedDateTimeField(label=gettext_lazy("Snooze until"), required=False)
    to = forms.ModelChoiceField(label=gettext_lazy("Owner"), required=False, queryset=User.objects.none())

    def __init__(self, *args: Any, by: User, now: datetime, number: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now, self.number = now, number
        acts = [("claim", _("Claim")), ("snooze", _("Snooze")), ("release", _("Return to team"))]
        if is_allowed(by, policies.ASSIGN):
            acts.append(("assign", _("Assign")))
            workers = User.objects.filter(is_active=True, role__in=[Role.REP, Role.MANAGER, Role.OUTSOURCED])
            team = by.team_id if by.role == Role.MANAGER else None
            self.fields["to"].queryset = workers.filter(team=team) if team else workers  # type: ignore[attr-defined]
        else:
            del self.fields["to"]
        self.fields["act"].choices = acts  # type: ignore[attr-defined]
        for name, act in {"until": "snooze", "to": "assign"}.items():
            if name in self.fields:
                self.fields[name].widget.attrs["data-only-for"] = act

    def clean(self) -> dict[str, Any]:
        """What the chosen act needs has to be there."""
        cleaned = super().clean() or {}
        act, until = cleaned.get("act"), cleaned.get("until")
        if act == "snooze" and "until" not in self.errors and (until is None or until <= self.now):
            self.add_error("until", _("Choose a time in the future."))
        if act == "assign" and not cleaned.get("to"):
            self.add_error("to", _("Choose who gets the leads."))
        if act == "assign":
            self.check_limit(cleaned.get("to"), self.number)
        return cleaned

    def values(self) -> dict[str, Any]:
        """The further arguments of the act."""
        needed = {"snooze": "until", "assign": "to"}.get(self.cleaned_data["act"])
        return {needed: self.cleaned_data[needed]} if needed else {}
