"""The dialogs of how it ended: a result, and what an opportunity is worth by now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoff.actions.results import WAITING, WITH_AN_AMOUNT
from handoff.effects import RESULT_EFFECTS
from handoff.enums import OutcomeResult, Result
from handoff.errors import AMOUNT_MISSING
from handoff.forms.steps import EARLIER, explained, note_field, only_for
from handoff.forms.waits import NOTHING, WAITS, WaitsForm
from handoff.models import Handoff, LostReason, Outcome
from web.cldr import currency_choices, decimals_of
from web.cleaning import CleaningError, from_minor, to_minor
from web.fields import BoundedDateField

FOLLOW_UP_DAYS = 30
WITHOUT_A_DEAL = (Result.RECYCLED, Result.LOST, Result.WITHDRAWN)
DECIDED = (Result.WON, Result.LOST, Result.WITHDRAWN)


def _too_exact(currency: str) -> str:
    if decimals_of(currency) == 0:
        return _("%(currency)s doesn’t use decimals. Enter a whole amount.") % {"currency": currency}
    words = {"currency": currency, "decimals": decimals_of(currency)}
    return _("%(currency)s has at most %(decimals)s decimals. Shorten the amount.") % words


def amount_of(outcome: Outcome | None) -> dict[str, Any]:
    """What is known of a deal, as its fields begin with it."""
    if outcome is None:
        return {"currency": "JPY"}
    amount = None if outcome.revenue is None else from_minor(outcome.revenue, outcome.currency)
    return {"revenue": amount, "currency": outcome.currency, "closes_on": outcome.closes_on}


def amount_field() -> forms.DecimalField:
    return forms.DecimalField(
        label=gettext_lazy("Deal amount"), required=False, min_value=0, max_digits=15, decimal_places=3,
        help_text=gettext_lazy("What the deal is worth."),
    )  # fmt: skip


def currency_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=gettext_lazy("Currency"), required=False, choices=currency_choices)


def closing_field() -> BoundedDateField:
    return BoundedDateField(
        label=gettext_lazy("Expected close date"), required=False,
        help_text=gettext_lazy("Leave empty while it isn’t known. You can change both later."),
    )  # fmt: skip


class AmountForm(forms.Form):
    """Cleans `revenue` to minor units of `currency`."""

    def clean_amount(self, cleaned: dict[str, Any]) -> None:
        currency = cleaned["currency"] = cleaned.get("currency") or "JPY"
        if (amount := cleaned.get("revenue")) is not None:
            try:
                cleaned["revenue"] = to_minor(amount, currency)
            except CleaningError:
                self.add_error("revenue", _too_exact(currency))


class DealForm(AmountForm):
    """What an opportunity is worth, and when it is expected to be decided."""

    revenue = amount_field()
    currency = currency_field()
    closes_on = closing_field()

    def __init__(self, *args: Any, outcome: Outcome | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial = amount_of(outcome)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.clean_amount(cleaned)
        return cleaned


class LostReasonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the type checker only
    """Why a deal was lost."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Why the deal was lost"), queryset=LostReason.objects.filter(is_active=True),
            required=False, empty_label=None, widget=forms.RadioSelect(attrs=only_for(Result.LOST)),
        )  # fmt: skip


class ResultForm(WaitsForm, AmountForm):
    result = forms.ChoiceField(label=gettext_lazy("Result"), choices=Result.choices, widget=forms.RadioSelect)
    revenue = amount_field()
    amount_unknown = forms.BooleanField(label=gettext_lazy("Amount not known yet"), required=False)
    currency = currency_field()
    closes_on = closing_field()
    lost_reason = LostReasonField()
    decided_on = BoundedDateField(label=gettext_lazy("Decision date"), required=False)
    wake_on = BoundedDateField(
        label=gettext_lazy("Follow-up date"), required=False,
        help_text=gettext_lazy("On this day the lead can become hot again. Leave empty to wait for new activity."),
    )  # fmt: skip
    comment = note_field(gettext_lazy("Comment"))

    field_order = (
        "result", "revenue", "amount_unknown", "currency", "closes_on", "lost_reason", "decided_on", "comment",
        "wake_on", *WAITS,
    )  # fmt: skip

    shown_for = {
        "revenue": WITH_AN_AMOUNT, "amount_unknown": (Result.WON,), "currency": WITH_AN_AMOUNT,
        "closes_on": (Result.OPPORTUNITY,), "decided_on": DECIDED,
        **dict.fromkeys(("wake_on", *WAITS), WAITING),
    }  # fmt: skip

    def __init__(
        self, *args: Any, handoff: Handoff, now: datetime, may_sell: bool = True, asked: str = "", **options: Any
    ) -> None:  # fmt: skip
        """Who may not sell says what came of a call, not that there is a deal. `asked` is the result it begins with."""
        super().__init__(*args, **options)
        today = timezone.localtime(now).date()
        known = handoff.outcomes.filter(result=OutcomeResult.OPPORTUNITY).first()
        self.initial = amount_of(known) | {
            "result": Result.OPPORTUNITY, "wake_on": today + timedelta(days=FOLLOW_UP_DAYS), "decided_on": today,
        }  # fmt: skip
        offered = [Result(value) for value in Result.values if may_sell or value in WITHOUT_A_DEAL]
        if not may_sell:
            self.initial["result"] = Result.RECYCLED
            for name in ("revenue", "amount_unknown", "currency", "closes_on"):
                del self.fields[name]
        if handoff.result == Result.OPPORTUNITY and may_sell:
            offered.remove(Result.OPPORTUNITY)
            self.initial["result"] = Result.WON
        if asked in offered:
            self.initial["result"] = Result(asked)
        for name, results in self.shown_for.items():
            if name in self.fields:
                self.fields[name].widget.attrs.update(only_for(*results))
        self.fields["wake_total"].help_text = EARLIER
        self.fields["result"].choices = [  # type: ignore[attr-defined]
            (result.value, explained(result.label, RESULT_EFFECTS[result])) for result in offered
        ]

    def clean(self) -> dict[str, Any]:
        """What was typed for another result than the chosen one is left out, as its field is; a loss needs a reason."""
        cleaned = super().clean() or {}
        result = cleaned.get("result")
        for name, results in self.shown_for.items():
            if name not in WAITS and result not in results:
                cleaned[name] = False if name == "amount_unknown" else None
        self.clean_amount(cleaned)
        if cleaned.get("revenue") is not None:
            cleaned["amount_unknown"] = False
        elif result == Result.WON and not cleaned.get("amount_unknown") and "revenue" not in self.errors:
            self.add_error("revenue", str(AMOUNT_MISSING))
        if result != Result.LOST:
            cleaned["lost_reason"] = None
        elif cleaned.get("lost_reason") is None and "lost_reason" not in self.errors:
            self.add_error("lost_reason", _("Choose why the deal was lost. Marketing uses it to improve the rules."))
        return cleaned if result in WAITING else cleaned | NOTHING
