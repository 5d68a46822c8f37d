"""What the decision matrix means: an action as the scores that lead to it, and the cell that scores lead to."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.matrix import Matrix, MatrixCell, MatrixLevel, MatrixLevels
from engine.nodes import ActionLeaf, AllOf, AnyOf, Condition, Dimension, Not, Op, ScoreLeaf, hundredths


def action_condition(leaf: ActionLeaf, matrix: Matrix) -> AnyOf:
    """The score conditions that an action stands for: a part for each cell that has one of the actions."""
    parts = []
    for cell in matrix.cells:
        if cell.action in leaf.actions:
            engagement = _bounds(Dimension.ENGAGEMENT, cell.engagement, matrix.engagement)
            qualification = _bounds(Dimension.QUALIFICATION, cell.qualification, matrix.qualification)
            parts.append(AllOf(parts=(*engagement, *qualification)))
    return AnyOf(parts=tuple(parts))


def cells_condition(cells: Collection[tuple[MatrixLevel, MatrixLevel]], matrix: Matrix) -> Condition:
    """The scores that lead to one of these cells, each a level of engagement and one of qualification.

    Of a level of engagement with every level of qualification, engagement alone is asked for.
    """
    parts: list[Condition] = []
    for engagement in MatrixLevel:
        levels = [level for level in MatrixLevel if (engagement, level) in cells]
        bounds = tuple(_bounds(Dimension.ENGAGEMENT, engagement, matrix.engagement))
        if len(levels) == len(MatrixLevel):
            parts.append(_joined(bounds))
            continue
        for level in levels:
            others = _bounds(Dimension.QUALIFICATION, level, matrix.qualification)
            parts.append(_joined((*bounds, *others)))
    return parts[0] if len(parts) == 1 else AnyOf(parts=tuple(parts))


def _joined(parts: tuple[Condition, ...]) -> Condition:
    return parts[0] if len(parts) == 1 else AllOf(parts=parts)


def without_actions(node: Condition, matrix: Matrix | None) -> Condition:
    """The condition with the scores that they stand for in the place of actions."""
    match node:
        case AllOf(parts=parts):
            return AllOf(parts=tuple(without_actions(part, matrix) for part in parts))
        case AnyOf(parts=parts):
            return AnyOf(parts=tuple(without_actions(part, matrix) for part in parts))
        case Not(part=part):
            return Not(part=without_actions(part, matrix))
        case ActionLeaf() if matrix is not None:
            return action_condition(node, matrix)
        case _:
            return node


def _bounds(score: Dimension, level: MatrixLevel, levels: MatrixLevels) -> Iterator[ScoreLeaf]:
    if level is not MatrixLevel.LOW:
        yield ScoreLeaf(score=score, op=Op.GE, value=levels.high if level is MatrixLevel.HIGH else levels.middle)
    if level is not MatrixLevel.HIGH:
        yield ScoreLeaf(score=score, op=Op.LT, value=levels.middle if level is MatrixLevel.LOW else levels.high)


def cell_of(matrix: Matrix, *, engagement: int, qualification: int) -> MatrixCell:
    """The cell of two scores in hundredths."""
    return matrix.cell(_level(engagement, matrix.engagement), _level(qualification, matrix.qualification))


def _level(score: int, levels: MatrixLevels) -> MatrixLevel:
    if score >= hundredths(levels.high):
        return MatrixLevel.HIGH
    return MatrixLevel.MIDDLE if score >= hundredths(levels.middle) else MatrixLevel.LOW
