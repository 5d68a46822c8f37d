"""The lines of the sum: what rules give, what has faded, each bound that bites, points by hand; together the total."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from engine.explanation import AdjustmentPoints, GroupPoints, SumLine
from engine.sql.statement import ScoreRow
from engine.words.phrases import Language


def sum_lines(
    groups: Sequence[GroupPoints], adjustments: Sequence[AdjustmentPoints], row: ScoreRow, words: Language
) -> Iterator[SumLine]:
    """In the order in which they apply; lines of 0 points are left out."""

    def line(kind: str, points: int, path: str = "", name: str = "", **about: Any) -> Iterator[SumLine]:
        if points:
            yield SumLine(kind=kind, name=name, path=path, text=words.line(kind, name), points=points, **about)

    for index, group in enumerate(groups):
        path = f"groups[{index}]"
        for number, rule in enumerate(group.rules):
            place = f"{path}.rules[{number}]"
            steps = {"rule": rule.full, "decay": rule.uncapped - rule.full, "cap": rule.points - rule.uncapped}
            for kind, points in steps.items():
                yield from line(kind, points, place, rule.name, group=group, rule=rule)
        bounded = row.group_bounded[index]
        bound = "min" if bounded > group.uncapped else "max"
        yield from line(bound, bounded - group.uncapped, path, group.name, group=group)
        yield from line("inactivity", group.points - bounded, path, group.name, group=group)
    for index, adjustment in enumerate(adjustments):
        yield from line("adjustment", adjustment.points, f"adjustments[{index}]", adjustment.reason)
    yield from line("floor" if row.total_raw < 0 else "ceiling", row.total - row.total_raw)
