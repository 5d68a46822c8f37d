"""The section that says what becomes of leads: what each rejection does, and what each cell of the decision matrix."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from engine import Condition
from engine.matrix import Matrix, MatrixLevel
from engine.matrix_conditions import cells_condition
from handoff.enums import RejectEffect
from handoff.policy.lists import entries_of, is_in
from handoff.policy.problems import PolicyProblem
from handoff.policy.shapes import unknown_names

Raw = dict[str, Any]
Cell = tuple[MatrixLevel, MatrixLevel]
"""A level of engagement and one of qualification."""

PARTS = {"reasons", "cells", "requests", "confirm"}
CELLS: tuple[Cell, ...] = tuple(
    (engagement, qualification) for qualification in MatrixLevel for engagement in MatrixLevel
)  # fmt: skip
"""Row by row: qualification falling, and in each row engagement falling."""
HEIGHT = {MatrixLevel.LOW: 0, MatrixLevel.MIDDLE: 1, MatrixLevel.HIGH: 2}


class CellDo(StrEnum):
    """What becomes of a lead that is hot and stands in a cell."""

    HAND_OVER = "hand_over"
    CONFIRM = "confirm"  # somebody calls and confirms the need first
    NURTURE = "nurture"
    REST = "rest"  # nothing: it stays in its stage


HANDED = (CellDo.HAND_OVER, CellDo.CONFIRM)


class Requests(StrEnum):
    """What becomes of leads that asked for something: a hot definition marked `again` makes them hot."""

    HAND_OVER = "hand_over"
    FOLLOW = "follow"  # the cell decides about them too


def code_of(cell: Cell) -> str:
    """A cell as the history keeps it: `middle_high`."""
    return "_".join(cell)


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """A cell that is not named hands over. `confirm` is the key of who confirms needs; None: whoever has the lead."""

    reasons: Mapping[str, RejectEffect] = field(default_factory=dict)
    cells: Mapping[Cell, CellDo] = field(default_factory=dict)
    requests: Requests = Requests.HAND_OVER
    confirm: int | None = None

    def do(self, cell: Cell) -> CellDo:
        return self.cells.get(cell, CellDo.HAND_OVER)

    def way_back(self, cell: Cell, matrix: Matrix) -> Condition | None:
        """What brings a lead of this cell to sales by itself: a higher score that leads to a cell that hands over.

        None where no such cell is left.
        """
        higher = [
            (engagement, qualification)
            for engagement, qualification in CELLS
            if self.do((engagement, qualification)) in HANDED
            and (HEIGHT[engagement] > HEIGHT[cell[0]] or HEIGHT[qualification] > HEIGHT[cell[1]])
        ]
        return cells_condition(higher, matrix) if higher else None


def read_outcomes(raw: Raw) -> Outcomes:
    """The section as it was published."""
    return Outcomes(
        reasons={code: RejectEffect(effect) for code, effect in raw.get("reasons", {}).items()},
        cells={
            (MatrixLevel(cell["engagement"]), MatrixLevel(cell["qualification"])): CellDo(cell["do"])
            for cell in raw.get("cells", ())
        },
        requests=Requests(raw.get("requests", Requests.HAND_OVER)),
        confirm=(raw.get("confirm") or {}).get("person"),
    )


# --- what is wrong with one ------------------------------------------------------------------------------------------


def outcomes_problems(raw: Any, reasons: Collection[str], people: Collection[int]) -> list[PolicyProblem]:
    """Everything that keeps the section from being published."""
    if not isinstance(raw, Mapping):
        return [PolicyProblem(path="", text=_("Write reasons and cells."))]
    return [
        *unknown_names(raw, PARTS),
        *_reasons_problems(raw.get("reasons", {}), reasons),
        *_cells_problems(raw),
        *_others_problems(raw, people),
    ]


def _reasons_problems(raw: Any, known: Collection[str]) -> Iterator[PolicyProblem]:
    if not isinstance(raw, Mapping):
        yield PolicyProblem(path="reasons", text=_("Write an effect for each reason."))
        return
    yield from unknown_names(raw, known, "reasons")
    for code, effect in raw.items():
        if not is_in(effect, set(RejectEffect)):
            words = _("Choose what happens to the lead. Available: %(offered)s.")
            offered = ", ".join(RejectEffect.values)
            yield PolicyProblem(path=f"reasons.{code}", text=words % {"offered": offered})


def _cells_problems(raw: Mapping[str, Any]) -> Iterator[PolicyProblem]:
    cells, problems = entries_of(raw, "cells", len(CELLS))
    yield from problems
    seen: set[tuple[Any, Any]] = set()
    for place, cell in enumerate(cells):
        path = f"cells[{place}]"
        yield from unknown_names(cell, {"engagement", "qualification", "do"}, path)
        wrong = [name for name in ("engagement", "qualification") if not is_in(cell.get(name), set(MatrixLevel))]
        for name in wrong:
            offered = ", ".join(MatrixLevel)
            text = _("Choose a level. Available: %(offered)s.") % {"offered": offered}
            yield PolicyProblem(path=f"{path}.{name}", text=text)
        if not wrong and (cell["engagement"], cell["qualification"]) in seen:
            yield PolicyProblem(path=path, text=_("This cell is named twice. Remove one."))
        seen |= set() if wrong else {(cell["engagement"], cell["qualification"])}
        if not is_in(cell.get("do"), set(CellDo)):
            words = _("Choose what happens to the lead. Available: %(offered)s.")
            yield PolicyProblem(path=f"{path}.do", text=words % {"offered": ", ".join(CellDo)})


def _others_problems(raw: Mapping[str, Any], people: Collection[int]) -> Iterator[PolicyProblem]:
    if not is_in(raw.get("requests", Requests.HAND_OVER), set(Requests)):
        text = _("Choose what happens to the lead. Available: %(offered)s.") % {"offered": ", ".join(Requests)}
        yield PolicyProblem(path="requests", text=text)
    confirm = raw.get("confirm")
    if confirm is not None and not (isinstance(confirm, Mapping) and is_in(confirm.get("person"), people)):
        yield PolicyProblem(path="confirm.person", text=_("Choose an active user who sees to-dos."))
