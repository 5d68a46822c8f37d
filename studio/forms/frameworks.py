"""A framework with its questions and answers in one form; codes are what rules speak of, and stay once given."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from engine.nodes import hundredths
from scoring.forms import values
from scoring.models import Criterion, Framework, Option
from studio.actions.frameworks import FrameworkEdits, ItemAddition, ItemChange
from studio.queries.frameworks import FrameworkItem, rows_of

MOST_POINTS, MOST_WEIGHT, MOST_DAYS = 1_000, 10, 3_660
KINDS = {Framework: "framework", Criterion: "criterion", Option: "option"}
CODE = RegexValidator(r"^[a-z][a-z0-9_]*$", _("Lowercase letters, digits and underscores, such as “budget”."))


class HundredthsField(forms.CharField):
    """Points as people write them; hundredths inside."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, required=False, **kwargs)

    def clean(self, value: Any) -> int:
        number = values.number(super().clean(value) or "0")
        if isinstance(number, str) or not abs(number) <= MOST_POINTS:
            raise forms.ValidationError(_("Enter a number between −1,000 and 1,000."))
        return hundredths(Decimal(str(number)))


class CodeField(forms.CharField):
    """What rules speak of."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Code"), max_length=40, validators=[CODE], **kwargs)


class LabelField(forms.CharField):
    """A name as people read it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=80, **kwargs)


class NewFrameworkForm(forms.Form):
    code = CodeField(help_text=_("Rules use it as code.question. It can’t be changed later."))
    label_en = LabelField(label=_("Name in English"))
    label_ja = LabelField(label=_("Name in Japanese"))

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Framework.objects.filter(code=code).exists():
            raise forms.ValidationError(_("A framework with this code already exists. Enter another code."))
        return code


@dataclass(kw_only=True)
class FrameworkRow:
    """A row of the form: a thing that exists with its controls, or an empty place for a new one."""

    kind: str
    key: str
    row: FrameworkItem | None
    fields: list[Any]
    is_on: Any = None


@dataclass(frozen=True, kw_only=True)
class FrameworkKey:
    """A row, or the place of a new one, and the key that the names of its fields begin with.

    `criterion` is the question of a new answer.
    """

    key: str
    row: FrameworkItem | None = None
    criterion: Criterion | None = None


class FrameworkForm(forms.Form):
    """Names, points, weight, age and use of every row, and a place for a new answer and a new question."""

    def __init__(self, *args: Any, framework: Framework, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.framework = framework
        self.keys = framework_keys(framework)
        for place in self.keys:
            self.fields |= row_fields(place.key, place.row)

    def clean(self) -> dict[str, Any]:
        """A new row needs a code that its neighbours do not have."""
        for place in self.keys:
            name = f"{place.key}_code"
            if place.row is not None or self.errors.get(name):
                continue
            code = self.cleaned_data.get(name, "")
            if not code and any(self.cleaned_data.get(f"{place.key}_{field}") for field in ("en", "ja", "points")):
                self.add_error(name, _("Enter a code for the new row."))
            siblings = place.criterion.options if place.criterion else self.framework.criteria
            if code and siblings.filter(code=code).exists():
                self.add_error(name, _("This code is already used. Enter another code."))
        return self.cleaned_data

    def lines(self) -> list[FrameworkRow]:
        """What the page shows, from top to bottom."""
        rows = []
        for place in self.keys:
            kind = KINDS[type(place.row)] if place.row else "new_option" if place.criterion else "new_criterion"
            names = [f"{place.key}_{field}" for field in ("code", "en", "ja", "points", "weight", "days")]
            fields = [self[name] for name in names if name in self.fields]
            is_on = self[f"{place.key}_on"] if place.row else None
            rows.append(FrameworkRow(kind=kind, key=place.key, row=place.row, fields=fields, is_on=is_on))
        return rows

    @property
    def edits(self) -> FrameworkEdits:
        """What was typed, for the action."""
        edits = FrameworkEdits()
        for place in self.keys:
            if place.row is not None:
                edits.changes.append(ItemChange(row=place.row, values=self.typed_values(place.key, place.row)))
            elif code := self.cleaned_data.get(f"{place.key}_code"):
                added = {"code": code, **self.typed_labels(place.key)}
                if place.criterion:
                    added["points"] = self.cleaned_data[f"{place.key}_points"]
                edits.additions.append(ItemAddition(values=added, criterion=place.criterion))
        return edits

    def typed_values(self, key: str, row: FrameworkItem) -> dict[str, Any]:
        """The values of a row that exists, by the names of the model's fields."""
        typed = self.cleaned_data
        typed_row = {"is_active": typed[f"{key}_on"], **self.typed_labels(key)}
        if isinstance(row, Option):
            typed_row["points"] = typed[f"{key}_points"]
        if isinstance(row, Criterion):
            typed_row |= {"weight": typed[f"{key}_weight"], "confirm_after_days": typed[f"{key}_days"]}
        return typed_row

    def typed_labels(self, key: str) -> dict[str, str]:
        """Either name stands in for the other, and the code for both."""
        english, japanese, code = (self.cleaned_data.get(f"{key}_{field}", "") for field in ("en", "ja", "code"))
        spare = english or japanese or code
        return {"label_en": english or spare, "label_ja": japanese or spare}


def framework_keys(framework: Framework) -> list[FrameworkKey]:
    """A key for each row, for a new answer after those of each question, and for a new question."""
    keys: list[FrameworkKey] = []
    criterion: Criterion | None = None
    for row in rows_of(framework):
        if isinstance(row, Criterion):
            if criterion:
                keys.append(FrameworkKey(key=f"new_{criterion.pk}", criterion=criterion))
            criterion = row
        key = "framework" if isinstance(row, Framework) else f"{KINDS[type(row)]}_{row.pk}"
        keys.append(FrameworkKey(key=key, row=row))
    if criterion:
        keys.append(FrameworkKey(key=f"new_{criterion.pk}", criterion=criterion))
    return [*keys, FrameworkKey(key="new")]


def row_fields(key: str, row: FrameworkItem | None) -> dict[str, forms.Field]:
    """The controls of a row that exists, or of the place for a new one."""
    fields: dict[str, forms.Field] = {
        f"{key}_en": LabelField(label=_("English"), required=row is not None, initial=row.label_en if row else ""),
        f"{key}_ja": LabelField(label=_("Japanese"), required=row is not None, initial=row.label_ja if row else ""),
    }
    if row is None:
        fields[f"{key}_code"] = CodeField(required=False)
    else:
        fields[f"{key}_on"] = forms.BooleanField(label=_("Active"), required=False, initial=row.is_active)
    if isinstance(row, Option) or key.startswith("new_"):
        points = values.shown(Decimal(row.points) / 100) if isinstance(row, Option) else ""
        fields[f"{key}_points"] = HundredthsField(label=_("Points"), initial=points)
    if isinstance(row, Criterion):
        fields[f"{key}_weight"] = forms.DecimalField(
            label=_("Weight"), min_value=0, max_value=MOST_WEIGHT, max_digits=4, decimal_places=2,
            initial=values.shown(row.weight.normalize()), widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        )  # fmt: skip
        fields[f"{key}_days"] = forms.IntegerField(
            label=_("Ask again after (days)"), min_value=1, max_value=MOST_DAYS, required=False,
            initial=row.confirm_after_days, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        )  # fmt: skip
    return fields
