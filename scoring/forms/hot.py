"""What decides what sales gets: bands, grades and hot definitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.drafting import Document, Entry, with_entries
from scoring.engine import limits
from scoring.engine.catalog import Catalog
from scoring.engine.nodes import AllOf, AnyOf, Bands, Condition, Grades, HotDefinition, Op, ScoreLeaf
from scoring.engine.parse import parse
from scoring.forms import choices, values
from scoring.forms.condition import DoesNotFit
from scoring.forms.matrix import MatrixForm
from scoring.forms.rows import joined_by, rows_for
from scoring.queries.judging import language, problems_of, read_hot

TYPED = {"max_length": 40}
WHERE = {
    "bands.hot": "hot", "bands.warm": "warm", "bands": "warm",
    "grades.fit.A": "a", "grades.fit.B": "b", "grades.fit": "b",
    "grades.engagement.1": "one", "grades.engagement.2": "two", "grades.engagement": "two",
}  # fmt: skip


class ThresholdsForm(forms.Form):
    """Six numbers between 0 and 100, and the decision matrix when it is used."""

    hot = forms.CharField(label=_("Hot from"), **TYPED)
    warm = forms.CharField(label=_("Warm from"), **TYPED)
    a = forms.CharField(label=_("A from a fit of"), **TYPED)
    b = forms.CharField(label=_("B from a fit of"), **TYPED)
    one = forms.CharField(label=_("1 from an engagement of"), **TYPED)
    two = forms.CharField(label=_("2 from an engagement of"), **TYPED)

    def __init__(self, data: Mapping[str, Any] | None = None, *, document: Document) -> None:
        read = parse({key: document[key] for key in ("bands", "grades") if key in document} | {"model": "-"}).document
        bands, grades = (read.bands, read.grades) if read else (Bands(), Grades())
        self.matrix = MatrixForm(data, document=document)
        now = {"hot": bands.hot, "warm": bands.warm, "a": grades.a, "b": grades.b, "one": grades.one, "two": grades.two}
        super().__init__(data, initial={key: values.shown(value) for key, value in now.items()})
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
            self.add_error(None, _("Please look at the decision matrix. Nothing was saved yet."))
        elif not problems:
            self.result = with_entries(self.document, **raw, matrix=self.matrix.raw)
        return self.cleaned_data


class HotForm(forms.Form):
    """A hot definition: from a total, on conditions, or both; and how long it lasts."""

    name = forms.CharField(label=_("Name"), max_length=limits.MAX_NAME)
    threshold = forms.CharField(
        label=_("Total score at least"),
        required=False,
        help_text=_("Leave empty to go by the conditions alone."),
        **TYPED,
    )
    together = forms.ChoiceField(
        label=_("Hot when"),
        choices=[("any", _("the score or the conditions are met")), ("all", _("the score and the conditions are met"))],
    )
    joined = forms.ChoiceField(
        label=_("The conditions"), choices=[("all", _("all of them must hold")), ("any", _("one of them is enough"))]
    )
    exit_total = forms.CharField(
        label=_("Stays hot above"),
        required=False,
        help_text=_("Empty: ten points below the threshold, so that nobody flickers in and out."),
        **TYPED,
    )
    grace = forms.CharField(label=_("Stays hot for"), required=False, **TYPED)
    grace_unit = forms.ChoiceField(
        label=_("Unit"), choices=choices.UNITS, required=False, help_text=_("after the conditions have become false.")
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        catalog: Catalog,
        document: Document,
        at: int | None = None,
        definition: Entry | None = None,
    ) -> None:
        """A form for one definition, or a new one. Raises DoesNotFit when it says more than the form can."""
        node = read_hot(definition) if definition else None
        if definition and node is None:
            raise DoesNotFit
        threshold, together, rest = _taken_apart(node.when) if node else (None, "any", None)
        initial = _initial(node, threshold) if node else {"threshold": "70"}
        super().__init__(data, initial=initial | {"together": together, "joined": joined_by(rest)})
        self.rows = rows_for(data, prefix="when", catalog=catalog, scores=True, when=rest)
        self.catalog, self.document, self.at, self.result = catalog, document, at, document

    def clean(self) -> dict[str, Any]:
        if self.rows.is_valid() and not self.errors:
            self._judge()
        for words in self.rows.complaints():
            self.add_error(None, words)
        return self.cleaned_data

    def _judge(self) -> None:
        definitions = list(self.document.get("hot") or [])
        index = len(definitions) if self.at is None else self.at
        definitions[index : index + 1] = [self.raw]
        document = with_entries(self.document, hot=definitions)
        found = [problem for problem in problems_of(document, self.catalog) if problem.path.startswith(f"hot[{index}]")]
        alone = {"model": "-", "hot": [self.raw]} | {k: document[k] for k in ("matrix",) if k in document}
        found = found or [p for p in problems_of(alone, self.catalog) if p.path.startswith("hot")]
        for problem in found:
            self._mark(problem.path.partition("]")[2].lstrip("."), problem.text(language()))
        if not found:
            self.result = document

    @property
    def raw(self) -> Entry:
        """The definition as the language writes it."""
        typed = self.cleaned_data
        definition: Entry = {"name": typed["name"], "when": self._when()}
        if typed["exit_total"].strip():
            definition["exit"] = {"total": values.number(typed["exit_total"])}
        if typed["grace"].strip():
            definition["grace"] = values.length(typed["grace"], typed["grace_unit"])
        return definition

    def _when(self) -> Entry:
        rows = self.rows.raw(self.cleaned_data["joined"])
        if not self.cleaned_data["threshold"].strip():
            return rows or {}
        threshold = {"score": "total", "op": ">=", "value": values.number(self.cleaned_data["threshold"])}
        return {self.cleaned_data["together"]: [threshold, rows]} if rows else threshold

    def _mark(self, place: str, words: str) -> None:
        if place == "name":
            self.add_error("name", words)
        elif place.startswith(("exit", "grace")):
            self.add_error("exit_total" if place.startswith("exit") else "grace", words)
        elif not self._marked_in_rows(place.removeprefix("when").lstrip("."), words):
            self.add_error(
                "threshold", words if self.rows.kept() or place != "when" else _("Give a score or a condition.")
            )

    def _marked_in_rows(self, place: str, words: str) -> bool:
        if self.cleaned_data["threshold"].strip() and self.rows.kept():
            first, _dot, place = place.partition(".")
            if first != f"{self.cleaned_data['together']}[1]":
                return False
        return bool(self.rows.kept()) and self.rows.mark(place, words)


def _is_threshold(node: Condition) -> bool:
    return isinstance(node, ScoreLeaf) and node.score == "total" and node.op is Op.GE


def _taken_apart(when: Condition) -> tuple[ScoreLeaf | None, str, Condition | None]:
    """The threshold, how it is joined, and the conditions beside it."""
    if isinstance(when, ScoreLeaf) and _is_threshold(when):
        return when, "any", None
    if isinstance(when, AllOf | AnyOf) and len(when.parts) == 2 and _is_threshold(when.parts[0]):
        first = when.parts[0]
        assert isinstance(first, ScoreLeaf)
        return first, joined_by(when), when.parts[1]
    return None, "any", when


def _initial(node: HotDefinition, threshold: ScoreLeaf | None) -> dict[str, Any]:
    return {
        "name": node.name,
        "threshold": values.shown(threshold.value) if threshold else "",
        "exit_total": values.shown(node.exit),
        "grace": str(node.grace.amount) if node.grace else "",
        "grace_unit": node.grace.unit if node.grace else "d",
    }
