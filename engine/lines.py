"""The lines of the sum: what rules give, what fades, each bound that bites, what people added; together the total."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from engine.nodes import Document
from engine.sql.statement import Row
from engine.sql.totals import places
from engine.words.phrases import Language


def points(hundredths: int) -> float:
    return round(int(hundredths) / 100, 2)


def lines(
    document: Document, row: Row, full: Sequence[int], adjustments: Sequence[dict[str, Any]], words: Language
) -> Iterator[dict[str, Any]]:
    """In the order in which they apply. `full` are the hundredths that every rule gave before anything faded."""
    for place in places(document):
        path = f"groups[{place.index - 1}]"
        for number, (rule, index) in enumerate(zip(place.group.rules, place.rules, strict=True)):
            whole, before, after = full[index - 1], row.uncapped[index - 1], row.points[index - 1]
            own = f"{path}.rules[{number}]"
            yield from _line(words, "rule", rule.name, whole, own)
            yield from _line(words, "decay", rule.name, before - whole, own)
            yield from _line(words, "cap", rule.name, after - before, own)
        bounded, summed = row.group_bounded[place.index - 1], row.group_uncapped[place.index - 1]
        yield from _line(words, "min" if bounded > summed else "max", place.group.name, bounded - summed, path)
        left = row.group_points[place.index - 1]
        yield from _line(words, "inactivity", place.group.name, left - bounded, path)
    for index, given in enumerate(adjustments):
        yield from _line(words, "adjustment", given["reason"], round(given["points"] * 100), f"adjustments[{index}]")
    yield from _line(words, "floor" if row.total_raw < 0 else "ceiling", "", row.total - row.total_raw, "")


def _line(words: Language, kind: str, name: str, change: int, path: str) -> Iterator[dict[str, Any]]:
    if change:
        yield {"kind": kind, "name": name, "path": path, "text": words.line(kind, name), "points": points(change)}
