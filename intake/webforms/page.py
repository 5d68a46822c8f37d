"""A form as visitors see it: one language a page, drawn without a session, with a policy of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from intake.models import Site, WebForm
from intake.webforms.answers import READINGS, AnswerReader, FormAnswers
from intake.webforms.conditions import read_fields
from intake.webforms.document import FormDocument, FormField
from intake.webforms.guards import HONEYPOT
from intake.webforms.targets import FieldKind

NAMES = {"ja": "日本語", "en": "English"}
POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:",
    "font-src": "'self'", "connect-src": "'self'", "form-action": "'self'", "base-uri": "'none'",
}  # fmt: skip
INPUT_TYPES = {FieldKind.EMAIL: "email", FieldKind.PHONE: "tel", FieldKind.DATE: "date"}
AUTOCOMPLETE = {
    "lead.email": "email", "lead.phone": "tel", "company.name": "organization", "lead.title": "organization-title",
    "family": "family-name", "given": "given-name", "postcode": "postal-code", "region": "address-level1",
    "line": "address-line1",
}  # fmt: skip
MOST_RADIOS = 6
NONE = "'none'"


@dataclass(frozen=True, kw_only=True)
class PageInput:
    """One input: its name, words, and what stands in it."""

    name: str
    label: str
    value: str
    type: str = "text"
    autocomplete: str = ""
    part: str = ""


@dataclass(frozen=True, kw_only=True)
class PageField:
    """One question as it is drawn."""

    code: str
    kind: str
    label: str
    help: str
    inputs: Sequence[PageInput]
    required: bool
    error: str = ""
    is_hidden: bool = False
    options: Sequence[tuple[str, str]] = field(default_factory=tuple)

    @property
    def first(self) -> PageInput:
        return self.inputs[0]

    @property
    def is_select(self) -> bool:
        return len(self.options) > MOST_RADIOS


def chosen_language(document: FormDocument, wanted: str, accepted: str) -> str:
    """The language of the page: the one that is asked for, else the first that the browser names, else the form's."""
    if wanted in document.languages:
        return wanted
    named = [part.split(";")[0].strip()[:2].lower() for part in accepted.split(",")]
    return next((each for each in named if each in document.languages), document.languages[0])


def policy(site: Site | None) -> str:
    """The content security policy: nothing from elsewhere, and only the website's own pages may frame it."""
    ancestors = " ".join(site.allowed_origins) if site else ""
    return "; ".join(f"{name} {value}" for name, value in POLICY.items()) + f"; frame-ancestors {ancestors or NONE}"


class FormPage:
    """Draws a form in one language."""

    def __init__(self, form: WebForm, document: FormDocument, reader: AnswerReader, language: str) -> None:
        self.form, self.document, self.reader, self.language = form, document, reader, language

    def html(self, answers: FormAnswers, **context: Any) -> str:
        """The page with what was typed and what is wrong."""
        with translation.override(self.language):
            fields = [self._field(each, answers) for each in self.document.fields]
            texts = {name: text.say(self.language) for name, text in self.document.texts.items()}
            shown = {
                "form": self.form,
                "texts": texts,
                "fields": fields,
                "language": self.language,
                "others": [(each, NAMES[each]) for each in self.document.languages if each != self.language],
                "honeypot": HONEYPOT,
                "watched": " ".join(sorted(self._watched())),
                "wrong": [each for each in fields if each.error and not each.is_hidden],
                "base_url": settings.BASE_URL,
            }
            return render_to_string("intake/forms/page/page.html", shown | context)

    def thanks(self, **context: Any) -> str:
        with translation.override(self.language):
            texts = {name: text.say(self.language) for name, text in self.document.texts.items()}
            shown = {"form": self.form, "texts": texts, "language": self.language}
            return render_to_string("intake/forms/page/thanks.html", shown | context)

    def _watched(self) -> set[str]:
        """The names of the inputs that decide what is shown."""
        codes = read_fields(self.document)
        fields = [each for each in self.document.fields if each.code in codes]
        return {name for each in fields for name in self.reader.names(each)}

    def _field(self, each: FormField, answers: FormAnswers) -> PageField:
        kind = self.reader.kind(each)
        options = [(option.value, option.label.say(self.language)) for option in each.options]
        if kind is FieldKind.BOOLEAN:
            options = [("1", _("Yes")), ("0", _("No"))]
        return PageField(
            code=each.code,
            kind=str(kind),
            label=each.label.say(self.language),
            help=each.help.say(self.language),
            inputs=self._inputs(each, kind, answers.typed),
            required=each.required or each.code in answers.required,
            error=answers.errors.get(each.code, ""),
            is_hidden=each.code in answers.hidden,
            options=options,
        )

    def _inputs(self, each: FormField, kind: FieldKind, typed: Mapping[str, str]) -> list[PageInput]:
        names = self.reader.names(each)
        if len(names) == 1:
            auto = AUTOCOMPLETE.get(each.writes, "")
            type_ = INPUT_TYPES.get(kind, "text")
            return [PageInput(name=names[0], label="", value=typed.get(names[0], ""), type=type_, autocomplete=auto)]
        labels = self._part_labels()
        parts = [(name, name.rpartition("-")[2]) for name in names]
        if kind is FieldKind.PERSON and self.language == "en":
            parts = [(name, part) for name, part in (parts[1], parts[0]) if part not in READINGS]
        return [
            PageInput(
                name=name, label=labels[part], value=typed.get(name, ""), autocomplete=AUTOCOMPLETE.get(part, ""),
                part=part,
            )
            for name, part in parts
        ]  # fmt: skip

    def _part_labels(self) -> dict[str, str]:
        return {
            "family": _("Family name"),
            "given": _("Given name"),
            "family_kana": _("Reading of the family name"),
            "given_kana": _("Reading of the given name"),
            "postcode": _("Post code"),
            "region": _("Prefecture"),
            "line": _("City, street, building"),
        }
