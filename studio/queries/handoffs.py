"""How many leads a publication would give to sales: counted before it happens, so that somebody can say no."""

from __future__ import annotations

from datetime import datetime

from psycopg.sql import SQL

from engine import EVERYONE, Document
from scoring.models import Episode, ScoringModel
from scoring.queries.state import state
from studio.queries.effect import EffectQuery
from studio.statements import HANDED_OVER


def handed_over_by(document: Document, *, model: ScoringModel, t: datetime) -> int:
    """Known leads that would become hot by publishing `document`; 0 of a model that hands nobody over.

    Raises EffectTimeoutError.
    """
    if not model.hands_over:
        return 0
    query = EffectQuery(document, model, t, EVERYONE)
    decided = state(
        query.columns("SELECT lead_id, total, hot, holds, again, woken, matches FROM ({}) AS scored"),
        sources=query.sources,
        stored="score.id AS score_id",
        decided="lead_id, episode_id, ends",
    )
    (number,) = query.run(SQL(HANDED_OVER).format(state=decided))
    return int(number)


def waiting_leads(model: ScoringModel) -> int:
    """Known leads that are hot under a model that hands nobody over yet: who would be given to sales at once."""
    known = Episode.objects.filter(lead__is_anonymous=False, lead__merged_into=None)
    return known.filter(model=model, ended_at=None, handoff=None).count()
