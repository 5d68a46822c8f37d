"""A condition that may look at scores, as a form: from a total, on conditions, or both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine.catalog import Catalog
from engine.nodes import AllOf, AnyOf, Condition, Op, ScoreLeaf
from scoring.forms import values
from scoring.forms.condition_rows import joined_by, rows_for
from scoring.forms.fields import ShortTextField
from scoring.queries.validation import language, problems_of
from studio.draft.document import Document, Entry


class ScoredConditionForm(forms.Form):
    """What hot definitions and stages have in common; whoever inherits says where in the document it stands."""

    threshold = ShortTextField(
        label=_("Total score of at least"), help_text=_("Leave empty to go by the conditions alone.")
    )
    together = forms.ChoiceField(
        label=_("Met when"),
        choices=[("any", _("score or conditions")), ("all", _("score and conditions"))],
    )
    joined = forms.ChoiceField(label=_("Match"), choices=[("all", _("all conditions")), ("any", _("any condition"))])

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        catalog: Catalog,
        document: Document,
        when: Condition | None,
        initial: Mapping[str, Any],
        offered: Catalog | None = None,
    ) -> None:
        """`initial` is for the fields beside the condition; `offered` is what of the catalog rows may look at.

        Raises FormCannotShowError when `when` says more than rows can.
        """
        threshold, together, rest = split_threshold(when) if when else (None, "any", None)
        shown = {"threshold": values.shown(threshold.value)} if threshold else {"threshold": "" if when else "70"}
        super().__init__(data, initial={**shown, **initial, "together": together, "joined": joined_by(rest)})
        self.rows = rows_for(data, prefix="when", catalog=offered or catalog, scores=True, when=rest)
        self.catalog, self.document, self.result = catalog, document, document

    def clean(self) -> dict[str, Any]:
        if self.rows.is_valid() and not self.errors:
            self.check_document()
        for words in self.rows.complaints():
            self.add_error(None, words)
        return self.cleaned_data

    def check_document(self) -> None:
        """Put the new entry into the document, and mark what is wrong with it."""
        raise NotImplementedError

    def mark_problems(self, document: Document, alone: Document, path: str) -> bool:
        """Mark what is wrong at `path`, in `alone` where the rest cannot be read. Whether anything is."""
        if "matrix" in document:
            alone = alone | {"matrix": document["matrix"]}
        problems = [problem for problem in problems_of(document, self.catalog) if problem.path.startswith(path)]
        if not problems:
            section = path.partition("[")[0].partition(".")[0]
            problems = [problem for problem in problems_of(alone, self.catalog) if problem.path.startswith(section)]
        for problem in problems:
            self.mark(problem.path, problem.text(language()))
        return bool(problems)

    def mark(self, path: str, words: str) -> None:
        """Show a problem at the control it speaks of."""
        raise NotImplementedError

    def when(self) -> Entry:
        """The condition as the language writes it."""
        rows = self.rows.raw(self.cleaned_data["joined"])
        if not self.cleaned_data["threshold"].strip():
            return rows or {}
        threshold = {"score": "total", "op": ">=", "value": values.number(self.cleaned_data["threshold"])}
        return {self.cleaned_data["together"]: [threshold, rows]} if rows else threshold

    def mark_condition(self, place: str, words: str) -> None:
        """Show a problem in its row, else at the threshold; `place` is the path inside the condition."""
        has_rows, in_rows = bool(self.rows.kept()), place
        if has_rows and self.cleaned_data["threshold"].strip():
            part, _dot, in_rows = place.partition(".")
            has_rows = part == f"{self.cleaned_data['together']}[1]"
        if not (has_rows and self.rows.mark(in_rows, words)):
            empty = not self.rows.kept() and not place
            self.add_error("threshold", _("Enter a score or a condition.") if empty else words)


def split_threshold(when: Condition) -> tuple[ScoreLeaf | None, str, Condition | None]:
    """The threshold, how it is joined, and the conditions beside it."""
    if isinstance(when, AllOf | AnyOf) and len(when.parts) == 2:
        first, rest = when.parts
        if isinstance(first, ScoreLeaf) and first.score == "total" and first.op is Op.GE:
            return first, joined_by(when), rest
    if isinstance(when, ScoreLeaf) and when.score == "total" and when.op is Op.GE:
        return when, "any", None
    return None, "any", when
