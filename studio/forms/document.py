"""A whole document, or one rule of it, as text: for what the other forms cannot say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine.catalog import Catalog
from engine.dump import dump
from engine.parse import parse
from scoring.queries.validation import alone, canonical, language, problems_of
from studio import yaml_text
from studio.draft.document import Document, Entry, RulePlace, groups_of, with_rule

MAX_FILE = 4 * yaml_text.MAX_CHARACTERS  # bytes: no character of UTF-8 has more than four
_TOO_LONG = _("This file has more than 500,000 characters. A model of rules seldom has 100,000.")


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
        self.result: Document = {}

    def clean_text(self) -> str:
        typed: str = self.cleaned_data["text"]
        loaded = yaml_text.load(typed)
        if loaded.problem:
            self.marks = [LineProblem(line=loaded.line, path="", words=loaded.problem)]
        else:
            self.judge(loaded)
        if self.marks:
            raise forms.ValidationError(_("Nothing was saved: please mend the marked lines."))
        return typed

    def judge(self, loaded: yaml_text.YamlDocument) -> None:
        raise NotImplementedError


class DocumentTextForm(TextForm):
    """The whole document."""

    def judge(self, loaded: yaml_text.YamlDocument) -> None:
        problems = problems_of(loaded.raw, self.catalog)
        self.marks = [LineProblem(line=loaded.line_of(p.path), path=p.path, words=p.text(language())) for p in problems]
        document = parse(loaded.raw).document if not problems else None
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
            raise forms.ValidationError(_("This file is not text in UTF-8.")) from error
        if len(self.text) > yaml_text.MAX_CHARACTERS:
            raise forms.ValidationError(_TOO_LONG)
        return file


class RuleTextForm(TextForm):
    """One rule in its place."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        catalog: Catalog,
        document: Document,
        at: RulePlace | None = None,
        rule: Entry | None = None,
        group: int = 0,
    ) -> None:
        super().__init__(data, catalog=catalog, written=rule)
        self.fields["text"].widget.attrs["rows"] = 16
        self.document, self.at, self.group, self.place = document, at, at.group if at else group, at

    def judge(self, loaded: yaml_text.YamlDocument) -> None:
        problems = problems_of(alone(loaded.raw), self.catalog)
        if not problems:
            self._put(loaded)
            return
        inner = [(p.path.removeprefix("groups[0].rules[0]").lstrip("."), p.text(language())) for p in problems]
        self.marks = [LineProblem(line=loaded.line_of(path), path=path, words=words) for path, words in inner]

    def _put(self, loaded: yaml_text.YamlDocument) -> None:
        rule = canonical(loaded.raw)
        taken = [
            other
            for index, other in enumerate(groups_of(self.document)[self.group].get("rules", []))
            if self.at is None or index != self.at.rule
        ]
        if rule["name"] in [other.get("name") for other in taken if isinstance(other, dict)]:
            words = str(_("The name “%(name)s” is used twice.")) % {"name": rule["name"]}
            self.marks = [LineProblem(line=loaded.line_of("name"), path="name", words=words)]
            return
        self.result, self.place = with_rule(self.document, rule, group=self.group, at=self.at)
