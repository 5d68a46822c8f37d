"""A framework with its questions and answers in one form; codes are what rules speak of, and stay once given."""

from __future__ import annotations

from collections.abc import Iterator
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
CODE = RegexValidator(r"^[a-z][a-z0-9_]*$", _("Small letters, digits and underscores, such as “budget”."))


class PointsField(forms.CharField):
    """Points as people write them; hundredths inside."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, required=False, **kwargs)

    def clean(self, value: Any) -> int:
        number = values.number(super().clean(value) or "0")
        if isinstance(number, str) or not abs(number) <= MOST_POINTS:
            raise forms.ValidationError(_("A number between −1,000 and 1,000."))
        return hundredths(Decimal(str(number)))


def _code(**kwargs: Any) -> forms.CharField:
    return forms.CharField(label=_("Code"), max_length=40, validators=[CODE], **kwargs)


def _label(language: Any, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=language, max_length=80, **kwargs)


def _labels(typed: dict[str, Any], key: str) -> dict[str, str]:
    """Either name stands in for the other, and the code for both."""
    english, japanese = typed.get(f"{key}_en", ""), typed.get(f"{key}_ja", "")
    spare = english or japanese or typed.get(f"{key}_code", "")
    return {"label_en": english or spare, "label_ja": japanese or spare}


class NewFrameworkForm(forms.Form):
    code = _code(help_text=_("Rules speak of it: code.question. It stays."))
    label_en = _label(_("Name in English"))
    label_ja = _label(_("Name in Japanese"))

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Framework.objects.filter(code=code).exists():
            raise forms.ValidationError(_("There is a framework with this code already."))
        return code


@dataclass(kw_only=True)
class FrameworkRow:
    """A row of the form: a thing that exists with its controls, or an empty place for a new one."""

    kind: str
    key: str
    row: FrameworkItem | None
    fields: list[Any]
    is_on: Any = None


class FrameworkForm(forms.Form):
    """Names, points, weight, age and use of every row, and a place for a new answer and a new question."""

    def __init__(self, *args: Any, framework: Framework, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.framework = framework
        self.keyed: list[tuple[str, FrameworkItem | None, Criterion | None]] = list(self._keys())
        for key, row, _parent in self.keyed:
            self._add(key, row)

    def _keys(self) -> Iterator[tuple[str, FrameworkItem | None, Criterion | None]]:
        """A key for each row, and for each place of a new one: under which criterion, or None for a new question."""
        criterion: Criterion | None = None
        for row in rows_of(self.framework):
            if isinstance(row, Criterion):
                yield from self._place_in(criterion)
                criterion = row
            yield self._key(row), row, None
        yield from self._place_in(criterion)
        yield "new", None, None

    def _place_in(self, criterion: Criterion | None) -> Iterator[tuple[str, None, Criterion]]:
        if criterion:
            yield f"new_{criterion.pk}", None, criterion

    def _key(self, row: FrameworkItem) -> str:
        return "framework" if isinstance(row, Framework) else f"{KINDS[type(row)]}_{row.pk}"

    def _add(self, key: str, row: FrameworkItem | None) -> None:
        self.fields |= {
            f"{key}_en": _label(_("English"), required=row is not None, initial=row.label_en if row else ""),
            f"{key}_ja": _label(_("Japanese"), required=row is not None, initial=row.label_ja if row else ""),
        }
        if row is None:
            self.fields[f"{key}_code"] = _code(required=False)
        else:
            self.fields[f"{key}_on"] = forms.BooleanField(label=_("In use"), required=False, initial=row.is_active)
        if isinstance(row, Option) or key.startswith("new_"):
            worth = values.shown(Decimal(row.points) / 100) if isinstance(row, Option) else ""
            self.fields[f"{key}_points"] = PointsField(label=_("Points"), initial=worth)
        if isinstance(row, Criterion):
            self._add_aging(key, row)

    def _add_aging(self, key: str, criterion: Criterion) -> None:
        self.fields[f"{key}_weight"] = forms.DecimalField(
            label=_("Weight"), min_value=0, max_value=MOST_WEIGHT, max_digits=4, decimal_places=2,
            initial=values.shown(criterion.weight.normalize()), widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        )  # fmt: skip
        self.fields[f"{key}_days"] = forms.IntegerField(
            label=_("Ask again after days"), min_value=1, max_value=MOST_DAYS, required=False,
            initial=criterion.confirm_after_days, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A new row needs a code that its neighbours do not have."""
        for key, row, criterion in self.keyed:
            if row is not None or self.errors.get(f"{key}_code"):
                continue
            code = self.cleaned_data.get(f"{key}_code", "")
            if not code and any(self.cleaned_data.get(f"{key}_{name}") for name in ("en", "ja", "points")):
                self.add_error(f"{key}_code", _("A new row needs a code."))
            taken = criterion.options if criterion else self.framework.criteria
            if code and taken.filter(code=code).exists():
                self.add_error(f"{key}_code", _("This code is used already."))
        return self.cleaned_data

    def lines(self) -> list[FrameworkRow]:
        """What the page shows, from top to bottom."""
        return [self._line(key, row, criterion) for key, row, criterion in self.keyed]

    def _line(self, key: str, row: FrameworkItem | None, criterion: Criterion | None) -> FrameworkRow:
        kind = KINDS[type(row)] if row else "new_option" if criterion else "new_criterion"
        names = [f"{key}_{name}" for name in ("code", "en", "ja", "points", "weight", "days")]
        shown = [self[name] for name in names if name in self.fields]
        return FrameworkRow(kind=kind, key=key, row=row, fields=shown, is_on=self[f"{key}_on"] if row else None)

    @property
    def edits(self) -> FrameworkEdits:
        """What was typed, for the action."""
        typed, edits = self.cleaned_data, FrameworkEdits()
        for key, row, criterion in self.keyed:
            if row is not None:
                edits.changes.append(ItemChange(row=row, values=self._values(key, row)))
            elif typed.get(f"{key}_code"):
                added = {"code": typed[f"{key}_code"], **_labels(typed, key)}
                added |= {"points": typed[f"{key}_points"]} if criterion else {}
                edits.additions.append(ItemAddition(values=added, criterion=criterion))
        return edits

    def _values(self, key: str, row: FrameworkItem) -> dict[str, Any]:
        typed = self.cleaned_data
        found = {"is_active": typed[f"{key}_on"], **_labels(typed, key)}
        if isinstance(row, Option):
            return found | {"points": typed[f"{key}_points"]}
        if isinstance(row, Criterion):
            return found | {"weight": typed[f"{key}_weight"], "confirm_after_days": typed[f"{key}_days"]}
        return found
