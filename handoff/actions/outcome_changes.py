"""A new version of the outcomes: it counts for the reasons of rejections, and for leads that rest by an earlier one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.dump import dump_condition
from engine.matrix import MatrixLevel
from handoff.enums import RejectEffect
from handoff.models import HandoffStep, RejectReason
from handoff.policy.outcomes import CELLS, HANDED, Cell, Outcomes, code_of, read_outcomes
from handoff.routing import PUT_ASIDE
from scoring.actions import WakeUp, change_waits
from scoring.models import ScoringModel
from scoring.queries.documents import document_of


def follow_outcomes(document: Mapping[str, Any], now: datetime) -> None:
    """Copy what the section says to the reasons, and have resting leads wait for what it says of their cell."""
    outcomes = read_outcomes(dict(document))
    _follow_reasons(outcomes)
    cells = {code_of(cell): cell for cell in CELLS}
    resting: dict[tuple[int, Cell], list[int]] = defaultdict(list)
    steps = HandoffStep.objects.filter(
        kind="queued", handoff__routed_by__in=PUT_ASIDE, params__cell__in=list(cells)
    )  # fmt: skip
    for model, episode, params in steps.values_list("handoff__model", "handoff__episode", "params"):
        resting[model, cells[params["cell"]]].append(episode)
    models = ScoringModel.objects.exclude(current_version=None).in_bulk({model for model, _cell in resting})
    for (pk, cell), episodes in resting.items():
        if pk in models:
            change_waits(episodes=episodes, wake=_wake(outcomes, cell, models[pk], now), now=now)


def _follow_reasons(outcomes: Outcomes) -> None:
    """A reason that the section doesn't name returns leads to nurture."""
    for reason in RejectReason.objects.select_for_update():
        effect = outcomes.reasons.get(reason.code, RejectEffect.NURTURE)
        if reason.effect != effect:
            reason.effect = effect
            reason.save(update_fields=["effect"])


def _wake(outcomes: Outcomes, cell: tuple[MatrixLevel, MatrixLevel], model: ScoringModel, now: datetime) -> WakeUp:
    """At once where the cell hands over now; else a higher score."""
    if outcomes.do(cell) in HANDED:
        return WakeUp(at=now)
    matrix = document_of(model.current_version_id or 0).matrix
    back = outcomes.way_back(cell, matrix) if matrix else None
    return WakeUp(when=dump_condition(back) if back else None)
