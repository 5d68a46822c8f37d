"""What people type, turned into what the rule language writes. Nothing is refused here: what cannot be read stays text,
and the engine says what is wrong with it, in its own words and at its own place."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from engine.catalog import FieldType
from web.cleaning import DASHES, CleaningError, has_other_digits, narrow, read_number

SEPARATORS = re.compile(r"[,、，\n]")
LARGEST = Decimal(10) ** 15
TRUTH = {"true": True, "false": False}


def number(text: str) -> int | float | str:
    """A number, an infinite one included; else the text itself."""
    try:
        value = read_number(text)
    except CleaningError:
        return text
    if value.is_finite() and -LARGEST <= value <= LARGEST and value == value.to_integral_value():
        return int(value)
    return float(value) if not value.is_snan() else float("nan")


def length(amount: str, unit: str) -> str:
    """`14` and `d` is `14d`; whatever else was typed stays to be refused."""
    plain = amount.strip() if has_other_digits(amount) else narrow(amount).translate(DASHES)
    return plain if plain.endswith(("d", "h")) else f"{plain}{unit or 'd'}"


def words(text: str) -> list[str]:
    """A list as people write one: separated by commas of either width, or one a line."""
    return [word for part in SEPARATORS.split(text) if (word := part.strip())]


def value(text: str, kind: FieldType | None) -> Any:
    """One value of a field of this type; of a field nobody knows it stays text."""
    if kind in (FieldType.INTEGER, FieldType.DECIMAL):
        return number(text)
    if kind is FieldType.BOOLEAN:
        return TRUTH.get(text.strip().lower(), text)
    return narrow(text).translate(DASHES) if kind in (FieldType.DATE, FieldType.DATETIME) else text.strip()


def property_value(text: str) -> Any:
    """Properties have no declared type: what looks like a number or a truth is one."""
    plain = text.strip()
    return TRUTH.get(plain.lower(), number(plain))


def shown(raw: Any) -> str:
    """The inverse, for a form that opens on a value."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, float | Decimal) and raw == int(raw):
        return str(int(raw))
    return "" if raw is None else str(raw)
