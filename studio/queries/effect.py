"""What publishing a document would change, over all leads or a range of them, in one read-only statement.

"Now" is the stored score and its open episode; "after" is the engine's statement for the document, with the meaning of
episodes that the scorer writes by (`state`): whoever is predicted to become or to stop being hot does so when the
document is published and scored at that instant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString, NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from psycopg.sql import SQL, Composable

from engine import EVERYONE, Document, LeadScope, compile_document
from leads.enums import BEHIND
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.sources import now_sources
from scoring.queries.state import GATES, STAGE_ROSE, state, state_parameters
from scoring.queries.waits import waits_in
from studio.errors import StudioError
from studio.statements import (
    ADVANCES,
    ADVANCING,
    DECIDED,
    FLIPS,
    LEADS_OF_EFFECT,
    SCORED,
    STORED,
    TOLD,
    WHOLE_EFFECT,
)

BINS = 20
BIN = 10_000 // BINS  # hundredths; the last one holds 100 points too
QUERY_CANCELED = "57014"


class EffectTimeoutError(StudioError):
    """The statement was cut off: so many leads are work for a worker."""


class EffectCell(NamedTuple):
    """Leads that share where they come from and where they go. Bins are 0 to 19; None where there was no score."""

    bin_before: int | None
    bin_after: int
    band_before: str | None
    band: str
    regraded: bool
    fate: str
    """entering, leaving, staying (hot), cooling (hot only for the grace time) or "" (not hot)."""
    advances: str = ""
    """mql or sql where the lead would move forward to that stage."""


class MovedLead(NamedTuple):
    """A lead that would become hot or stop being so; totals in hundredths."""

    lead_id: int
    fate: str
    before: int | None
    after: int


@dataclass(frozen=True, kw_only=True)
class EffectPart:
    """The effect on some leads. Parts of different leads add up."""

    cells: Counter[EffectCell] = field(default_factory=Counter)
    moves: tuple[MovedLead, ...] = ()


def effect_of(document: Document, *, model: ScoringModel, t: datetime, scope: LeadScope = EVERYONE) -> EffectPart:
    """What `document` would change at `t` for the leads of `scope`. Raises EffectTimeoutError."""
    query = EffectQuery(document, model, t, scope)
    cells, moves = query.run(SQL(WHOLE_EFFECT).format(state=query.decided(), told=query.told()))
    return EffectPart(cells=read_cells(cells or []), moves=tuple(MovedLead(*move) for move in moves or []))


def leads_of_effect(document: Document, *, model: ScoringModel, t: datetime, test: Composable) -> tuple[int, ...]:
    """The leads of an effect that pass a test of its columns (`TOLD`). Raises EffectTimeoutError."""
    query = EffectQuery(document, model, t, EVERYONE)
    (ids,) = query.run(SQL(LEADS_OF_EFFECT).format(state=query.decided(), told=query.told(), test=test))
    return tuple(ids)


def flips_of(document: Document, *, model: ScoringModel, t: datetime, scope: LeadScope = EVERYONE) -> tuple[int, int]:
    """How many of the leads would become hot, and how many would stop being so. Raises EffectTimeoutError."""
    query = EffectQuery(document, model, t, scope)
    decided = state(
        query.columns("SELECT lead_id, total, hot, holds, again, woken, matches FROM ({}) AS scored"),
        sources=query.sources,
        stored="score.id AS score_id",
        decided="episode_id, ends",
    )
    entering, leaving = query.run(SQL(FLIPS).format(state=decided))
    return int(entering), int(leaving)


def advancing(document: Document, *, model: ScoringModel, t: datetime) -> tuple[int, int]:
    """How many leads would become an MQL, and how many an SQL. Raises EffectTimeoutError."""
    query = EffectQuery(document, model, t, EVERYONE)
    if not query.moves:
        return 0, 0
    decided = state(
        query.columns("SELECT lead_id, total, hot, holds, again, woken, matches, stage FROM ({}) AS scored"),
        sources=query.sources,
        stored="score.stage AS stage_before",
        decided="lead_id, stage, stage_before, episode_id, ends",
    )
    mql, sql = query.run(SQL(ADVANCING).format(state=decided, advances=query.advances()))
    return int(mql), int(sql)


class EffectQuery:
    """The engine's statement for a document, and the leads and the instant that it is asked about."""

    def __init__(self, document: Document, model: ScoringModel, t: datetime, scope: LeadScope) -> None:
        self.sources = sources = now_sources(scope=scope, model=model)
        waits = waits_in(model, scope)
        conditions = (*GATES, *waits.conditions)
        self.compiled = compile_document(
            document, catalog(), sources=sources, t=t, conditions=conditions, next_change=False
        )
        self.moves = model.is_primary and bool(document.stages.rules)
        behind = {f"behind_{stage}": list(stages) for stage, stages in BEHIND.items()}
        self.parameters = self.compiled.parameters | state_parameters(document, model, t, waits) | behind

    def columns(self, needed: LiteralString) -> Composable:
        """The engine's statement with only these columns: what is not selected is not computed."""
        return SQL(needed).format(self.compiled.query)

    def decided(self) -> Composable:
        """The leads as they are stored and as the document decides of them."""
        return state(self.columns(SCORED), sources=self.sources, stored=STORED, decided=DECIDED)

    def told(self) -> Composable:
        """The leads of `decided` with what an effect says of each."""
        return SQL(TOLD).format(advances=self.advances(), bin=SQL(str(BIN)), last=SQL(str(BINS - 1)))

    def advances(self) -> Composable:
        """To which stage a lead of `decided` would move forward; only the primary model moves any."""
        return SQL(ADVANCES).format(rose=SQL(STAGE_ROSE)) if self.moves else SQL("''::text")

    def run(self, query: Composable) -> Any:
        with reading() as cursor:
            cursor.execute(query.as_string(None), self.parameters)
            return cursor.fetchone()


def read_cells(rows: list[list[Any]]) -> Counter[EffectCell]:
    """Cells as they are stored: the columns and how many leads; older ones say nothing of stages."""
    return Counter({EffectCell(*row[:-1]): int(row[-1]) for row in rows})


def written_cells(cells: Counter[EffectCell]) -> list[list[Any]]:
    return [[*cell, leads] for cell, leads in cells.items()]


@contextmanager
def reading() -> Iterator[Any]:
    """A cursor that cannot write, with time and memory for one look at everybody. Raises EffectTimeoutError."""
    limits = {"transaction_read_only": "on", "statement_timeout": settings.PREVIEW_TIMEOUT, "work_mem": "64MB",
              "jit": "off"}  # fmt: skip
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for name, value in limits.items():
                cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
            yield cursor
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) == QUERY_CANCELED:
            raise EffectTimeoutError from error
        raise
