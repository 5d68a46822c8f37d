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
from handoff.enums import Result
from handoff.forms.over_limit import AsksOverLimit
from handoff.forms.results import LostReasonField
from handoff.forms.steps import ReasonField, note_field, only_for
from handoff.models import RejectReason
from web.fields import BoundedDateField, BoundedDateTimeField

UNTIL = ("snooze", "pause")
BACK = (Result.RECYCLED, Result.WITHDRAWN)
RESULTS = (Result.OPPORTUNITY, Result.LOST, *BACK)
"""Won deals are recorded one by one: each has its amount."""


class BulkForm(AsksOverLimit):
    """One act for many hand-offs, with what it needs."""

    act = forms.ChoiceField(label=gettext_lazy("Action"), widget=forms.RadioSelect)
    until = BoundedDateTimeField(label=gettext_lazy("Until"), required=False)
    to = forms.ModelChoiceField(label=gettext_lazy("Owner"), required=False, queryset=User.objects.none())
    reason = ReasonField(
        label=gettext_lazy("Reason"), queryset=RejectReason.objects.filter(is_active=True), empty_label=None,
        required=False, widget=forms.RadioSelect,
    )  # fmt: skip
    lost_reason = LostReasonField()
    wake_on = BoundedDateField(
        label=gettext_lazy("Follow-up date"), required=False,
        help_text=gettext_lazy("On this day the lead can become hot again. Leave empty to wait for new activity."),
    )  # fmt: skip
    comment = note_field(gettext_lazy("Comment"))

    shown_for = {
        "until": UNTIL, "to": ("assign",), "reason": ("reject",), "lost_reason": (Result.LOST,), "wake_on": BACK,
        "comment": (*RESULTS, "reject"),
    }  # fmt: skip

    def __init__(self, *args: Any, by: User, now: datetime, number: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now, self.number = now, number
        self.fields["act"].choices = acts_for(by)  # type: ignore[attr-defined]
        if is_allowed(by, policies.ASSIGN):
            workers = User.objects.filter(is_active=True, role__in=[Role.REP, Role.MANAGER, Role.OUTSOURCED])
            team = by.team_id if by.role == Role.MANAGER else None
            self.fields["to"].queryset = workers.filter(team=team) if team else workers  # type: ignore[attr-defined]
        offered = {act for act, _words in acts_for(by)}
        for name, acts in self.shown_for.items():
            if offered.isdisjoint(acts):
                del self.fields[name]
            else:
                self.fields[name].widget.attrs.update(only_for(*acts))

    def clean(self) -> dict[str, Any]:
        """What the chosen act needs has to be there."""
        cleaned = super().clean() or {}
        act, until = cleaned.get("act"), cleaned.get("until")
        if act in UNTIL and "until" not in self.errors and (until is None or until <= self.now):
            self.add_error("until", _("Choose a time in the future."))
        if act == "assign" and not cleaned.get("to"):
            self.add_error("to", _("Choose who gets the leads."))
        if act == "assign":
            self.check_limit(cleaned.get("to"), self.number)
        if act == "reject" and not cleaned.get("reason"):
            self.add_error("reason", _("Choose why sales returns the leads."))
        if act == Result.LOST and not cleaned.get("lost_reason"):
            self.add_error("lost_reason", _("Choose why the deal was lost. Marketing uses it to improve the rules."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """The further arguments of the act."""
        act = self.cleaned_data["act"]
        values = {name: self.cleaned_data[name] for name, acts in self.shown_for.items() if act in acts}
        return values | ({"result": act} if act in RESULTS else {})


def acts_for(by: User) -> list[tuple[str, str]]:
    """What this person can do with many hand-offs at once."""
    acts = [
        ("claim", _("Claim")), ("snooze", _("Snooze")), ("pause", _("Wait for customer")),
        ("release", _("Return to team")),
    ]  # fmt: skip
    if is_allowed(by, policies.ASSIGN):
        acts.append(("assign", _("Assign")))
    if is_allowed(by, policies.WORK):
        acts += [("accept", _("Accept")), (Result.OPPORTUNITY.value, str(Result.OPPORTUNITY.label))]
    if is_allowed(by, policies.RESULT):
        acts += [(result.value, str(result.label)) for result in (Result.LOST, *BACK)]
    if is_allowed(by, policies.WORK):
        acts.append(("reject", _("Reject")))
    return acts
