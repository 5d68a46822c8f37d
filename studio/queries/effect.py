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
from scoring.queries.state import STAGE_ROSE, state, state_parameters
from studio.errors import StudioError

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


_NEEDED: LiteralString = "SELECT lead_id, total, band, grade, hot, holds, stage FROM ({}) AS scored"
_STORED: LiteralString = (
    "score.total AS total_before, score.band AS band_before, score.grade AS grade_before, score.stage AS stage_before"
)
_DECIDED: LiteralString = (
    "lead_id, total, band, grade, stage, total_before, band_before, grade_before, stage_before, episode_id, cooling,"
    " ends"
)
# Looked up only for those whose verdict rises.
_ADVANCES: LiteralString = """CASE WHEN {rose} AND EXISTS (
        SELECT FROM leads_lead AS lead WHERE lead.id = decided.lead_id
            AND lead.stage = ANY (CASE stage WHEN 'sql' THEN %(behind_sql)s::text[] ELSE %(behind_mql)s::text[] END))
    THEN stage ELSE '' END"""
# Begins with SELECT, since what else could write is given the context of the audit trail.
_EFFECT: LiteralString = """
SELECT cells, moves FROM (
    WITH {state},
    told AS (
        SELECT decided.*, CASE
            WHEN episode_id IS NULL THEN CASE WHEN is_hot THEN 'entering' ELSE '' END
            WHEN NOT is_hot THEN 'leaving' WHEN cooling IS NOT NULL THEN 'cooling' ELSE 'staying' END AS fate,
            {advances} AS advances
        FROM decided
    ),
    counted AS (
        SELECT least(total_before / {bin}, {last}) AS bin_before, least(total / {bin}, {last}) AS bin_after,
            band_before, band, coalesce(grade <> grade_before, false) AS regraded, fate, advances,
            count(*) AS leads
        FROM told GROUP BY 1, 2, 3, 4, 5, 6, 7
    )
    SELECT
        (SELECT json_agg(json_build_array(bin_before, bin_after, band_before, band, regraded, fate, advances, leads))
         FROM counted) AS cells,
        (SELECT json_agg(json_build_array(lead_id, fate, total_before, total))
         FROM told WHERE fate IN ('entering', 'leaving')) AS moves
) AS effect"""
_FLIPS: LiteralString = """
SELECT entering, leaving FROM (
    WITH {state}
    SELECT count(*) FILTER (WHERE episode_id IS NULL AND is_hot) AS entering,
        count(*) FILTER (WHERE episode_id IS NOT NULL AND NOT is_hot) AS leaving
    FROM decided
) AS flips"""
_COMING: LiteralString = """
SELECT mql, sql FROM (
    WITH {state}
    SELECT count(*) FILTER (WHERE advances = 'mql') AS mql, count(*) FILTER (WHERE advances = 'sql') AS sql
    FROM (SELECT {advances} AS advances FROM decided) AS told
) AS coming"""


def effect_of(document: Document, *, model: ScoringModel, t: datetime, scope: LeadScope = EVERYONE) -> EffectPart:
    """What `document` would change at `t` for the leads of `scope`. Raises EffectTimeoutError."""
    query = EffectQuery(document, model, t, scope)
    decided = state(query.columns(_NEEDED), scope=scope, stored=_STORED, decided=_DECIDED)
    cells, moves = query.run(
        SQL(_EFFECT).format(state=decided, bin=SQL(str(BIN)), last=SQL(str(BINS - 1)), advances=query.advances())
    )
    return EffectPart(cells=read_cells(cells or []), moves=tuple(MovedLead(*move) for move in moves or []))


def flips_of(document: Document, *, model: ScoringModel, t: datetime, scope: LeadScope = EVERYONE) -> tuple[int, int]:
    """How many of the leads would become hot, and how many would stop being so. Raises EffectTimeoutError."""
    query = EffectQuery(document, model, t, scope)
    decided = state(
        query.columns("SELECT lead_id, hot, holds FROM ({}) AS scored"),
        scope=scope,
        stored="score.id AS score_id",
        decided="episode_id, ends",
    )
    entering, leaving = query.run(SQL(_FLIPS).format(state=decided))
    return int(entering), int(leaving)


def advancing(document: Document, *, model: ScoringModel, t: datetime) -> tuple[int, int]:
    """How many leads would become an MQL, and how many an SQL. Raises EffectTimeoutError."""
    query = EffectQuery(document, model, t, EVERYONE)
    if not query.moves:
        return 0, 0
    decided = state(
        query.columns("SELECT lead_id, hot, holds, stage FROM ({}) AS scored"),
        scope=EVERYONE,
        stored="score.stage AS stage_before",
        decided="lead_id, stage, stage_before, episode_id, ends",
    )
    mql, sql = query.run(SQL(_COMING).format(state=decided, advances=query.advances()))
    return int(mql), int(sql)


class EffectQuery:
    """The engine's statement for a document, and the leads and the instant that it is asked about."""

    def __init__(self, document: Document, model: ScoringModel, t: datetime, scope: LeadScope) -> None:
        sources = now_sources(scope=scope, model=model)
        self.compiled = compile_document(document, catalog(), sources=sources, t=t, next_change=False)
        self.moves = model.is_primary and bool(document.stages.rules)
        behind = {f"behind_{stage}": list(stages) for stage, stages in BEHIND.items()}
        self.parameters = self.compiled.parameters | state_parameters(document, model, t) | behind

    def columns(self, needed: LiteralString) -> Composable:
        """The engine's statement with only these columns: what is not selected is not computed."""
        return SQL(needed).format(self.compiled.query)

    def advances(self) -> Composable:
        """To which stage a lead of `decided` would move forward; only the primary model moves any."""
        return SQL(_ADVANCES).format(rose=SQL(STAGE_ROSE)) if self.moves else SQL("''::text")

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
