"""The lines of the sum: what rules give, what has faded, each bound that bites, points by hand; together the total."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.explanation import AdjustmentPoints, GroupPoints, SumLine
from engine.sql.statement import ScoreRow
from engine.words.phrases import Language


def sum_lines(
    groups: Sequence[GroupPoints], adjustments: Sequence[AdjustmentPoints], row: ScoreRow, words: Language
) -> Iterator[SumLine]:
    """In the order in which they apply; lines of 0 points are left out."""
    return (line for line in _all_lines(groups, adjustments, row, words) if line.points)


def _all_lines(
    groups: Sequence[GroupPoints], adjustments: Sequence[AdjustmentPoints], row: ScoreRow, words: Language
) -> Iterator[SumLine]:
    for index, group in enumerate(groups):
        path = f"groups[{index}]"
        for number, rule in enumerate(group.rules):
            steps = {"rule": rule.full, "decay": rule.uncapped - rule.full, "cap": rule.points - rule.uncapped}
            for kind, change in steps.items():
                text = words.line(kind, rule.name)
                yield SumLine(
                    kind=kind, name=rule.name, path=f"{path}.rules[{number}]", text=text, points=change,
                    group=group, rule=rule,
                )  # fmt: skip
        bounded = row.group_bounded[index]
        bound = "min" if bounded > group.uncapped else "max"
        for kind, change in ((bound, bounded - group.uncapped), ("inactivity", group.points - bounded)):
            text = words.line(kind, group.name)
            yield SumLine(kind=kind, name=group.name, path=path, text=text, points=change, group=group)
    for index, adjustment in enumerate(adjustments):
        text, path = words.line("adjustment", adjustment.reason), f"adjustments[{index}]"
        yield SumLine(kind="adjustment", name=adjustment.reason, path=path, text=text, points=adjustment.points)
    bound = "floor" if row.total_raw < 0 else "ceiling"
    yield SumLine(kind=bound, name="", path="", text=words.line(bound, ""), points=row.total - row.total_raw)
