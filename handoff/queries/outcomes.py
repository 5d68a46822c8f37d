"""What the policy says of leads by the cell of the decision matrix in which they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.dump import dump_condition
from engine.matrix_conditions import cell_of
from handoff.enums import PolicySection
from handoff.policy.outcomes import Cell, CellDo, Outcomes, Requests, code_of, read_outcomes
from handoff.queries.desk import version_in_force
from handoff.queries.gates import Pair
from scoring.models import Episode, LeadScore
from scoring.queries.documents import document_of


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Where a lead stands in the decision matrix of its model, and what becomes of it there.

    `way_back` is the condition that brings it to sales by itself where it is not handed over, as the rule language
    writes it; None where nothing does.
    """

    cell: str
    do: CellDo
    version: int
    way_back: dict[str, Any] | None = None


def outcomes_in_force() -> tuple[Outcomes, int]:
    """The published section and the number of its version."""
    version = version_in_force(PolicySection.OUTCOMES)
    return (read_outcomes(version.document), version.number) if version else (Outcomes(), 0)


def placed(
    episodes: Sequence[Episode], outcomes: Outcomes, version: int, scores: Mapping[Pair, LeadScore]
) -> dict[int, Placed]:
    """Of each episode its place; without those that a person began, and those of models that have no matrix."""
    found = {}
    for episode in episodes:
        score = scores.get((episode.lead_id, episode.model_id))
        matrix = document_of(score.version_id).matrix if score is not None else None
        if score is None or matrix is None or episode.by_id:
            continue
        at = cell_of(matrix, engagement=score.engagement, qualification=score.qualification)
        cell: Cell = (at.engagement, at.qualification)
        do = outcomes.do(cell)
        if outcomes.requests == Requests.HAND_OVER and has_asked(episode, score):
            do = CellDo.HAND_OVER
        back = outcomes.way_back(cell, matrix) if do in (CellDo.NURTURE, CellDo.REST) else None
        found[episode.pk] = Placed(
            cell=code_of(cell), do=do, version=version, way_back=dump_condition(back) if back else None
        )
    return found


def has_asked(episode: Episode, score: LeadScore) -> bool:
    """Whether the lead is hot by a definition of requests: one that makes hot again whoever asks again."""
    for version in (episode.version_id, score.version_id):
        definitions = document_of(version).hot
        if any(hot.again and hot.name == episode.definition for hot in definitions):
            return True
    definitions = document_of(score.version_id).hot
    return any(hot.again and met for hot, met in zip(definitions, score.hot, strict=False))
