"""What going back to a version would do to the leads, counted beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine import Document
from scoring.enums import Fate
from scoring.models import ScoringModel
from studio.queries.effect import effect_of


@dataclass(frozen=True, kw_only=True)
class RollbackEffect:
    """Counts of leads: over all, who becomes hot, who stops being so, and who changes band."""

    leads: int
    entering: int
    leaving: int
    rebanded: int


def rollback_effect_of(document: Document, *, model: ScoringModel, now: datetime) -> RollbackEffect:
    """One pass over all leads. Raises EffectTimeoutError."""
    part = effect_of(document, model=model, t=now)
    fates = [move.fate for move in part.moves]
    moved = ((cell, leads) for cell, leads in part.cells.items() if cell.band_before not in (None, cell.band))
    return RollbackEffect(
        leads=part.cells.total(),
        entering=fates.count(Fate.ENTERING),
        leaving=fates.count(Fate.LEAVING),
        rebanded=sum(leads for _cell, leads in moved),
    )
