"""The decision matrix as data: a level of engagement and one of qualification meet in a cell that has an action."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Level(StrEnum):
    HIGH = "high"
    MIDDLE = "middle"
    LOW = "low"


class Action(StrEnum):
    HAND_OVER = "hand_over"
    QUALIFY = "qualify"
    NURTURE_MORE = "nurture_more"
    NURTURE = "nurture"
    WAIT = "wait"


@dataclass(frozen=True, kw_only=True, slots=True)
class Levels:
    """The points from which a score is high or middle; below both it is low."""

    high: Decimal = Decimal(60)
    middle: Decimal = Decimal(30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    engagement: Level
    qualification: Level
    action: Action


def _cells(qualification: Level, *actions: Action) -> tuple[Cell, ...]:
    """A row of the matrix, engagement falling."""
    return tuple(
        Cell(engagement=level, qualification=qualification, action=action)
        for level, action in zip(Level, actions, strict=True)
    )


SHIPPED = (
    *_cells(Level.HIGH, Action.HAND_OVER, Action.NURTURE_MORE, Action.NURTURE_MORE),
    *_cells(Level.MIDDLE, Action.QUALIFY, Action.NURTURE_MORE, Action.NURTURE),
    *_cells(Level.LOW, Action.QUALIFY, Action.NURTURE, Action.WAIT),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """Nine cells, row by row: qualification falling, and in each row engagement falling."""

    engagement: Levels = field(default_factory=Levels)
    qualification: Levels = field(default_factory=Levels)
    cells: tuple[Cell, ...] = SHIPPED

    def cell(self, engagement: Level, qualification: Level) -> Cell:
        return next(c for c in self.cells if c.engagement is engagement and c.qualification is qualification)
