"""Form fields over the cleaners: the same values as files and the API have, with words for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from web.cleaning import OUT_OF_BOUNDS, CleaningError, check_bounds, clean_email, clean_phone
from web.widgets import SELECT


def closed_choices(
    choices: Sequence[tuple[str, str]], stored: str, words: Callable[[str], str]
) -> list[tuple[str, Any]]:
    """A select over known codes: nothing chosen first, and a stored value that is none of them, so that it stays."""
    known = stored in ("", None) or any(code == stored for code, _words in choices)
    return [("", SELECT), *([] if known else [(stored, words(stored))]), *choices]


def validate_bounds(value: date | datetime | None) -> None:
    """Raise ValidationError for what lies before 2000 or after 2100-01-01."""
    if value is not None:
        try:
            check_bounds(value)
        except CleaningError as error:
            raise ValidationError(OUT_OF_BOUNDS, code=error.code) from error


class BoundedDateField(forms.DateField):
    """A day between 2000-01-01 and 2100-01-01."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        validate_bounds(day)
        return day


class BoundedDateTimeField(forms.DateTimeField):
    """An instant between 2000-01-01 and 2100-01-01, typed in the reader's zone to the minute."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        instant = super().to_python(value)
        validate_bounds(instant)
        return instant


class NormalizedEmailField(forms.EmailField):
    """An address as mail servers compare it: plain width, lower case."""

    default_validators = []

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        try:
            return clean_email(text) if text else ""
        except CleaningError as error:
            raise ValidationError(validate_email.message, code="invalid") from error


class PhoneField(forms.CharField):
    """A telephone number as it was written, in plain digits and dashes."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        try:
            return clean_phone(text) if text else ""
        except CleaningError as error:
            raise ValidationError(_("Enter a phone number, such as 03-1234-5678."), code=error.code) from error
