"""The properties of activities: what kind of value each has by its type of activity, whoever tells us of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from leads.enquiry import TEXTS
from web.cleaning import CleaningError, clean_boolean, clean_date, clean_decimal


class PropertyType(StrEnum):
    """How the values of a property are kept, so that rules can compare them."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"


PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?")  # 007 is a code, and so is what is longer


def number_value(text: str) -> int | float:
    """A number as JSON has it: 65 for "65", 1.5 for "1.5"."""
    number = clean_decimal(text)
    return int(number) if number.is_integer() else number


READERS: dict[str, Callable[[str], Any]] = {
    PropertyType.NUMBER: number_value,
    PropertyType.BOOLEAN: clean_boolean,
    PropertyType.DATE: lambda text: clean_date(text).isoformat(),
}


def unreadable(properties: Mapping[str, Any], types: Mapping[str, str]) -> dict[str, str]:
    """The properties whose values are not what `types` says, each with what was expected. Nothing is never wrong."""
    return {
        name: kind for name, kind in types.items() if name in properties and not is_readable(properties[name], kind)
    }


def is_readable(value: Any, kind: str) -> bool:
    """Whether a value can be kept as this kind, as `typed` would read it."""
    if value is None or value == "":
        return True
    if isinstance(value, dict | list):
        return False
    if isinstance(value, str) and kind in READERS:
        try:
            READERS[kind](value.strip())
        except CleaningError:
            return not value.strip()
        return True
    if isinstance(value, bool):
        return kind in (PropertyType.BOOLEAN, PropertyType.TEXT)
    if isinstance(value, int | float):
        return kind in (PropertyType.NUMBER, PropertyType.TEXT) or (kind == PropertyType.BOOLEAN and value in (0, 1))
    return True


def typed(properties: Mapping[str, Any], types: Mapping[str, str]) -> dict[str, Any]:
    """The properties with their values read as `types` says; a plain number of which it says nothing is a number, too,
    whether it was sent as one or as a text.

    A value that cannot be read so stays as it was sent; the checks of a model find the rule that meets it.
    """
    read = dict(properties)
    for name in read.keys() & types.keys():
        value, kind = read[name], types[name]
        if kind == PropertyType.TEXT and isinstance(value, int | float) and not isinstance(value, bool):
            read[name] = str(value)
        elif isinstance(value, str) and value.strip() and kind in READERS:
            try:
                read[name] = READERS[kind](value.strip())
            except CleaningError:
                continue
        elif kind == PropertyType.BOOLEAN and value in (0, 1) and not isinstance(value, bool):
            read[name] = bool(value)
    for name in read.keys() - types.keys() - set(TEXTS):
        if isinstance(read[name], str) and PLAIN_NUMBER.fullmatch(read[name].strip()):
            read[name] = number_value(read[name].strip())
    return read
