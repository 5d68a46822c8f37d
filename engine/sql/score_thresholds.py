"""Where scores turn something: the hundredths at which a band, verdict, stage or hold becomes another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.matrix import MatrixLevels
from engine.nodes import Document, Op, ScoreLeaf, hundredths
from engine.sql.totals import HUNDRED_POINTS


def score_thresholds(document: Document, leaves: Iterable[ScoreLeaf], *, whole_points: bool) -> dict[str, list[int]]:
    """Of each score, in order. `leaves` are those of all conditions that follow the scores.

    With whole points grades turn too, but none of the cuts is a whole point: at those everybody looks anyway.
    """
    bands, grades = document.bands, document.grades
    found: dict[str, set[int]] = {"total": {hundredths(bands.hot), hundredths(bands.warm)}}
    if whole_points:
        found["fit"] = {hundredths(grades.a), hundredths(grades.b)}
        found["engagement"] = {hundredths(grades.one), hundredths(grades.two)}
    for hot in document.hot:
        if hot.exit_total is not None:
            found["total"].add(hundredths(hot.exit_total) + 1)
    for score, levels in _levels(document):
        found.setdefault(score, set()).update({hundredths(levels.high), hundredths(levels.middle)})
    for leaf in leaves:
        found.setdefault(leaf.score, set()).update(_turns(leaf))
    return {
        score: sorted(cut for cut in those if 0 < cut <= HUNDRED_POINTS and not (whole_points and cut % 100 == 0))
        for score, those in found.items()
    }


def _levels(document: Document) -> Iterator[tuple[str, MatrixLevels]]:
    """Where the cell of the decision matrix turns."""
    if document.matrix is not None:
        yield "engagement", document.matrix.engagement
        yield "qualification", document.matrix.qualification


def _turns(leaf: ScoreLeaf) -> set[int]:
    """`>= v` turns at v, `> v` one hundredth later, `= v` at both."""
    at = hundredths(leaf.value)
    if leaf.op in (Op.GE, Op.LT):
        return {at}
    return {at + 1} if leaf.op in (Op.GT, Op.LE) else {at, at + 1}
