"""Kinds of values that endpoints share, in queries and in bodies."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from web.cleaning import OUT_OF_BOUNDS, CleaningError, check_bounds, clean_instant


@extend_schema_field(OpenApiTypes.DATETIME)
class InstantField(serializers.Field[datetime, str, str, Any]):
    """An instant with its zone, between 2000-01-01 and 2100-01-01, as ISO 8601."""

    default_error_messages = {
        "time": _("Expected a time with a time zone, such as 2026-06-01T10:00:00+09:00."),
        "out_of_bounds": OUT_OF_BOUNDS,
    }

    def to_internal_value(self, data: str) -> datetime:
        if not isinstance(data, str):
            self.fail("time")
        try:
            # A + that was not escaped arrives as a space.
            return clean_instant(data.replace(" ", "+") if "T" in data else data)
        except CleaningError as error:
            self.fail("out_of_bounds" if error.code == "out_of_bounds" else "time")


class PastField(InstantField):
    """An instant that is over."""

    default_error_messages = {"future": _("It lies in the future. Send it once it has happened.")}

    def to_internal_value(self, data: str) -> datetime:
        at = super().to_internal_value(data)
        if at > timezone.now():
            self.fail("future")
        return at


class BoundedDateField(serializers.DateField):
    """A day between 2000-01-01 and 2100-01-01."""

    default_error_messages = {"out_of_bounds": OUT_OF_BOUNDS}

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        try:
            check_bounds(day)
        except CleaningError:
            self.fail("out_of_bounds")
        return day
