"""The shapes in which the API takes results of sales, and in which it answers."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from frame.api.fields import BoundedDateField, InstantField, PastField
from frame.api.serializers import SparseSerializer
from handoff.documents import STEPS
from handoff.enums import CallOutcome, ContactChannel, HandoffState, OutcomeResult, Promise, Result, TodoKind
from handoff.models import LostReason
from intake.actions.intake import find_leads
from leads.actions.identification import Identity
from leads.serializers import NamedSerializer
from web.cldr import currencies_in_use
from web.cleaning import CleaningError, clean_email, to_minor


class NamedLeadSerializer(serializers.Serializer[Any]):
    """A lead that is known, by one of the two."""

    email = serializers.EmailField(max_length=254, required=False, default="", allow_blank=True)
    external_id = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class ResultSerializer(serializers.Serializer[Any]):
    """What became of a lead in another system. The same lead, result and instant again is the same result."""

    lead = NamedLeadSerializer()
    result = serializers.ChoiceField(OutcomeResult.choices)
    decided_at = serializers.DateTimeField(help_text="When it was decided, or became an opportunity.")
    revenue = serializers.DecimalField(
        max_digits=15, decimal_places=3, min_value=0, required=False, allow_null=True, default=None,
        help_text="In units of the currency; of opportunities what is expected, of lost and withdrawn ones nothing.",
    )  # fmt: skip
    currency = serializers.CharField(max_length=3, required=False, default="JPY")
    closes_on = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="When an opportunity is expected to be decided."
    )
    lost_reason = serializers.SlugRelatedField(
        slug_field="code", queryset=LostReason.objects.all(), required=False, allow_null=True, default=None,
        help_text="The code of a reason, of lost deals only.",
    )  # fmt: skip

    def validate_lead(self, lead: dict[str, str]) -> int:
        """The key of the lead."""
        lead["email"] = clean_email(lead["email"]) if lead["email"] else ""
        found = find_leads([identity := Identity(**lead)]) if any(lead.values()) else {}
        if not found:
            raise serializers.ValidationError(_("No lead has this email or external ID. Send the lead first."), "lead")
        return found[identity]

    def validate_decided_at(self, at: Any) -> Any:
        if at > timezone.now():
            raise serializers.ValidationError(_("It lies in the future. Send it once it has happened."), "future")
        return at

    def validate_currency(self, code: str) -> str:
        if code not in currencies_in_use():
            raise serializers.ValidationError(_("Unknown currency. Write it like JPY."), "currency")
        return code

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The amount in minor units; what does not belong to the result is refused."""
        result, wrong = attrs["result"], {}
        belongs = {
            "revenue": (OutcomeResult.OPPORTUNITY, OutcomeResult.WON), "closes_on": (OutcomeResult.OPPORTUNITY,),
            "lost_reason": (OutcomeResult.LOST,),
        }  # fmt: skip
        for name, results in belongs.items():
            if attrs[name] is not None and result not in results:
                wrong[name] = [_("This result doesn’t have it. Leave it out.")]
        if attrs["revenue"] is not None and not wrong:
            try:
                attrs["revenue"] = to_minor(attrs["revenue"], attrs["currency"])
            except CleaningError:
                wrong["revenue"] = [_("It has more decimals than its currency. Round it.")]
        if wrong:
            raise serializers.ValidationError(wrong)
        return attrs


class ResultReceiptSerializer(serializers.Serializer[Any]):
    """What became of the result; sent after it was committed."""

    lead_id = serializers.CharField()
    outcome = serializers.ChoiceField([("created", "created"), ("updated", "updated"), ("unchanged", "unchanged")])


class PersonOfHandoffSerializer(serializers.Serializer[Any]):
    """The lead of a hand-off; dots where the key's person has not claimed it and may not see how to reach it."""

    id = serializers.CharField()
    name = serializers.CharField()
    email = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    external_id = serializers.CharField(allow_blank=True)


class PromiseSerializer(serializers.Serializer[Any]):
    """What sales promised for a hand-off, by when, and whether it was kept."""

    promise = serializers.ChoiceField(Promise.choices)
    due_at = serializers.DateTimeField()
    met_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)


class HandoffDocumentSerializer(SparseSerializer):
    """A hot lead in the hands of sales."""

    id = serializers.CharField()
    lead = PersonOfHandoffSerializer()
    model = serializers.CharField()
    definition = serializers.CharField(allow_blank=True, help_text="The hot definition; empty where a person did it.")
    state = serializers.ChoiceField(HandoffState.choices)
    owner = NamedSerializer(allow_null=True)
    team = NamedSerializer(allow_null=True)
    score = serializers.FloatField(help_text="The total when the lead became hot.")
    current_score = serializers.FloatField(help_text="The total of now, while the hand-off is open.")
    queued_at = serializers.DateTimeField()
    claimed_at = serializers.DateTimeField(allow_null=True)
    contacted_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="The open promise that is due next.")
    snoozed_until = serializers.DateTimeField(allow_null=True)
    paused_until = serializers.DateTimeField(allow_null=True)
    reject_reason = serializers.CharField(allow_null=True, help_text="The code of a reason.")
    result = serializers.ChoiceField(Result.choices, allow_null=True)
    comment = serializers.CharField(allow_null=True, allow_blank=True)
    promises = PromiseSerializer(many=True)
    allowed = serializers.ListField(
        child=serializers.ChoiceField(STEPS), help_text="What the key's person can do with it now."
    )


