"""The shapes in which the API takes activities and leads, and in which it answers.

What comes in is cleaned by `intake.payloads`, at a cost of microseconds for each activity; these classes hold the
contract that other systems read. A test holds both against each other.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty

from frame.api.serializers import ProblemSerializer
from intake.actions.upsert import LeadValues
from intake.payloads import IDENTITY_LENGTHS, MAX_BATCH, clean_lead
from leads.actions.identification import Identity
from leads.enums import Origin, Stage, TitleLevel


class IdentitySerializer(serializers.Serializer[Identity]):
    """Which lead is meant: at least one of the three."""

    email = serializers.EmailField(max_length=IDENTITY_LENGTHS["email"], required=False)
    external_id = serializers.CharField(
        max_length=IDENTITY_LENGTHS["external_id"], required=False, help_text="The id in your own system."
    )
    anonymous_id = serializers.CharField(
        max_length=IDENTITY_LENGTHS["anonymous_id"],
        required=False,
        help_text="The id of a browser nobody signed in with.",
    )


class ActivitySerializer(serializers.Serializer[Any]):
    """One thing a lead did. Other members are refused, except a score, which is ignored."""

    key = serializers.CharField(max_length=200, help_text="Yours, unique: the same key sent again counts once.")
    lead = IdentitySerializer()
    type = serializers.CharField(max_length=40, help_text="The code of an activity type, such as `page_view`.")
    occurred_at = serializers.DateTimeField(help_text="With its zone; from 2000 on, at most five minutes ahead of now.")
    object = serializers.CharField(max_length=500, required=False, help_text="What it was about: a page, a document.")
    properties = serializers.DictField(required=False, help_text="Anything else; at most 100 members, 8 levels deep.")


class ActivityBatchSerializer(serializers.Serializer[Any]):
    """Up to 1,000 activities in one transaction."""

    activities = serializers.ListField(child=ActivitySerializer(), min_length=1, max_length=MAX_BATCH)


class RejectedActivitySerializer(serializers.Serializer[Any]):
    """An activity of a batch that was not taken in. It is kept back, unless the person's data was erased."""

    index = serializers.IntegerField(min_value=0, help_text="Its place in the batch, from 0.")
    problems = ProblemSerializer(many=True)


class ActivityReceiptSerializer(serializers.Serializer[Any]):
    """What became of the activities; sent after they were committed."""

    accepted = serializers.IntegerField(min_value=0, help_text="Stored now.")
    duplicates = serializers.IntegerField(min_value=0, help_text="Stored before under the same key; the first stays.")
    conflicts = serializers.ListField(
        child=serializers.IntegerField(min_value=0),
        help_text="Which of the duplicates, by index, say something else than what is stored under their key.",
    )
    kept_back = serializers.IntegerField(
        min_value=0, help_text="How many of the rejected are kept as they were sent, to be repaired and taken in later."
    )
    incomplete = RejectedActivitySerializer(
        many=True,
        help_text="Accepted without these properties: their values aren't what the activity type says. They are kept.",
    )
    rejected = RejectedActivitySerializer(many=True)


class CompanySerializer(serializers.Serializer[Any]):
    """The company of a lead, found by its domain or name, added where nobody knew it. null empties a field."""

    name = serializers.CharField(max_length=200, required=False, allow_null=True)
    domain = serializers.CharField(max_length=200, required=False, allow_null=True)
    industry = serializers.CharField(max_length=80, required=False, allow_null=True)
    employees = serializers.IntegerField(min_value=0, required=False, allow_null=True)
    revenue = serializers.IntegerField(min_value=0, required=False, allow_null=True)
    country = serializers.CharField(max_length=60, required=False, allow_null=True)
    region = serializers.CharField(max_length=80, required=False, allow_null=True)
    custom = serializers.DictField(required=False, help_text="Attributes that an administrator added, by their codes.")


class LeadSerializer(IdentitySerializer):
    """A lead by its e-mail or external id, and what is said of it. What is not sent stays; null empties a field."""

    other_emails = serializers.ListField(
        child=serializers.EmailField(),
        required=False,
        help_text="Further addresses, added to those known.",
    )
    name = serializers.CharField(max_length=160, required=False, allow_null=True)
    kana = serializers.CharField(max_length=160, required=False, allow_null=True, help_text="The reading of the name.")
    title = serializers.CharField(max_length=120, required=False, allow_null=True)
    title_level = serializers.ChoiceField([level.code for level in TitleLevel], required=False, allow_null=True)
    department = serializers.CharField(max_length=120, required=False, allow_null=True)
    phone = serializers.CharField(required=False, allow_null=True)
    language = serializers.CharField(max_length=10, required=False, allow_null=True)
    country = serializers.CharField(max_length=60, required=False, allow_null=True)
    region = serializers.CharField(max_length=80, required=False, allow_null=True)
    # The metaclass takes fields out of the class, so that this one does not hide Field.source.
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=80, required=False, allow_null=True, help_text="The code of a source."
    )
    campaign = serializers.CharField(max_length=120, required=False, allow_null=True)
    origin = serializers.ChoiceField(Origin.choices, required=False, allow_null=True)
    stage = serializers.ChoiceField(Stage.choices, required=False, allow_null=True)
    created_at = serializers.DateTimeField(required=False)
    planned_on = serializers.DateField(required=False, allow_null=True)
    consent = serializers.BooleanField(required=False, allow_null=True)
    company = CompanySerializer(required=False)
    custom = serializers.DictField(required=False, help_text="Attributes that an administrator added, by their codes.")

    def run_validation(self, data: Any = empty) -> tuple[Identity, LeadValues]:
        """Who it is and what is said, by the cleaners that files have too. Raises ApiError with all problems."""
        return clean_lead(data, now=self.context["now"])


class LeadReceiptSerializer(serializers.Serializer[Any]):
    """The lead that was added or brought up to date."""

    id = serializers.CharField()
    created = serializers.BooleanField()
    changed = serializers.ListField(child=serializers.CharField(), help_text="The names of the fields that changed.")
    kept = serializers.ListField(
        child=serializers.CharField(), required=False,
        help_text="Fields that stay as they are, since they forbid to contact the lead; only where there are any.",
    )  # fmt: skip


class LeadChangesSerializer(LeadSerializer):
    """What is said of a lead that is named by its id. What is not sent stays; null empties a field."""

    anonymous_id = None  # type: ignore[assignment]


class NewCompanySerializer(CompanySerializer):
    """A company by its domain or name, and what is said of it. What is not sent stays; null empties a field."""

    name = serializers.CharField(max_length=200)


class CompanyReceiptSerializer(serializers.Serializer[Any]):
    """The company that was added or brought up to date."""

    id = serializers.CharField()
    created = serializers.BooleanField()
    changed = serializers.ListField(child=serializers.CharField(), help_text="The names of the fields that changed.")
