"""A whole document as text or as a file: for what the other forms cannot say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine.catalog import Catalog
from engine.dump import dump
from engine.parse import parse
from scoring import yaml_text
from scoring.queries.validation import language, problems_of
from studio.draft.document import Document

MAX_FILE = 4 * yaml_text.MAX_CHARACTERS  # bytes: no character of UTF-8 has more than four
_TOO_LONG = _("The file has more than 500,000 characters. Rule files rarely exceed 100,000.")


@dataclass(frozen=True, kw_only=True)
class LineProblem:
    """A problem and the line it is on."""

    line: int
    path: str
    words: str


class TextForm(forms.Form):
    """YAML in one box; `marks` are the problems with their lines."""

    text = forms.CharField(
        label=_("YAML"),
        max_length=yaml_text.MAX_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "lq-code", "autocapitalize": "off"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, catalog: Catalog, written: Any = None) -> None:
        super().__init__(data, initial={"text": yaml_text.write(written)} if written is not None else None)
        self.catalog = catalog
        self.marks: list[LineProblem] = []

    def clean_text(self) -> str:
        typed: str = self.cleaned_data["text"]
        written = yaml_text.load(typed)
        if written.problem:
            self.marks = [LineProblem(line=written.line, path="", words=written.problem)]
        else:
            self.check_document(written)
        if self.marks:
            raise forms.ValidationError(_("Nothing has been saved yet. Fix the highlighted lines."))
        return typed

    def add_problem(self, written: yaml_text.YamlDocument, path: str, words: str) -> None:
        """Mark the line on which `path` was written."""
        self.marks.append(LineProblem(line=written.line_of(path), path=path, words=words))

    def check_document(self, written: yaml_text.YamlDocument) -> None:
        """Mark every problem, or keep what was written as the result."""
        raise NotImplementedError


class DocumentTextForm(TextForm):
    """The whole document; `result` once it is valid."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, catalog: Catalog, written: Any = None) -> None:
        super().__init__(data, catalog=catalog, written=written)
        self.result: Document = {}

    def check_document(self, written: yaml_text.YamlDocument) -> None:
        problems = problems_of(written.raw, self.catalog)
        for problem in problems:
            self.add_problem(written, problem.path, problem.text(language()))
        document = None if problems else parse(written.raw).document
        self.result = dump(document) if document else {}


class DocumentFileForm(forms.Form):
    """A file of the whole document; `text` is what is in it."""

    file = forms.FileField(label=_("YAML file"), widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}))
    text = ""

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE:
            raise forms.ValidationError(_TOO_LONG)
        try:
            self.text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file isn’t UTF-8 text. Save it as UTF-8 and try again.")) from error
        if len(self.text) > yaml_text.MAX_CHARACTERS:
            raise forms.ValidationError(_TOO_LONG)
        return file
