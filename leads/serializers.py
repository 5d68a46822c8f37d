"""The shapes in which the API is asked to erase somebody, and in which it answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from frame.api.serializers import SparseSerializer
from leads.enums import ErasureReason, Origin, Stage, TitleLevel


class ErasureSerializer(serializers.Serializer[Any]):
    """Why the data goes. Nothing of it may name the person: it is kept."""

    reason = serializers.ChoiceField(ErasureReason.choices)
    reference = serializers.RegexField(
        r"^[A-Za-z0-9./_# -]*$", max_length=40, required=False, default="", allow_blank=True,
        help_text="Such as the number of the request.",
    )  # fmt: skip


class ErasureReceiptSerializer(serializers.Serializer[Any]):
    """The erasure of a lead, which is done."""

    id = serializers.CharField(help_text="Of the lead, or of the one it had been merged into.")
    erased_at = serializers.DateTimeField()
    emptied = serializers.DictField(child=serializers.IntegerField(), help_text="How many rows of each kind.")


class NamedSerializer(serializers.Serializer[Any]):
    """Somebody or something by id and name."""

    id = serializers.CharField()
    name = serializers.CharField()


class LeadDocumentSerializer(SparseSerializer):
    """A lead. What the key's person may not see of it stands as dots or null."""

    id = serializers.CharField()
    email = serializers.CharField(allow_blank=True)
    other_emails = serializers.ListField(child=serializers.CharField())
    external_id = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    kana = serializers.CharField(allow_blank=True, help_text="The reading of the name.")
    title = serializers.CharField(allow_blank=True)
    title_level = serializers.ChoiceField([level.code for level in TitleLevel], allow_null=True)
    department = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True)
    country = serializers.CharField(allow_blank=True)
    region = serializers.CharField(allow_blank=True)
    # The metaclass takes fields out of the class, so that this one does not hide Field.source.
    source = serializers.CharField(allow_null=True, help_text="The code of a source.")  # type: ignore[assignment]
    campaign = serializers.CharField(allow_blank=True)
    origin = serializers.ChoiceField(Origin.choices)
    stage = serializers.ChoiceField(Stage.choices)
    planned_on = serializers.DateField(allow_null=True)
    consent = serializers.BooleanField(allow_null=True)
    is_competitor = serializers.BooleanField()
    custom = serializers.DictField(help_text="Attributes that an administrator added, by their codes.")
    company = NamedSerializer(allow_null=True)
    owner = NamedSerializer(allow_null=True)
    team = NamedSerializer(allow_null=True)
    is_anonymous = serializers.BooleanField(help_text="A browser that nobody is known behind yet.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(allow_null=True)
    erased_at = serializers.DateTimeField(allow_null=True)


class CompanyDocumentSerializer(SparseSerializer):
    """A company."""

    id = serializers.CharField()
    name = serializers.CharField()
    domain = serializers.CharField(allow_blank=True)
    industry = serializers.CharField(allow_blank=True)
    employees = serializers.IntegerField(allow_null=True)
    revenue = serializers.IntegerField(allow_null=True, help_text="A year's, in whole units of the currency.")
    currency = serializers.CharField()
    country = serializers.CharField(allow_blank=True)
    region = serializers.CharField(allow_blank=True)
    custom = serializers.DictField(help_text="Attributes that an administrator added, by their codes.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(allow_null=True)


class ActivityDocumentSerializer(SparseSerializer):
    """Something a lead did."""

    id = serializers.CharField()
    lead_id = serializers.CharField()
    type = serializers.CharField(help_text="The code of an activity type.")
    object = serializers.CharField(allow_blank=True)
    occurred_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    properties = serializers.DictField(allow_null=True, help_text="null where contact data may not be seen.")
    # The metaclass takes fields out of the class, so that this one does not hide Field.source.
    source = serializers.CharField(help_text="Who told us: `api:KEY`, `import:ID`, `person:ID` ...")  # type: ignore[assignment]
    is_excluded = serializers.BooleanField(help_text="Not counted in scores, such as a click of a mail scanner.")


class StageChangeSerializer(serializers.Serializer[Any]):
    """A decision about the stage of a lead."""

    id = serializers.CharField()
    lead_id = serializers.CharField()
    before = serializers.ChoiceField(Stage.choices, allow_null=True, help_text="null for a new lead.")
    after = serializers.ChoiceField(Stage.choices)
    at = serializers.DateTimeField()
    by = NamedSerializer(allow_null=True, help_text="null where rules decided.")
    reason = serializers.CharField(help_text="A code, such as `accepted` or `met_stage_rule`.")
    version = serializers.CharField(allow_blank=True, help_text="The version of the rules that decided.")
