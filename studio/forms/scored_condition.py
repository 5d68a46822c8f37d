"""A condition that may look at scores, as a form: from a total, on conditions, or both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine.catalog import Catalog
from engine.nodes import AllOf, AnyOf, Condition, Op, ScoreLeaf
from scoring.forms import values
from scoring.queries.validation import language, problems_of
from studio.draft.document import Document, Entry
from studio.forms.condition_rows import joined_by, rows_for

TYPED = {"max_length": 40}


class VerdictForm(forms.Form):
    """What hot definitions and stages have in common; whoever inherits says where in the document it stands."""

    threshold = forms.CharField(
        label=_("Total score at least"),
        required=False,
        help_text=_("Leave empty to go by the conditions alone."),
        **TYPED,
    )
    together = forms.ChoiceField(
        label=_("Met when"),
        choices=[("any", _("the score or the conditions are met")), ("all", _("the score and the conditions are met"))],
    )
    joined = forms.ChoiceField(
        label=_("The conditions"), choices=[("all", _("all of them must hold")), ("any", _("one of them is enough"))]
    )

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
        threshold, together, rest = taken_apart(when) if when else (None, "any", None)
        shown = {"threshold": values.shown(threshold.value)} if threshold else {"threshold": "" if when else "70"}
        super().__init__(data, initial={**shown, **initial, "together": together, "joined": joined_by(rest)})
        self.rows = rows_for(data, prefix="when", catalog=offered or catalog, scores=True, when=rest)
        self.catalog, self.document, self.result = catalog, document, document

    def clean(self) -> dict[str, Any]:
        if self.rows.is_valid() and not self.errors:
            self._judge()
        for words in self.rows.complaints():
            self.add_error(None, words)
        return self.cleaned_data

    def _judge(self) -> None:
        """Put the new entry into the document, and mark what is wrong with it."""
        raise NotImplementedError

    def _mark_all(self, document: Document, alone: Document, path: str) -> bool:
        """Mark everything that is wrong at `path`; where the rest of the document cannot be read, of it alone."""
        alone |= {key: document[key] for key in ("matrix",) if key in document}
        found = [problem for problem in problems_of(document, self.catalog) if problem.path.startswith(path)]
        section = path.partition("[")[0].partition(".")[0]
        found = found or [each for each in problems_of(alone, self.catalog) if each.path.startswith(section)]
        for problem in found:
            self._mark(problem.path, problem.text(language()))
        return bool(found)

    def _mark(self, path: str, words: str) -> None:
        raise NotImplementedError

    def _when(self) -> Entry:
        rows = self.rows.raw(self.cleaned_data["joined"])
        if not self.cleaned_data["threshold"].strip():
            return rows or {}
        threshold = {"score": "total", "op": ">=", "value": values.number(self.cleaned_data["threshold"])}
        return {self.cleaned_data["together"]: [threshold, rows]} if rows else threshold

    def _mark_condition(self, place: str, words: str) -> None:
        """`place` is the path inside the condition."""
        if not self._marked_in_rows(place, words):
            self.add_error("threshold", words if self.rows.kept() or place else _("Give a score or a condition."))

    def _marked_in_rows(self, place: str, words: str) -> bool:
        if self.cleaned_data["threshold"].strip() and self.rows.kept():
            first, _dot, place = place.partition(".")
            if first != f"{self.cleaned_data['together']}[1]":
                return False
        return bool(self.rows.kept()) and self.rows.mark(place, words)


def taken_apart(when: Condition) -> tuple[ScoreLeaf | None, str, Condition | None]:
    """The threshold, how it is joined, and the conditions beside it."""
    if isinstance(when, ScoreLeaf) and _is_threshold(when):
        return when, "any", None
    if isinstance(when, AllOf | AnyOf) and len(when.parts) == 2 and _is_threshold(when.parts[0]):
        first = when.parts[0]
        assert isinstance(first, ScoreLeaf)
        return first, joined_by(when), when.parts[1]
    return None, "any", when


def _is_threshold(node: Condition) -> bool:
    return isinstance(node, ScoreLeaf) and node.score == "total" and node.op is Op.GE
