"""The decision matrix as data: a level of engagement and one of qualification meet in a cell that has an action."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class MatrixLevel(StrEnum):
    HIGH = "high"
    MIDDLE = "middle"
    LOW = "low"


class MatrixAction(StrEnum):
    HAND_OVER = "hand_over"
    QUALIFY = "qualify"
    NURTURE_MORE = "nurture_more"
    NURTURE = "nurture"
    WAIT = "wait"


@dataclass(frozen=True, kw_only=True, slots=True)
class MatrixLevels:
    """The points from which a score is high or middle; below both it is low."""

    high: Decimal = Decimal(60)
    middle: Decimal = Decimal(30)


@dataclass(frozen=True, kw_only=True, slots=True)
class MatrixCell:
    engagement: MatrixLevel
    qualification: MatrixLevel
    action: MatrixAction


def _cells(qualification: MatrixLevel, *actions: MatrixAction) -> tuple[MatrixCell, ...]:
    """A row of the matrix, engagement falling."""
    return tuple(
        MatrixCell(engagement=level, qualification=qualification, action=action)
        for level, action in zip(MatrixLevel, actions, strict=True)
    )


SHIPPED = (
    *_cells(MatrixLevel.HIGH, MatrixAction.HAND_OVER, MatrixAction.NURTURE_MORE, MatrixAction.NURTURE_MORE),
    *_cells(MatrixLevel.MIDDLE, MatrixAction.QUALIFY, MatrixAction.NURTURE_MORE, MatrixAction.NURTURE),
    *_cells(MatrixLevel.LOW, MatrixAction.QUALIFY, MatrixAction.NURTURE, MatrixAction.WAIT),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """Nine cells, row by row: qualification falling, and in each row engagement falling."""

    engagement: MatrixLevels = field(default_factory=MatrixLevels)
    qualification: MatrixLevels = field(default_factory=MatrixLevels)
    cells: tuple[MatrixCell, ...] = SHIPPED

    def cell(self, engagement: MatrixLevel, qualification: MatrixLevel) -> MatrixCell:
        return next(c for c in self.cells if c.engagement is engagement and c.qualification is qualification)
