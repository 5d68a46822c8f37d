"""Reads what sorts scores: bands, grades, and the decision matrix."""

# A refusal ends its reader: `return reader.refuse(...)` notes the problem and gives None in one line.
# mypy: disable-error-code="func-returns-value"

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from engine.matrix import SHIPPED, Matrix, MatrixAction, MatrixCell, MatrixLevel, MatrixLevels
from engine.nodes import Bands, Grades
from engine.parse.reader import DocumentReader

T = TypeVar("T")
ZERO, HUNDRED = Decimal(0), Decimal(100)
CELL = ("engagement", "qualification", "action")


def optional(reader: DocumentReader, raw: Any, key: str, read: Callable[[Any], T | None], default: T) -> T:
    """Read `raw[key]` at its own path when it is there."""
    if key not in raw:
        return default
    with reader.at(key):
        value = read(raw[key])
    return default if value is None else value


def _falling(
    reader: DocumentReader, raw: Any, upper: str, lower: str, defaults: tuple[Decimal, Decimal]
) -> tuple[Decimal, Decimal] | None:
    """Two falling thresholds; either may be left to its default."""
    if isinstance(raw, dict):  # YAML reads a bare 1 as a number
        raw = {str(key) if isinstance(key, int) else key: value for key, value in raw.items()}
    if reader.mapping(raw, allowed=frozenset({upper, lower})) is None:
        return None
    read = lambda value: reader.number(value, low=ZERO, high=HUNDRED)  # noqa: E731 - reads better in line
    high, low = optional(reader, raw, upper, read, defaults[0]), optional(reader, raw, lower, read, defaults[1])
    return (high, low) if low <= high else reader.refuse("thresholds_rise", upper=upper, lower=lower)


def read_bands(reader: DocumentReader, raw: Any) -> Bands | None:
    pair = _falling(reader, raw, "hot", "warm", (Bands().hot, Bands().warm))
    return pair and Bands(hot=pair[0], warm=pair[1])


def read_grades(reader: DocumentReader, raw: Any) -> Grades | None:
    if reader.mapping(raw, allowed=frozenset({"fit", "engagement"})) is None:
        return None
    plain = Grades()
    letters, digits = (plain.a, plain.b), (plain.one, plain.two)
    a, b = optional(reader, raw, "fit", lambda value: _falling(reader, value, "A", "B", letters), letters)
    one, two = optional(reader, raw, "engagement", lambda value: _falling(reader, value, "1", "2", digits), digits)
    return Grades(a=a, b=b, one=one, two=two)


def read_matrix(reader: DocumentReader, raw: Any) -> Matrix | None:
    """What is not said is as shipped."""
    if reader.mapping(raw, allowed=frozenset({"engagement", "qualification", "actions"})) is None:
        return None
    return Matrix(
        engagement=optional(reader, raw, "engagement", lambda value: _levels(reader, value), MatrixLevels()),
        qualification=optional(reader, raw, "qualification", lambda value: _levels(reader, value), MatrixLevels()),
        cells=optional(reader, raw, "actions", lambda value: _cells(reader, value), SHIPPED),
    )


def _levels(reader: DocumentReader, raw: Any) -> MatrixLevels | None:
    pair = _falling(reader, raw, "high", "middle", (MatrixLevels().high, MatrixLevels().middle))
    return pair and MatrixLevels(high=pair[0], middle=pair[1])


def _cells(reader: DocumentReader, raw: Any) -> tuple[MatrixCell, ...]:
    """The shipped cells with the written ones in their places."""
    written: dict[tuple[MatrixLevel, MatrixLevel], MatrixCell] = {}
    for member in reader.items(raw, at_most=len(SHIPPED)):
        if reader.mapping(member, allowed=frozenset(CELL), required=CELL) is None:
            continue
        engagement: MatrixLevel | None = optional(
            reader, member, "engagement", lambda value: reader.choice(value, MatrixLevel), None
        )
        qualification: MatrixLevel | None = optional(
            reader, member, "qualification", lambda value: reader.choice(value, MatrixLevel), None
        )
        action: MatrixAction | None = optional(
            reader, member, "action", lambda value: reader.choice(value, MatrixAction), None
        )
        if engagement is None or qualification is None or action is None:
            continue
        if (engagement, qualification) in written:
            reader.refuse("duplicate_cell")
        else:
            cell = MatrixCell(engagement=engagement, qualification=qualification, action=action)
            written[engagement, qualification] = cell
    return tuple(written.get((cell.engagement, cell.qualification), cell) for cell in SHIPPED)
