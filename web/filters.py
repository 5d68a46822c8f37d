"""Kinds of query parameters that lists share. Each list has one FilterSet, for its page and for the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django_filters import ChoiceFilter, DateFilter, Filter

from web.fields import BoundedDateField

MOST_VALUES = 50


class SeveralField(forms.Field):
    """Several alternatives of one field, each cleaned by `inner`; the choices to offer are set by whoever shows it."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, inner: Callable[[], forms.Field], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.inner = inner()
        self.offer(getattr(self.inner, "choices", []))

    def offer(self, choices: Any) -> None:
        self.choices = self.widget.choices = choices

    def clean(self, value: Any) -> list[Any]:
        given = value if isinstance(value, list | tuple) else [value]
        cleaned = [self.inner.clean(item) for item in given[:MOST_VALUES] if item not in (None, "")]
        return list(dict.fromkeys(cleaned))


class SeveralFilter(Filter):  # type: ignore[misc]  # django-filter has no types
    """Rows that have one of the values: the parameter may be given several times. `inner` cleans each value."""

    field_class = SeveralField

    def __init__(self, field_name: str | None = None, *, inner: forms.Field, **kwargs: Any) -> None:
        # Every FilterSet copies its filters, but not the functions in them: `inner` keeps no state and is shared.
        super().__init__(field_name, "in", inner=lambda: inner, **kwargs)


class BoundedDateFilter(DateFilter):  # type: ignore[misc]  # django-filter has no types
    field_class = BoundedDateField


class OptionFilter(ChoiceFilter):  # type: ignore[misc]  # django-filter has no types
    """A parameter of a list that narrows nothing, such as its order."""

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows


def midnight(day: date, days_later: int = 0) -> datetime:
    """When a day, or a later one, begins in the reader's zone; after the last day of the calendar its last instant."""
    try:
        return timezone.make_aware(datetime.combine(day + timedelta(days=days_later), time.min))
    except OverflowError:
        return datetime.max.replace(tzinfo=timezone.get_current_timezone())
