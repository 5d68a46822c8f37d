"""The filters of a list as parameters of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django_filters import ChoiceFilter, DateFilter, Filter, FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from web.filters import SeveralFilter


def filter_parameters(filterset: type[FilterSet], words: Mapping[str, str]) -> list[OpenApiParameter]:
    """The parameters of a list that is narrowed by `filterset`. `words` says in English what each of them does."""
    known = filterset.base_filters
    assert known.keys() == words.keys(), f"{filterset.__name__}: describe {known.keys() ^ words.keys()}"
    return [parameter(name, each, words[name]) for name, each in known.items()]


def parameter(name: str, each: Filter, words: str) -> OpenApiParameter:
    """One filter: several values of one are alternatives."""
    if isinstance(each, SeveralFilter):
        inner = each.extra["inner"]()
        kind = int if isinstance(inner, forms.IntegerField) else str
        return OpenApiParameter(name, kind, enum=choices_of(inner), many=True, explode=True, description=words)
    if isinstance(each, ChoiceFilter):
        return OpenApiParameter(name, str, enum=[value for value, _label in each.extra["choices"]], description=words)
    if issubclass(each.field_class, forms.IntegerField):
        return OpenApiParameter(name, {"type": "integer", "minimum": 1}, description=words)
    is_day = isinstance(each, DateFilter)
    return OpenApiParameter(name, OpenApiTypes.DATE if is_day else OpenApiTypes.STR, description=words)


def choices_of(field: forms.Field) -> list[Any] | None:
    """The values that a field can have; None where they live in the database, or any will do."""
    if not isinstance(field, forms.ChoiceField):
        return None
    choices: Any = field.choices
    return [value for value, _label in choices if value not in ("", None)] or None
