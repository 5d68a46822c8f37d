"""The values of each score, in hundredths, at which a band, grade, verdict, stage or hold becomes another one."""

from __future__ import annotations

from collections.abc import Iterable

from engine.nodes import Document, Op, ScoreLeaf, hundredths
from engine.sql.totals import HUNDRED_POINTS


def score_thresholds(document: Document, leaves: Iterable[ScoreLeaf], *, whole_points: bool) -> dict[str, list[int]]:
    """Of each score, in order. `leaves` are those of all conditions that follow the scores.

    With whole points grades turn too, but none of the cuts is a whole point: at those everybody looks anyway.
    """
    bands, grades = document.bands, document.grades
    thresholds: dict[str, set[int]] = {"total": {hundredths(bands.hot), hundredths(bands.warm)}}
    if whole_points:
        thresholds["fit"] = {hundredths(grades.a), hundredths(grades.b)}
        thresholds["engagement"] = {hundredths(grades.one), hundredths(grades.two)}
    for hot in document.hot:
        if hot.exit_total is not None:
            thresholds["total"].add(hundredths(hot.exit_total) + 1)
    if document.matrix is not None:
        for score, levels in (
            ("engagement", document.matrix.engagement),
            ("qualification", document.matrix.qualification),
        ):
            thresholds.setdefault(score, set()).update({hundredths(levels.high), hundredths(levels.middle)})
    for leaf in leaves:
        thresholds.setdefault(leaf.score, set()).update(_turns(leaf))
    return {
        score: sorted(
            threshold
            for threshold in those
            if 0 < threshold <= HUNDRED_POINTS and not (whole_points and threshold % 100 == 0)
        )
        for score, those in thresholds.items()
    }


def _turns(leaf: ScoreLeaf) -> set[int]:
    """`>= v` turns at v, `> v` one hundredth later, `= v` at both."""
    at = hundredths(leaf.value)
    if leaf.op in (Op.GE, Op.LT):
        return {at}
    return {at + 1} if leaf.op in (Op.GT, Op.LE) else {at, at + 1}
