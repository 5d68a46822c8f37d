"""Scores, their changes and episodes, written in one statement that sees the old state and the new one together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.db import connection
from psycopg.sql import SQL

from engine import Catalog, CompiledStatement, Condition, Sources, compile_document
from leads.actions import advance_stage
from leads.enums import Stage
from scoring.models import ScoringModel, Version
from scoring.queries.catalog import catalog
from scoring.queries.documents import document_of
from scoring.queries.state import GATES, STAGE_ROSE, state, state_parameters, within
from scoring.queries.waits import waits_in
from scoring.statements import CHANGING, DECIDED, FORGET, ROSE, STORED, WRITES


@dataclass(frozen=True, kw_only=True)
class BatchCounts:
    """What one batch did."""

    written: int = 0
    changes: int = 0
    opened: int = 0
    closed: int = 0

    def __add__(self, other: BatchCounts) -> BatchCounts:
        return BatchCounts(**{name: getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__})


@dataclass(frozen=True)
class _Batch:
    """What the text of the statement depends on, and the first batch that needed it: the text serves all like it."""

    version: int
    moves: bool
    waits: tuple[Condition, ...]
    shape: tuple[object, ...]
    catalog: Catalog
    sources: Sources = field(compare=False)
    t: datetime = field(compare=False)


def write_scores(*, version: Version, model: ScoringModel, sources: Sources, t: datetime, refresh: bool) -> BatchCounts:
    """Score the leads of `sources` at `t` and write what became of them. Their rows must be locked.

    Whose verdict about the stage rose under the primary model moves forward to it.

    `refresh` also writes the new instant of scores that came out the same: what is known of those leads has changed,
    so that the old instant no longer stands for the old score.
    """
    document = document_of(version)
    moves, waits = bool(model.is_primary and document.stages.rules), waits_in(model, sources.scope)
    batch = _Batch(version.pk, moves, waits.conditions, sources.shape, catalog(), sources, t)
    compiled, query = _statement(batch)
    parameters = compiled.parameters_for(sources, t) | state_parameters(document, model, t, waits)
    with connection.cursor() as cursor:
        cursor.execute(query, parameters | {"w_version": version.pk, "w_refresh": refresh})
        written, changes, opened, closed, *risen = cursor.fetchone()
    for stage, ids in zip((Stage.MQL, Stage.SQL), risen, strict=False):
        advance_stage(ids=ids or (), to=stage, reason="met_stage_rule", now=t, version=f"{model} v{version.number}")
    return BatchCounts(written=written, changes=changes, opened=opened, closed=closed)


@lru_cache(maxsize=16)
def _statement(batch: _Batch) -> tuple[CompiledStatement, str]:
    """Compiled once a process: for few leads that takes as long as scoring them."""
    document, scope = document_of(batch.version), batch.sources.scope
    conditions = (*GATES, *batch.waits)
    compiled = compile_document(document, batch.catalog, sources=batch.sources, t=batch.t, conditions=conditions)
    decided = state(compiled.query, sources=batch.sources, stored=STORED, decided=DECIDED, wanted=CHANGING)
    rose = SQL(ROSE).format(rose=SQL(STAGE_ROSE)) if batch.moves else SQL("")
    writes = SQL(WRITES).format(moved=within(scope, "episode.lead_id"))
    return compiled, SQL("WITH {},{}{}").format(decided, writes, rose).as_string(None)


def forget_merged(*, ids: Sequence[int], t: datetime) -> BatchCounts:
    """Take the scores of leads that were merged away, and end their episodes."""
    return BatchCounts(closed=len(end_merged(ids=ids, t=t)))


def end_merged(*, ids: Sequence[int], t: datetime) -> list[tuple[int, int]]:
    """The same; returns lead and episode of what ended, for whoever may have to take that back."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"ids": list(ids), "t": t})
        return list(cursor.fetchall())
