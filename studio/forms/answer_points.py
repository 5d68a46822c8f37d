"""Points for each answer to a criterion, as controls of the rule form: one number an option, of every criterion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from engine.catalog import Catalog, CatalogCriterion
from engine.nodes import AnswerPoints
from scoring.forms import values
from scoring.forms.choices import spoken


@dataclass(frozen=True, kw_only=True)
class OptionFields:
    """The numbers of one criterion."""

    criterion: str
    label: str
    fields: list[Any]


def name_of(criterion: str, option: str) -> str:
    """The field of an option."""
    return f"points:{criterion}:{option}"


def add_options(form: forms.Form, catalog: Catalog) -> None:
    """A control for each option of each criterion; empty gives nothing."""
    for code, criterion in catalog.criteria.items():
        for option in criterion.options:
            form.fields[name_of(code, option.code)] = forms.CharField(
                label=spoken(option.label), max_length=40, required=False,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )  # fmt: skip


def option_fields(form: forms.Form, catalog: Catalog) -> Iterator[OptionFields]:
    """What the page shows."""
    for code, criterion in catalog.criteria.items():
        fields = [form[name_of(code, option.code)] for option in criterion.options]
        yield OptionFields(criterion=code, label=spoken(criterion.label), fields=fields)


def initial_options(answered: AnswerPoints, criterion: CatalogCriterion) -> dict[str, str] | None:
    """The numbers of a rule; None when it speaks of an option that no control has."""
    if any(criterion.option(code) is None for code, _points in answered.points):
        return None
    return {name_of(answered.criterion, code): values.shown(points) for code, points in answered.points}


def typed_options(typed: dict[str, Any], code: str, catalog: Catalog) -> dict[str, Any]:
    """The points as the language writes them, as far as they were typed."""
    criterion = catalog.criteria.get(code)
    options = [option.code for option in criterion.options] if criterion else []
    given = {option: str(typed.get(name_of(code, option), "")).strip() for option in options}
    return {option: values.number(text) for option, text in given.items() if text}
