"""What somebody typed into a form: read as the catalog stores it, or said what is wrong, beside its field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from engine import Catalog
from intake.imports.fields import CleaningContext
from intake.imports.problems import ROW
from intake.webforms.conditions import catalog_of, is_required, shown_fields
from intake.webforms.document import FormDocument, FormField
from intake.webforms.postcodes import area_of, plain_postcode
from intake.webforms.targets import FieldKind, FormTarget, kind_of, target_of
from web.cleaning import CleaningError, clean_line

PARTS: Mapping[FieldKind, tuple[str, ...]] = {
    FieldKind.PERSON: ("family", "given", "family_kana", "given_kana"),
    FieldKind.ADDRESS: ("postcode", "region", "line"),
}
READINGS = ("family_kana", "given_kana")
LONGEST = 20_000
READING = re.compile(r"[ァ-ヶー・ 　A-Za-z.'’-]+")
TICKED = ("1", "on", "yes", "true")


@dataclass(frozen=True, kw_only=True)
class FormAnswers:
    """`values` by the codes of the fields that are shown, as they are stored; `errors` likewise, in words; `typed` is
    what stands in each input, so that nothing is lost."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()

    @property
    def unsaid(self) -> FormAnswers:
        """The same before anything was sent: nothing is wrong yet."""
        return replace(self, errors={})


def input_names(each: FormField, kind: FieldKind) -> list[str]:
    """The names of the inputs of a field."""
    return [f"q-{each.code}-{part}" for part in PARTS[kind]] if kind in PARTS else [f"q-{each.code}"]


class AnswerReader:
    """Reads what was posted to one form, in the language that is active."""

    def __init__(self, document: FormDocument, known: Mapping[str, FormTarget]) -> None:
        self.document, self.known = document, known
        self.catalog: Catalog = catalog_of(document, known)
        self.context = CleaningContext(zone=ZoneInfo(timezone.get_current_timezone_name()), now=timezone.now())

    def read(self, data: Mapping[str, str]) -> FormAnswers:
        """Everything: values, what is wrong, and which fields are shown and required."""
        typed = {name: self._text(data, name) for each in self.document.fields for name in self.names(each)}
        values: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for each in self.document.fields:
            values[each.code], problem = self._value(each, typed)
            if problem:
                wrong[each.code] = problem
        shown = shown_fields(self.document, self.catalog, values)
        codes = {each.code for each in shown}
        seen = {code: value for code, value in values.items() if code in codes}
        required = {each.code for each in shown if is_required(each, self.catalog, seen)}
        errors = {
            each.code: wrong.get(each.code) or self._missing(each, seen[each.code], each.code in required)
            for each in shown
        }
        return FormAnswers(
            values={code: value for code, value in seen.items() if value not in (None, "", {})},
            errors={code: words for code, words in errors.items() if words},
            typed=typed,
            hidden=frozenset(each.code for each in self.document.fields) - codes,
            required=frozenset(required),
        )

    def kind(self, each: FormField) -> FieldKind:
        target = target_of(each, self.known)
        return kind_of(each, target) if target else FieldKind.TEXT

    def names(self, each: FormField) -> list[str]:
        return input_names(each, self.kind(each))

    def _text(self, data: Mapping[str, str], name: str) -> str:
        """What was typed, without what no database takes."""
        text = str(data.get(name, "")).replace("\0", "").replace("\r\n", "\n")[:LONGEST]
        return text.encode("utf-8", "replace").decode().strip()

    def _value(self, each: FormField, typed: Mapping[str, str]) -> tuple[Any, str]:
        """The answer of one field, and what is wrong with it."""
        target, kind = target_of(each, self.known), self.kind(each)
        names = self.names(each)
        if target is None or not any(typed[name] for name in names):
            return None, ""
        try:
            if kind is FieldKind.PERSON:
                return self._person(each, typed)
            if kind is FieldKind.ADDRESS:
                return self._address(each, typed)
            return self._plain(each, target, kind, typed[names[0]]), ""
        except CleaningError as error:
            return None, str(ROW[error.code]) % error.params

    def _plain(self, each: FormField, target: FormTarget, kind: FieldKind, text: str) -> Any:
        if kind in (FieldKind.CONSENT, FieldKind.BOOLEAN):
            return text.lower() in TICKED
        if kind is FieldKind.CHOICE and text not in {option.value for option in each.options}:
            raise CleaningError("choice", value=text[:60], choices=", ".join(o.value for o in each.options[:5]))
        return stored(target.clean(text, self.context))

    def _person(self, each: FormField, typed: Mapping[str, str]) -> tuple[dict[str, str], str]:
        parts = {part: clean_line(text, 80) if (text := typed[f"q-{each.code}-{part}"]) else "" for part in
                 PARTS[FieldKind.PERSON]}  # fmt: skip
        for part in READINGS:
            parts[part] = katakana(parts[part])
            if parts[part] and not READING.fullmatch(parts[part]):
                return parts, _("Enter the reading in kana.")
        return parts, ""

    def _address(self, each: FormField, typed: Mapping[str, str]) -> tuple[dict[str, str], str]:
        code, region, line = (typed[f"q-{each.code}-{part}"] for part in PARTS[FieldKind.ADDRESS])
        plain = plain_postcode(code)
        if code and not plain:
            return {}, _("Enter the post code with seven digits, such as 1050011.")
        area = area_of(plain) if plain and not (region and line) else None
        return {
            "postcode": plain,
            "region": clean_line(region, 80) if region else area.region if area else "",
            "line": clean_line(line, 300) if line else area.line if area else "",
        }, ""

    def _missing(self, each: FormField, value: Any, required: bool) -> str:
        kind = self.kind(each)
        if kind is FieldKind.PERSON and (required or value):
            given = value or {}
            if not (given.get("family") and given.get("given")):
                return _("Enter the family name and the given name.")
        if kind is FieldKind.CONSENT:
            return _("Please agree to go on.") if required and not value else ""
        if not required or value not in (None, "", {}):
            return ""
        return _("Choose an answer.") if kind is FieldKind.CHOICE else _("Please fill this in.")


def katakana(text: str) -> str:
    """A reading in katakana of full width, however it was typed."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(chr(ord(each) + 0x60) if "ぁ" <= each <= "ゖ" else each for each in plain)


def stored(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
