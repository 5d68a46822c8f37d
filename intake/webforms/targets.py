"""What a field of a form may write: the catalog of fields that files know, and what higher rooms add to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from intake.imports.fields import (
    COMPANY_FIELDS,
    CONSENT,
    ENQUIRY,
    LEAD_FIELDS,
    CleaningContext,
    ImportField,
    Remarked,
    custom_fields,
    line,
)
from intake.imports.problems import Words
from intake.webforms.document import Bilingual, FormField, FormOption
from leads.enums import AttributeType, TitleLevel
from leads.models import AttributeDefinition
from web.cleaning import clean_phone

EMAIL, PHONE, PERSON, ADDRESS = "lead.email", "lead.phone", "lead.person", "lead.address"
QUESTION = "question."
ANSWER = "answer."
IDENTITY = (EMAIL, PHONE)


class FieldKind(StrEnum):
    """How a field is asked."""

    TEXT = "text"
    EMAIL = "email"
    PHONE = "tel"
    PERSON = "person"
    ADDRESS = "address"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    BOOLEAN = "boolean"
    LINES = "lines"
    CONSENT = "consent"


@dataclass(frozen=True, kw_only=True)
class FormTarget:
    """A place that a field can write to. `options` are the only values it takes, where there are any."""

    name: str
    label: Words
    kind: FieldKind
    field: ImportField | None = None
    options: tuple[FormOption, ...] = ()
    is_often: bool = False
    question: Bilingual | None = None

    @property
    def bilingual(self) -> Bilingual:
        """How a new field is called."""
        if self.question is not None:
            return self.question
        return Bilingual(**{language: said(self.label, language) for language in ("ja", "en")})

    @property
    def code(self) -> str:
        """What a field that writes here is called in addresses of its form."""
        return re.sub(r"[^a-z0-9]+", "_", self.name.removeprefix("lead.").lower()).strip("_")

    def clean(self, text: str, context: CleaningContext) -> Any:
        """The value as it is stored. Raises CleaningError."""
        if self.kind is FieldKind.PHONE:
            return clean_phone(text)
        value = self.field.cleaner(context)(text) if self.field else text
        return value.value if isinstance(value, Remarked) else value


def said(words: Words, language: str) -> str:
    with translation.override(language):
        return str(words)


MADE: Mapping[str, tuple[FieldKind, bool]] = {
    EMAIL: (FieldKind.EMAIL, True),
    PHONE: (FieldKind.PHONE, True),
    "company.name": (FieldKind.TEXT, True),
    "lead.title": (FieldKind.TEXT, True),
    "lead.department": (FieldKind.TEXT, True),
    "company.industry": (FieldKind.TEXT, True),
    "company.employees": (FieldKind.NUMBER, True),
    "lead.planned_on": (FieldKind.DATE, True),
    ENQUIRY: (FieldKind.LINES, True),
    CONSENT: (FieldKind.CONSENT, True),
    "lead.title_level": (FieldKind.CHOICE, False),
    "lead.country": (FieldKind.TEXT, False),
    "lead.region": (FieldKind.TEXT, False),
    "company.domain": (FieldKind.TEXT, False),
    "company.revenue": (FieldKind.NUMBER, False),
    "company.country": (FieldKind.TEXT, False),
    "company.region": (FieldKind.TEXT, False),
}
CUSTOM_KINDS: Mapping[str, FieldKind] = {
    AttributeType.INTEGER: FieldKind.NUMBER,
    AttributeType.DECIMAL: FieldKind.NUMBER,
    AttributeType.BOOLEAN: FieldKind.BOOLEAN,
    AttributeType.DATE: FieldKind.DATE,
    AttributeType.CHOICE: FieldKind.CHOICE,
}
PERSON_LABEL = pgettext_lazy("person", "Name with reading")
ADDRESS_LABEL = _("Postal address")
QUESTION_LABEL = _("Question of your own")

Provider = Callable[[], Iterable[FormTarget]]
_providers: list[Provider] = []


def register_form_targets(provider: Provider) -> None:
    """Let a higher room offer places to write to, such as the questions of its frameworks."""
    _providers.append(provider)


def targets() -> dict[str, FormTarget]:
    """Everything a form may ask, by name; what is asked often comes first."""
    fields = {known.name: known for known in (*LEAD_FIELDS, *COMPANY_FIELDS)}
    found = [
        FormTarget(name=PERSON, label=PERSON_LABEL, kind=FieldKind.PERSON, is_often=True),
        *(
            FormTarget(
                name=name, label=fields[name].label, kind=kind, field=fields[name], is_often=often,
                options=level_options() if name == "lead.title_level" else (),
            )
            for name, (kind, often) in MADE.items()
        ),
        FormTarget(name=ADDRESS, label=ADDRESS_LABEL, kind=FieldKind.ADDRESS, is_often=True),
        *custom_targets(),
        *(target for provider in _providers for target in provider()),
    ]  # fmt: skip
    return {target.name: target for target in sorted(found, key=lambda target: not target.is_often)}


def level_options() -> tuple[FormOption, ...]:
    return tuple(
        FormOption(value=level.code, label=Bilingual(ja=said(level.label, "ja"), en=said(level.label, "en")))
        for level in TitleLevel
    )


def custom_targets() -> list[FormTarget]:
    """One for each attribute that an administrator added and that is in use."""
    definitions = {
        ("" if each.owner == "lead" else "company.") + f"custom.{each.code}": each
        for each in AttributeDefinition.objects.filter(is_active=True)
    }
    return [
        FormTarget(
            name=known.name,
            label=lazy(definitions[known.name].__str__, str)(),
            kind=CUSTOM_KINDS.get(definitions[known.name].type, FieldKind.TEXT),
            field=known,
            options=tuple(FormOption(value=each, label=Bilingual(ja=each, en=each)) for each in known.choices),
        )
        for known in custom_fields()
        if known.name in definitions
    ]


def target_of(field: FormField, known: Mapping[str, FormTarget]) -> FormTarget | None:
    """Where a field writes; a question of one's own becomes a property of the activity."""
    if field.writes.startswith(QUESTION):
        kind = FieldKind.CHOICE if field.options else FieldKind.TEXT
        return FormTarget(
            name=field.writes, label=QUESTION_LABEL, kind=kind, field=line(field.writes, QUESTION_LABEL, 1000)
        )
    return known.get(field.writes)


def kind_of(field: FormField, target: FormTarget) -> FieldKind:
    """How this field is asked: a free text with options is a choice."""
    return FieldKind.CHOICE if field.options and target.kind in (FieldKind.TEXT, FieldKind.NUMBER) else target.kind


def new_field(target: FormTarget, code: str) -> FormField:
    """A field as it is added: named as the catalog names it, identity and consent required."""
    return FormField(
        code=code,
        writes=target.name,
        label=Bilingual() if target.name.startswith(QUESTION) else target.bilingual,
        required=target.name in (EMAIL, CONSENT),
        options=target.options,
    )
