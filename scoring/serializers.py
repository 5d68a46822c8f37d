"""The shapes of the API of scores."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scoring.queries.explain import NOW
from web.cleaning import OUT_OF_BOUNDS, CleaningError, clean_instant


@extend_schema_field(OpenApiTypes.DATETIME)
class InstantField(serializers.Field[datetime, str, str, Any]):
    """An instant with its zone, between 2000-01-01 and 2100-01-01, as ISO 8601."""

    default_error_messages = {
        "time": _("Expected a time with a time zone, such as 2026-06-01T10:00:00+09:00."),
        "out_of_bounds": OUT_OF_BOUNDS,
    }

    def to_internal_value(self, data: str) -> datetime:
        try:
            # A + that was not escaped arrives as a space.
            return clean_instant(data.replace(" ", "+") if "T" in data else data)
        except CleaningError as error:
            self.fail("out_of_bounds" if error.code == "out_of_bounds" else "time")


@extend_schema_field(OpenApiTypes.INT)
class VersionNumberField(serializers.Field[int, str, str, Any]):
    """The number of a version of a model."""

    default_error_messages = {"number": _("Expected the number of a version, such as 3.")}

    def to_internal_value(self, data: str) -> int:
        if not data.isdecimal() or len(data) > 9:
            self.fail("number")
        return int(data)


@extend_schema_field({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "enum": [NOW]}]})
class KnownAtField(InstantField):
    """An instant, or `now` for what is known today."""

    def to_internal_value(self, data: str) -> Any:
        return NOW if data == NOW else super().to_internal_value(data)


class ScoreQuerySerializer(serializers.Serializer[Any]):
    """Which score is asked for. Empty parameters count as not sent."""

    at = InstantField(required=False, help_text="The instant of the score; now, where it is not given.")
    known_at = KnownAtField(
        required=False,
        help_text="Leaves out what was learned later than this; the same as `at`, where it is not given."
        " `now` counts all that is known today.",
    )
    model = serializers.CharField(required=False, help_text="A model by its name instead of the primary one.")
    version = VersionNumberField(required=False, help_text="Another version than the one in force at that instant.")
