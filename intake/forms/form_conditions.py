"""The condition of a field as it is typed in the builder: lines of field, operator and value, joined by all or any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import pgettext_lazy

from engine import FieldType
from engine.nodes import Op
from intake.imports.problems import Words
from intake.webforms.conditions import OFFERED, catalog_of
from intake.webforms.document import FormDocument, FormField, Raw
from intake.webforms.targets import FormTarget
from web.cleaning import CleaningError, clean_boolean, narrow

MOST_LINES = 6
JOINS = ("all", "any")
OPERATOR_WORDS: Mapping[Op, Words] = {
    Op.EQ: pgettext_lazy("operator", "is"),
    Op.NE: pgettext_lazy("operator", "isn’t"),
    Op.GE: pgettext_lazy("operator", "is at least"),
    Op.LE: pgettext_lazy("operator", "is at most"),
    Op.KNOWN: pgettext_lazy("operator", "is answered"),
    Op.UNKNOWN: pgettext_lazy("operator", "isn’t answered"),
}


@dataclass(frozen=True, kw_only=True)
class ConditionLine:
    """One comparison, as its three inputs show it."""

    place: int
    field: str = ""
    op: str = ""
    value: str = ""


def operator_choices() -> list[tuple[str, Words]]:
    return [(str(op), OPERATOR_WORDS[op]) for op in OFFERED]


def condition_lines(raw: Raw | None) -> list[ConditionLine]:
    """The lines of a condition, and an empty one to go on."""
    leaves = _leaves(raw)
    lines = [
        ConditionLine(place=at, field=str(leaf.get("field", "")), op=str(leaf.get("op", "")), value=_shown(leaf))
        for at, leaf in enumerate(leaves)
    ]
    return [*lines, ConditionLine(place=len(lines))] if len(lines) < MOST_LINES else lines


def join_of(raw: Raw | None) -> str:
    return "any" if raw and "any" in raw else "all"


def _leaves(raw: Raw | None) -> Sequence[Raw]:
    if not raw:
        return []
    members = raw.get("all") or raw.get("any")
    return [each for each in members if "field" in each] if isinstance(members, list) else [raw]


def _shown(leaf: Raw) -> str:
    value = leaf.get("value", "")
    return ("1" if value else "0") if isinstance(value, bool) else str(value)


def typed_condition(
    data: QueryDict, name: str, document: FormDocument, known: Mapping[str, FormTarget], old: Raw | None
) -> Raw | None:
    """The condition that was typed under `name`; the old one where its inputs were not sent."""
    if f"{name}-0-field" not in data:
        return old
    leaves = []
    for place in range(MOST_LINES):
        code, op = data.get(f"{name}-{place}-field", ""), data.get(f"{name}-{place}-op", "")
        field = document.field(code)
        if field is None or op not in [str(each) for each in OFFERED]:
            continue
        leaf: Raw = {"field": code, "op": op}
        if op not in (Op.KNOWN, Op.UNKNOWN):
            leaf["value"] = _value(field, data.get(f"{name}-{place}-value", "")[:200].strip(), document, known)
        leaves.append(leaf)
    join = data.get(f"{name}-join", "all")
    if len(leaves) > 1:
        return {join if join in JOINS else "all": leaves}
    return leaves[0] if leaves else None


def _value(field: FormField, text: str, document: FormDocument, known: Mapping[str, FormTarget]) -> Any:
    """The value in the type of its field; an option is named by its value or its name in either language."""
    kind = catalog_of(document, known).fields[field.code].type
    if kind is FieldType.BOOLEAN:
        try:
            return clean_boolean(text)
        except CleaningError:
            return text
    if kind is FieldType.DECIMAL:
        digits = narrow(text).replace(",", "")
        return int(digits) if digits.lstrip("-").isascii() and digits.lstrip("-").isdigit() else text
    named = (each.value for each in field.options if text in (each.value, each.label.ja, each.label.en))
    return next(named, text)
