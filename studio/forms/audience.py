"""Whom a model scores: a condition, or everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine.catalog import Catalog
from engine.parse import parse_condition
from scoring.forms.condition import FormCannotShowError
from scoring.forms.condition_rows import joined_by, rows_for
from scoring.forms.fields import SelectField
from scoring.queries.validation import language, problems_of
from studio.draft.document import Document, with_entries


class AudienceForm(forms.Form):
    """No condition at all is everybody."""

    joined = SelectField(
        label=_("Score only leads that match"),
        choices=[("all", _("all of these match")), ("any", _("any of these matches"))],
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, catalog: Catalog, document: Document) -> None:
        """A form for the audience of a document. Raises FormCannotShowError when it says more than rows can."""
        raw = document.get("audience")
        when = parse_condition(raw)[0] if raw is not None and data is None else None
        if raw is not None and data is None and when is None:
            raise FormCannotShowError
        super().__init__(data, initial={"joined": joined_by(when)})
        self.rows = rows_for(data, prefix="when", catalog=catalog, when=when)
        self.catalog, self.document, self.result = catalog, document, document

    def clean(self) -> dict[str, Any]:
        if self.rows.is_valid() and not self.errors:
            self.check_document()
        for words in self.rows.complaints():
            self.add_error(None, words)
        return self.cleaned_data

    def check_document(self) -> None:
        """Put the condition into the document, and mark what is wrong with it."""
        audience = self.rows.raw(self.cleaned_data["joined"])
        alone = {"model": "-"} | ({"audience": audience} if audience else {})
        problems = problems_of(alone, self.catalog)
        for problem in problems:
            words = problem.text(language())
            if not self.rows.mark(problem.path.removeprefix("audience").lstrip("."), words):
                self.add_error(None, words)
        if not problems:
            self.result = with_entries(self.document, audience=audience)
