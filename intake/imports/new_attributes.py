"""Columns that become attributes of their own: the kind of their values is told from the values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from intake.imports.layout import Layout
from intake.imports.mapping_guess import texts_of
from leads.actions.attributes import create_attribute
from leads.enums import AttributeOwner, AttributeType
from web.cleaning import (
    CleaningError,
    clean_boolean,
    clean_date,
    clean_decimal,
    is_placeholder,
    narrow,
    phone_key,
)  # fmt: skip

# As the field of a column: make an attribute of it.
NEW_ATTRIBUTES = NEW_OF_LEAD, NEW_OF_COMPANY = ("new.lead", "new.company")
OWNERS = {NEW_OF_LEAD: AttributeOwner.LEAD, NEW_OF_COMPANY: AttributeOwner.COMPANY}
PHONE = re.compile(r"0\d{8,}")  # as one dials it in Japan
PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})")  # 007 is a code
MOST_CHOICES, LONGEST_CHOICE = 20, 60
ROWS_PER_CHOICE = 3  # a value that comes back so often on average is one of a list


def with_attributes(document: Mapping[str, Any], layout: Layout) -> dict[str, Any]:
    """The mapping with the fields of new attributes in place of NEW_ATTRIBUTES, which are made on the way."""
    columns: dict[str, Any] = {}
    for column, filled in document.get("columns", {}).items():
        names = [filled] if isinstance(filled, str) else list(filled)
        fields = [_made(column, name, layout) if name in NEW_ATTRIBUTES else name for name in names]
        columns[column] = fields[0] if len(fields) == 1 else fields
    return {**document, "columns": columns}


def _made(column: str, wanted: str, layout: Layout) -> str:
    kind, choices = attribute_type(layout, column)
    made = create_attribute(
        owner=OWNERS[wanted],
        label=column,
        type=kind,
        choices=choices,
        is_contact_data=looks_like_contact_data(texts_of(layout, column)),
    )
    return made.field


def looks_like_contact_data(texts: Sequence[str]) -> bool:
    """Whether one in five of the values of a column is an address or a telephone number: then the column holds them."""
    found = sum("@" in narrow(text) or bool(PHONE.fullmatch(phone_key(text))) for text in texts)
    return found > 0 and found * 5 >= len(texts)


def attribute_type(layout: Layout, column: str) -> tuple[AttributeType, list[str]]:
    """The type of an attribute that can hold the values of a column, and its choices where it is one of a list."""
    texts = [text for text in texts_of(layout, column) if not is_placeholder(text)]
    if not texts:
        return AttributeType.TEXT, []
    if all(map(PLAIN_NUMBER.fullmatch, texts)):
        return AttributeType.INTEGER, []
    kinds: list[tuple[AttributeType, Callable[[str], Any]]] = [
        (AttributeType.BOOLEAN, clean_boolean),
        (AttributeType.DECIMAL, decimal_number),
        (AttributeType.DATE, clean_date),
    ]
    for kind, clean in kinds:
        if _can_read_all(texts, clean):
            return kind, []
    counted = layout.values[layout.columns.index(column)] or []
    times = sum(number for text, number in counted if text in set(texts))
    if len(texts) <= MOST_CHOICES and times >= ROWS_PER_CHOICE * len(texts) and max(map(len, texts)) <= LONGEST_CHOICE:
        return AttributeType.CHOICE, texts
    return AttributeType.TEXT, []


def decimal_number(text: str) -> float:
    """As `clean_decimal`, but codes with a zero in front are none."""
    if re.match(r"0\d", text):
        raise CleaningError("decimal")
    return clean_decimal(text)


def _can_read_all(texts: Sequence[str], clean: Callable[[str], Any]) -> bool:
    try:
        for text in texts:
            clean(text)
    except CleaningError:
        return False
    return True