class ContactSerializer(serializers.Serializer[Any]):
    """A contact with the lead, or a try that reached nobody."""

    outcome = serializers.ChoiceField(CallOutcome.choices)
    channel = serializers.ChoiceField(ContactChannel.choices, required=False, default=ContactChannel.PHONE)
    at = PastField(required=False, default=None, help_text="When it was; now, where it is not given.")
    note = serializers.CharField(max_length=4000, required=False, default="", allow_blank=True)
    call_back_at = InstantField(required=False, default=None, help_text="Of `call_back` only.")
    next_step = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
    next_at = InstantField(required=False, default=None, help_text="When the next step is due; it becomes a to-do.")


class RejectionSerializer(serializers.Serializer[Any]):
    """Why a lead goes back to marketing."""

    reason = serializers.SlugField(max_length=40, help_text="The code of a reason.")
    comment = serializers.CharField(max_length=4000, required=False, default="", allow_blank=True)
    wake_on = BoundedDateField(
        required=False, default=None, allow_null=True, help_text="On this day the lead can become hot again."
    )


class HandoffResultSerializer(serializers.Serializer[Any]):
    """How it ended."""

    result = serializers.ChoiceField(Result.choices)
    revenue = serializers.DecimalField(
        max_digits=15, decimal_places=3, min_value=0, required=False, allow_null=True, default=None,
        help_text="In units of the currency, of opportunities and won deals.",
    )  # fmt: skip
    amount_unknown = serializers.BooleanField(
        required=False, default=False, help_text="A won deal needs its amount, or this."
    )
    currency = serializers.CharField(max_length=3, required=False, default="JPY")
    closes_on = BoundedDateField(required=False, default=None, allow_null=True)
    lost_reason = serializers.SlugField(max_length=40, required=False, default=None, allow_null=True)
    decided_on = BoundedDateField(required=False, default=None, allow_null=True)
    wake_on = BoundedDateField(required=False, default=None, allow_null=True)
    comment = serializers.CharField(max_length=4000, required=False, default="", allow_blank=True)


class HandoffPauseSerializer(serializers.Serializer[Any]):
    """Waiting for the customer: the deadlines after the first contact stand still."""

    until = InstantField()
    note = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class TodoDocumentSerializer(serializers.Serializer[Any]):
    """Something a person is to do about a lead."""

    id = serializers.CharField()
    lead_id = serializers.CharField()
    kind = serializers.ChoiceField(TodoKind.choices)
    text = serializers.CharField(allow_blank=True)
    due_at = serializers.DateTimeField()
    owner = NamedSerializer()
    by = NamedSerializer(allow_null=True)
    made_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    done_by = NamedSerializer(allow_null=True)
    handoff_id = serializers.CharField(allow_null=True)


class NewTodoSerializer(serializers.Serializer[Any]):
    """A to-do about a lead."""

    lead_id = serializers.CharField(max_length=18)
    kind = serializers.ChoiceField(TodoKind.choices, required=False, default=TodoKind.CALL)
    text = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
    due_at = InstantField()
    owner = serializers.CharField(
        max_length=18, required=False, default=None, allow_null=True,
        help_text="A user's id; the key's person, where it is not given.",
    )  # fmt: skip


class TodoChangesSerializer(serializers.Serializer[Any]):
    """What changes of a to-do; what is not sent stays."""

    kind = serializers.ChoiceField(TodoKind.choices, required=False)
    text = serializers.CharField(max_length=500, required=False, allow_blank=True)
    due_at = InstantField(required=False)
    owner = serializers.CharField(max_length=18, required=False)


class OutcomeDocumentSerializer(serializers.Serializer[Any]):
    """What became of a lead in sales."""

    id = serializers.CharField()
    lead_id = serializers.CharField()
    handoff_id = serializers.CharField(allow_null=True)
    result = serializers.ChoiceField(OutcomeResult.choices)
    decided_at = serializers.DateTimeField()
    revenue = serializers.CharField(allow_null=True, help_text="A decimal in units of the currency.")
    currency = serializers.CharField()
    closes_on = serializers.DateField(allow_null=True)
    lost_reason = serializers.CharField(allow_null=True, help_text="The code of a reason.")
    recorded_at = serializers.DateTimeField()
