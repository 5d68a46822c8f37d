"""The decision matrix as a form: the levels of two scores, and what to do in each of the nine cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine.dump import dump
from engine.matrix import SHIPPED, Matrix, MatrixAction, MatrixLevel
from engine.nodes import Document as Nodes
from engine.parse import parse
from scoring.forms import values
from scoring.forms.fields import ShortTextField
from scoring.queries.validation import language
from scoring.queries.words import matrix_actions, matrix_level
from studio.draft.document import Document, Entry

SCORES = ("engagement", "qualification")
LABELS = {
    "engagement_high": _("Engagement: high from"),
    "engagement_middle": _("and medium from"),
    "qualification_high": _("Qualification: high from"),
    "qualification_middle": _("and medium from"),
}


def cell_name(engagement: MatrixLevel, qualification: MatrixLevel) -> str:
    """The field of a cell."""
    return f"cell_{engagement}_{qualification}"


class MatrixForm(forms.Form):
    """`raw` is the section of the document, None when no matrix is used."""

    use_matrix = forms.BooleanField(
        label=_("Use the decision matrix"), required=False,
        help_text=_("Combines engagement and qualification, with an action per cell. Hot definitions can use it."),
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None = None, *, document: Document) -> None:
        read = parse({"model": "-", "matrix": document.get("matrix", {})}).document
        matrix = (read.matrix if read else None) or Matrix()
        initial: dict[str, Any] = {"use_matrix": "matrix" in document}
        for score in SCORES:
            for level in ("high", "middle"):
                initial[f"{score}_{level}"] = values.shown(getattr(getattr(matrix, score), level))
        for cell in matrix.cells:
            initial[cell_name(cell.engagement, cell.qualification)] = str(MatrixAction(cell.action))
        super().__init__(data, initial=initial)
        self.raw: Entry | None = None
        for name, label in LABELS.items():
            self.fields[name] = ShortTextField(label=label)
        for cell in SHIPPED:
            levels = (
                f"{matrix_level('engagement', cell.engagement)}, {matrix_level('qualification', cell.qualification)}"
            )
            self.fields[cell_name(cell.engagement, cell.qualification)] = forms.ChoiceField(
                label=levels, choices=matrix_actions(), required=False
            )

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("use_matrix") or self.errors:
            return self.cleaned_data
        read = parse({"model": "-", "matrix": self.typed_matrix()})
        for problem in read.problems:
            place = problem.path.removeprefix("matrix.").replace(".", "_")
            lower = f"{place}_middle" if place in SCORES else None  # thresholds that rise are shown at the lower one
            self.add_error(place if place in self.fields else lower, problem.text(language()))
        if read.document:
            self.raw = dump(Nodes(model="-", matrix=read.document.matrix))["matrix"]
        return self.cleaned_data

    def typed_matrix(self) -> Entry:
        """The matrix as the language writes it, as far as it was typed."""
        typed = self.cleaned_data
        levels = {
            score: {level: values.number(typed[f"{score}_{level}"]) for level in ("high", "middle")} for score in SCORES
        }
        cells = [
            {
                "engagement": str(cell.engagement),
                "qualification": str(cell.qualification),
                "action": typed[cell_name(cell.engagement, cell.qualification)] or str(cell.action),
            }
            for cell in SHIPPED
        ]
        return {**levels, "actions": cells}

    def thresholds(self) -> list[Any]:
        return [self[name] for name in LABELS]

    def rows(self) -> list[tuple[str, list[Any]]]:
        """The cells as a table: a row for each level of qualification, engagement falling."""
        return [
            (matrix_level("qualification", row), [self[cell_name(column, row)] for column in MatrixLevel])
            for row in MatrixLevel
        ]

    def columns(self) -> list[str]:
        return [matrix_level("engagement", level) for level in MatrixLevel]
