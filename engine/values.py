"""A written value as its field understands it. `check` asks whether it can be read, the compiler reads it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.catalog import Choice, FieldType
from engine.nodes import Scalar

TypedValue = str | int | Decimal | bool | date | datetime
LARGEST = 2**63 - 1


class FieldValueError(ValueError):
    """The value is not one of the field's; `code` and `params` make the problem."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def typed_value(kind: FieldType, value: Scalar, choices: tuple[Choice, ...] = ()) -> TypedValue:
    """The value in Python's type: a rank for an ordered choice, a day for a date. Raises FieldValueError."""
    match kind:
        case FieldType.CHOICE | FieldType.ORDERED:
            return _choice(kind, value, choices)
        case FieldType.INTEGER | FieldType.DECIMAL:
            return _number(kind, value)
        case FieldType.DATE | FieldType.DATETIME:
            return _day_or_instant(kind, value)
        case FieldType.BOOLEAN:
            if not isinstance(value, bool):
                raise FieldValueError("not_a_boolean")
            return value
        case FieldType.TEXT:
            if not isinstance(value, str):
                raise FieldValueError("not_text")
            return value


def property_type(value: Scalar | tuple[Scalar, ...] | None) -> FieldType:
    """Properties of activities have no declared type: the value says which of them it can be compared with."""
    first = value[0] if isinstance(value, tuple) else value
    if isinstance(first, bool):
        return FieldType.BOOLEAN
    return FieldType.DECIMAL if isinstance(first, int | Decimal) else FieldType.TEXT


def _choice(kind: FieldType, value: Scalar, choices: tuple[Choice, ...]) -> str | int:
    """The code, or of an ordered choice the rank. A choice without a list takes any text."""
    if kind is FieldType.CHOICE and isinstance(value, str) and not choices:
        return value
    for choice in choices:
        if choice.code == value and kind is FieldType.CHOICE:
            return choice.code
        if choice.code == value and choice.rank is not None:
            return choice.rank
    raise FieldValueError("not_a_choice", choices=[choice.code for choice in choices])


def _number(kind: FieldType, value: Scalar) -> int | Decimal:
    if kind is FieldType.DECIMAL:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise FieldValueError("not_a_number")
        return Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise FieldValueError("not_a_whole_number")
    if abs(value) > LARGEST:
        raise FieldValueError("out_of_range", low=-LARGEST, high=LARGEST)
    return value


def _day_or_instant(kind: FieldType, value: Scalar) -> date | datetime:
    """A day; where the field has instants also an instant with its offset."""
    text = value if isinstance(value, str) else ""
    if len(text) == 10:
        try:
            return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            raise FieldValueError("no_such_date") from None
    if kind is FieldType.DATE:
        raise FieldValueError("not_a_date")
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise FieldValueError("not_an_instant") from None
    if instant.tzinfo is None:
        raise FieldValueError("instant_without_offset")
    return instant
