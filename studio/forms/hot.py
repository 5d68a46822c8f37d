"""What decides what sales gets: bands, grades, hot definitions and stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine import limits
from engine.catalog import Catalog
from engine.nodes import Bands, FieldLeaf, Grades, StageCode, leaves
from engine.parse import parse
from scoring.forms import choices, values
from scoring.forms.condition import FormCannotShowError
from scoring.forms.fields import ShortTextField
from scoring.queries.validation import language, read_hot, read_stage
from studio.draft.document import Document, Entry, stages_of, with_entries
from studio.forms.matrix import MatrixForm
from studio.forms.scored_condition import ScoredConditionForm

WHERE = {
    "bands.hot": "hot", "bands.warm": "warm", "bands": "warm",
    "grades.fit.A": "a", "grades.fit.B": "b", "grades.fit": "b",
    "grades.engagement.1": "one", "grades.engagement.2": "two", "grades.engagement": "two",
}  # fmt: skip


class ThresholdsForm(forms.Form):
    """Six numbers between 0 and 100, and the decision matrix when it is used."""

    hot = ShortTextField(label=_("High interest: at least"), required=True)
    warm = ShortTextField(label=_("Medium interest: at least"), required=True)
    a = ShortTextField(label=_("A: fit of at least"), required=True)
    b = ShortTextField(label=_("B: fit of at least"), required=True)
    one = ShortTextField(label=_("1: engagement of at least"), required=True)
    two = ShortTextField(label=_("2: engagement of at least"), required=True)

    def __init__(self, data: Mapping[str, Any] | None = None, *, document: Document) -> None:
        read = parse({key: document[key] for key in ("bands", "grades") if key in document} | {"model": "-"}).document
        bands, grades = (read.bands, read.grades) if read else (Bands(), Grades())
        self.matrix = MatrixForm(data, document=document)
        numbers = {
            "hot": bands.hot,
            "warm": bands.warm,
            **{key: getattr(grades, key) for key in ("a", "b", "one", "two")},
        }
        super().__init__(data, initial={key: values.shown(number) for key, number in numbers.items()})
        self.document, self.result = document, document

    def clean(self) -> dict[str, Any]:
        if self.errors:
            return self.cleaned_data
        typed = {key: values.number(text) for key, text in self.cleaned_data.items()}
        raw = {
            "bands": {"hot": typed["hot"], "warm": typed["warm"]},
            "grades": {"fit": {"A": typed["a"], "B": typed["b"]}, "engagement": {"1": typed["one"], "2": typed["two"]}},
        }
        problems = parse({"model": "-", **raw}).problems
        for problem in problems:
            self.add_error(WHERE.get(problem.path), problem.text(language()))
        if not self.matrix.is_valid():
            self.add_error(None, _("Check the decision matrix. Nothing has been saved yet."))
        elif not problems:
            self.result = with_entries(self.document, **raw, matrix=self.matrix.raw)
        return self.cleaned_data


class HotForm(ScoredConditionForm):
    """A hot definition: from a total, on conditions, or both; and how long it lasts."""

    name = forms.CharField(label=_("Name"), max_length=limits.MAX_NAME)
    exit_total = ShortTextField(
        label=_("Stays hot above"),
        help_text=_("Leave empty for 10 points below the threshold, so leads don’t switch in and out."),
    )
    grace = ShortTextField(label=_("Stays hot for"), help_text=_("after the conditions are no longer met."))
    grace_unit = forms.ChoiceField(label=_("Unit"), choices=choices.UNITS, required=False)
    again = forms.BooleanField(
        label=_("Makes a lead hot again"), required=False,
        help_text=_("After a hand-off ends, a new matching activity starts another one."),
    )  # fmt: skip
    customers = forms.BooleanField(
        label=_("Includes customers"), required=False,
        help_text=_("For repeat business. Otherwise customers stay out."),
    )  # fmt: skip
    field_order = ("name", "threshold", "together", "joined")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        catalog: Catalog,
        document: Document,
        at: int | None = None,
        definition: Entry | None = None,
    ) -> None:
        """A form for one definition, or a new one. Raises FormCannotShowError when it says more than the form can."""
        node = read_hot(definition) if definition else None
        if definition and node is None:
            raise FormCannotShowError
        initial: dict[str, Any] = {}
        if node:
            initial = {"name": node.name, "exit_total": values.shown(node.exit), "grace": "", "grace_unit": "d"}
        if node:
            initial |= {"again": node.again, "customers": node.customers}
        if node and node.grace:
            initial |= {"grace": str(node.grace.amount), "grace_unit": node.grace.unit}
        when = node.when if node else None
        super().__init__(data, catalog=catalog, document=document, when=when, initial=initial)
        self.fields["together"].label = _("Hot when")
        self.at = at

    def check_document(self) -> None:
        definitions = list(self.document.get("hot") or [])
        index = len(definitions) if self.at is None else self.at
        definitions[index : index + 1] = [self.raw]
        document = with_entries(self.document, hot=definitions)
        if not self.mark_problems(document, {"model": "-", "hot": [self.raw]}, f"hot[{index}]"):
            self.result = document

    @property
    def raw(self) -> Entry:
        """The definition as the language writes it."""
        typed = self.cleaned_data
        definition: Entry = {"name": typed["name"], "when": self.when()}
        if typed["exit_total"].strip():
            definition["exit"] = {"total": values.number(typed["exit_total"])}
        if typed["grace"].strip():
            definition["grace"] = values.length(typed["grace"], typed["grace_unit"])
        definition |= {name: True for name in ("again", "customers") if typed[name]}
        return definition

    def mark(self, path: str, words: str) -> None:
        place = path.partition("]")[2].lstrip(".")
        if place == "name":
            self.add_error("name", words)
        elif place.startswith(("exit", "grace")):
            self.add_error("exit_total" if place.startswith("exit") else "grace", words)
        else:
            self.mark_condition(place.removeprefix("when").lstrip("."), words)


class StageForm(ScoredConditionForm):
    """The rule of a stage: from a total, on conditions, or both. It cannot look at the stage itself."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        catalog: Catalog,
        document: Document,
        stage: StageCode,
        threshold: Decimal,
    ) -> None:
        """`threshold` is offered where there is no rule yet. Raises FormCannotShowError."""
        written = stages_of(document).get(stage)
        when = None if written is None else read_stage(written)
        of_stage = any(isinstance(leaf, FieldLeaf) and leaf.field == "stage" for leaf in leaves(when))
        if of_stage or (written is not None and when is None):
            raise FormCannotShowError
        fields = {code: field for code, field in catalog.fields.items() if code != "stage"}
        self.stage, self.offered = stage, replace(catalog, fields=fields)
        initial = {} if when else {"threshold": values.shown(threshold)}
        super().__init__(data, catalog=catalog, document=document, when=when, initial=initial, offered=self.offered)

    def check_document(self) -> None:
        rule = {self.stage: self.when()}
        document = with_entries(self.document, stages=stages_of(self.document) | rule)
        if not self.mark_problems(document, {"model": "-", "stages": rule}, f"stages.{self.stage}"):
            self.result = document

    def mark(self, path: str, words: str) -> None:
        self.mark_condition(path.removeprefix(f"stages.{self.stage}").lstrip("."), words)
