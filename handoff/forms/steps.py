"""The dialogs of a hand-off. They clean what was typed; the actions decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.models import User
from handoff.enums import ContactChannel, Result
from handoff.models import Handoff, RejectReason
from web.cldr import currency_choices
from web.cleaning import CURRENCIES, CleaningError, to_minor
from web.fields import BoundedDateField, BoundedDateTimeField

LONGEST_COMMENT = 4000


def note_field(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 3}), **options
    )


class ContactForm(forms.Form):
    at = BoundedDateTimeField(
        label=gettext_lazy("When"),
        help_text=gettext_lazy("The actual time, even if you log it later. The result deadline starts from it."),
    )
    channel = forms.ChoiceField(label=gettext_lazy("Contact channel"), choices=ContactChannel.choices)
    reached = forms.BooleanField(
        label=gettext_lazy("I spoke with the lead, or they replied"),
        required=False,
        initial=True,
        help_text=gettext_lazy("If unchecked, this is logged as an attempt and first contact is still due."),
    )
    note = note_field(gettext_lazy("Note"))

    def __init__(self, *args: Any, handoff: Handoff, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial = {"at": now, "reached": True, "channel": ContactChannel.PHONE}
        self.handoff, self.now = handoff, now

    def clean_at(self) -> datetime:
        """People type minutes: the minute in which the lead became hot does not lie before it."""
        at: datetime = self.cleaned_data["at"]
        trigger = self.handoff.episode.started_at
        if trigger - timedelta(minutes=1) < at < trigger:
            return trigger
        return at


class RejectForm(forms.Form):
    reason = forms.ModelChoiceField(
        label=gettext_lazy("Reason"), queryset=RejectReason.objects.filter(is_active=True), empty_label=None,
        widget=forms.RadioSelect,
    )  # fmt: skip
    comment = note_field(
        gettext_lazy("Comment"), help_text=gettext_lazy("What should marketing know? It helps improve the rules.")
    )


class GiveForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason for hand-off"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The rep who works on the lead reads this first."),
    )  # fmt: skip


class ResultForm(forms.Form):
    result = forms.ChoiceField(label=gettext_lazy("Result"), choices=Result.choices, widget=forms.RadioSelect)
    revenue = forms.DecimalField(
        label=gettext_lazy("Deal amount"), required=False, min_value=0, max_digits=15, decimal_places=2,
        help_text=gettext_lazy("Only for won deals."),
    )  # fmt: skip
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=lambda: currency_choices(CURRENCIES))
    wake_on = BoundedDateField(
        label=gettext_lazy("Follow-up date"), required=False,
        help_text=gettext_lazy("Only when returning to nurture."),
    )  # fmt: skip
    comment = note_field(gettext_lazy("Comment"))

    def __init__(self, *args: Any, handoff: Handoff, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial = {"currency": "JPY", "result": Result.OPPORTUNITY}
        if handoff.result == Result.OPPORTUNITY:
            self.fields["result"].choices = [  # type: ignore[attr-defined]
                choice for choice in Result.choices if choice[0] != Result.OPPORTUNITY
            ]
            self.initial["result"] = Result.WON

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("revenue") is not None and cleaned.get("currency"):
            try:
                cleaned["revenue"] = to_minor(cleaned["revenue"], cleaned["currency"])
            except CleaningError:
                self.add_error(
                    "revenue",
                    _("%(currency)s doesn’t use decimals. Enter a whole amount.") % {"currency": cleaned["currency"]},
                )
        return cleaned


class SnoozeForm(forms.Form):
    until = BoundedDateTimeField(
        label=gettext_lazy("Until"), help_text=gettext_lazy("Snoozing only hides the lead. Deadlines don’t change.")
    )

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        tomorrow = (timezone.localtime(now) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
        super().__init__(*args, **options)
        self.initial = {"until": tomorrow}


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(label=gettext_lazy("Owner"), queryset=User.objects.none())

    def __init__(self, *args: Any, by: User, handoff: Handoff, **options: Any) -> None:
        super().__init__(*args, **options)
        workers = User.objects.filter(is_active=True, role__in=[Role.REP, Role.MANAGER, Role.OUTSOURCED])
        team = by.team_id if by.role == Role.MANAGER else None
        people = workers.filter(team_id=team) if team else workers
        self.fields["to"].queryset = people.exclude(pk=handoff.owner_id or 0)  # type: ignore[attr-defined]
