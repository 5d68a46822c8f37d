"""The shapes in which the API is asked to erase somebody, and in which it answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from leads.enums import ErasureReason


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
