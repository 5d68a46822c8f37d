"""A form as data: its texts in both languages and its fields in order. JSON in the database, these classes in code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

LANGUAGES = ("ja", "en")
TEXTS = ("title", "intro", "submit", "thanks")
NEEDED_TEXTS = ("title", "submit", "thanks")
Raw = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Bilingual:
    """A text in both languages; either may be missing while somebody edits."""

    ja: str = ""
    en: str = ""

    @classmethod
    def of(cls, raw: Any) -> Bilingual:
        said = raw if isinstance(raw, dict) else {}
        return cls(ja=str(said.get("ja") or ""), en=str(said.get("en") or ""))

    def say(self, language: str) -> str:
        """In this language, else in the other one."""
        return (self.ja or self.en) if language == "ja" else (self.en or self.ja)

    def raw(self) -> Raw:
        return {"ja": self.ja, "en": self.en}

    @property
    def is_empty(self) -> bool:
        return not self.ja and not self.en


@dataclass(frozen=True, kw_only=True)
class FormOption:
    """A value to choose, as it is stored, and how it is called."""

    value: str
    label: Bilingual

    @property
    def line(self) -> str:
        """As it is typed: `value = 日本語 | English`."""
        return f"{self.value} = {self.label.ja} | {self.label.en}"


@dataclass(frozen=True, kw_only=True)
class FormField:
    """One question. `writes` is a target of the catalog (`targets.py`); `when` and `required_when` are conditions over
    the other fields in the rule language."""

    code: str
    writes: str
    label: Bilingual
    help: Bilingual = field(default_factory=Bilingual)
    required: bool = False
    options: tuple[FormOption, ...] = ()
    when: Raw | None = None
    required_when: Raw | None = None

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> FormField:
        return cls(
            code=str(raw.get("code", "")),
            writes=str(raw.get("writes", "")),
            label=Bilingual.of(raw.get("label")),
            help=Bilingual.of(raw.get("help")),
            required=raw.get("required") is True,
            options=tuple(
                FormOption(value=str(option.get("value", "")), label=Bilingual.of(option))
                for option in raw.get("options", ())
            ),
            when=raw.get("when") or None,
            required_when=raw.get("required_when") or None,
        )

    def raw(self) -> Raw:
        return {
            "code": self.code,
            "writes": self.writes,
            "label": self.label.raw(),
            "help": self.help.raw(),
            "required": self.required,
            "options": [{"value": option.value, **option.label.raw()} for option in self.options],
            "when": self.when,
            "required_when": self.required_when,
        }


@dataclass(frozen=True, kw_only=True)
class FormDocument:
    """A whole form. `activity` is the type of activity that a submission is; `double_opt_in` asks for a press in a
    mail before anything is taken in."""

    texts: Mapping[str, Bilingual] = field(default_factory=dict)
    fields: tuple[FormField, ...] = ()
    languages: tuple[str, ...] = LANGUAGES
    activity: str = "form_submit"
    double_opt_in: bool = False

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> FormDocument:
        texts = raw.get("texts") or {}
        return cls(
            texts={name: Bilingual.of(texts.get(name)) for name in TEXTS},
            fields=tuple(FormField.of(each) for each in raw.get("fields", ())),
            languages=tuple(name for name in LANGUAGES if name in raw.get("languages", LANGUAGES)) or LANGUAGES,
            activity=str(raw.get("activity") or "form_submit"),
            double_opt_in=raw.get("double_opt_in") is True,
        )

    def raw(self) -> Raw:
        return {
            "texts": {name: text.raw() for name, text in self.texts.items()},
            "fields": [each.raw() for each in self.fields],
            "languages": list(self.languages),
            "activity": self.activity,
            "double_opt_in": self.double_opt_in,
        }

    def field(self, code: str) -> FormField | None:
        return next((each for each in self.fields if each.code == code), None)

    def writing(self, *targets: str) -> Iterator[FormField]:
        """The fields that write one of these."""
        return (each for each in self.fields if each.writes in targets)

    def free_code(self, wanted: str) -> str:
        """A code for a new field: `wanted`, or with the first number that no other field has."""
        taken = {each.code for each in self.fields}
        names = (wanted, *(f"{wanted}_{number}" for number in range(2, len(taken) + 3)))
        return next(name for name in names if name not in taken)
