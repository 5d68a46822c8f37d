"""A written value as its field understands it. `check` asks whether it can be read, the compiler reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    """The value in Python's type: a rank for an ordered choice, a day for a date. Raises BadValue."""
    return READERS[kind](value, choices)


def property_type(value: Scalar | tuple[Scalar, ...] | None) -> FieldType:
    """Properties of activities have no declared type: the value says which of them it can be compared with."""
    first = value[0] if isinstance(value, tuple) else value
    if isinstance(first, bool):
        return FieldType.BOOLEAN
    return FieldType.DECIMAL if isinstance(first, int | Decimal) else FieldType.TEXT


def _text(value: Scalar, _: tuple[Choice, ...]) -> str:
    if not isinstance(value, str):
        raise FieldValueError("not_text")
    return value


def _choice(value: Scalar, choices: tuple[Choice, ...]) -> str:
    if not isinstance(value, str) or (choices and value not in {choice.code for choice in choices}):
        raise FieldValueError("not_a_choice", choices=[choice.code for choice in choices])
    return value


def _rank(value: Scalar, choices: tuple[Choice, ...]) -> int:
    for choice in choices:
        if choice.code == value and choice.rank is not None:
            return choice.rank
    raise FieldValueError("not_a_choice", choices=[choice.code for choice in choices])


def _integer(value: Scalar, _: tuple[Choice, ...]) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise FieldValueError("not_a_whole_number")
    if abs(value) > LARGEST:
        raise FieldValueError("out_of_range", low=str(-LARGEST), high=str(LARGEST))
    return value


def _decimal(value: Scalar, _: tuple[Choice, ...]) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise FieldValueError("not_a_number")
    return Decimal(value)


def _date(value: Scalar, _: tuple[Choice, ...]) -> date:
    if not isinstance(value, str) or len(value) != 10:
        raise FieldValueError("not_a_date")
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise FieldValueError("no_such_date") from None


def _datetime(value: Scalar, choices: tuple[Choice, ...]) -> date | datetime:
    """A day, or an instant with its offset."""
    if isinstance(value, str) and len(value) == 10:
        return _date(value, choices)
    try:
        instant = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise FieldValueError("not_an_instant") from None
    if instant.tzinfo is None:
        raise FieldValueError("instant_without_offset")
    return instant


def _boolean(value: Scalar, _: tuple[Choice, ...]) -> bool:
    if not isinstance(value, bool):
        raise FieldValueError("not_a_boolean")
    return value


READERS: Mapping[FieldType, Callable[[Scalar, tuple[Choice, ...]], TypedValue]] = {
    FieldType.TEXT: _text,
    FieldType.CHOICE: _choice,
    FieldType.ORDERED: _rank,
    FieldType.INTEGER: _integer,
    FieldType.DECIMAL: _decimal,
    FieldType.DATE: _date,
    FieldType.DATETIME: _datetime,
    FieldType.BOOLEAN: _boolean,
}
