"""The shapes in which the API takes results of sales, and in which it answers."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from handoff.enums import OutcomeResult
from handoff.models import LostReason
from intake.actions.intake import find_leads
from leads.actions.identification import Identity
from web.cldr import currencies_in_use
from web.cleaning import CleaningError, clean_email, to_minor


class NamedLeadSerializer(serializers.Serializer[Any]):
    """A lead that is known, by one of the two."""

    email = serializers.EmailField(max_length=254, required=False, default="")
    external_id = serializers.CharField(max_length=120, required=False, default="")


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
