"""Scores, their changes and episodes, written in one statement that sees the old state and the new one together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.db import connection
from psycopg.sql import SQL

from engine import Catalog, CompiledStatement, Sources, compile_document
from leads.actions import advance_stage
from leads.enums import Stage
from scoring.models import ScoringModel, Version
from scoring.queries.catalog import catalog
from scoring.queries.documents import document_of
from scoring.queries.state import STAGE_ROSE, state, state_parameters, within


@dataclass(frozen=True, kw_only=True)
class Written:
    """What one batch did."""

    written: int = 0
    changes: int = 0
    opened: int = 0
    closed: int = 0

    def __add__(self, other: Written) -> Written:
        return Written(**{name: getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__})


_STORED = """score.id AS score_id, score.version_id AS version_before, score.total AS total_before,
        score.band AS band_before, score.grade AS grade_before, score.hot AS hot_before,
        score.stage AS stage_before,
        (score.fit, score.engagement, score.qualification, score.adjustments, score.total, score.band, score.grade,
         score.contributions, score.hot, score.stage) IS DISTINCT FROM
        (computed.fit, computed.engagement, computed.qualification, computed.adjustments, computed.total,
         computed.band::varchar, computed.grade::varchar, computed.points, computed.hot,
         computed.stage::varchar) AS differs,
        score.is_hot AS was_hot, score.next_change_at AS change_before"""
_DECIDED = """lead_id, fit, engagement, qualification, adjustments, total, band, grade, points, hot, stage, score_id,
        version_before, total_before, band_before, grade_before, hot_before, stage_before, differs, was_hot,
        change_before, episode_id, was_cooling, cooling, ends, meets,
        least(next_change_at, CASE WHEN NOT ends THEN cooling + grace END) AS change_at"""
# Of most leads of a re-score nothing is to be written: they are passed by before anything of them is kept.
_CHANGING = """%(w_refresh)s OR score_id IS NULL OR differs OR version_before <> %(w_version)s OR was_hot <> is_hot
        -- An instant noted before stays a safe one until it comes, unless something turns out to happen sooner.
        OR change_at < coalesce(change_before, 'infinity') OR change_before <= %(w_t)s
        OR ends OR was_cooling IS DISTINCT FROM cooling"""

_WRITES = """
written AS (
    INSERT INTO scoring_leadscore (lead_id, model_id, version_id, fit, engagement, qualification, adjustments, total,
        band, grade, contributions, hot, stage, is_hot, scored_at, next_change_at)
    SELECT lead_id, %(w_model)s, %(w_version)s, fit, engagement, qualification, adjustments, total,
        band, grade, points, hot, stage, is_hot, %(w_t)s, change_at
    FROM decided
    ON CONFLICT (lead_id, model_id) DO UPDATE SET
        version_id = excluded.version_id, fit = excluded.fit, engagement = excluded.engagement,
        qualification = excluded.qualification, adjustments = excluded.adjustments, total = excluded.total,
        band = excluded.band, grade = excluded.grade, contributions = excluded.contributions, hot = excluded.hot,
        stage = excluded.stage, is_hot = excluded.is_hot, scored_at = excluded.scored_at,
        next_change_at = excluded.next_change_at
    RETURNING lead_id
),
-- Which definitions were met, by name: a version may have others, in another order.
names AS MATERIALIZED (
    SELECT id, ARRAY(SELECT one.value ->> 'name' FROM jsonb_array_elements(document -> 'hot') WITH ORDINALITY AS one
                     ORDER BY one.ordinality) AS hot_names
    FROM scoring_version WHERE id IN (SELECT version_before FROM decided WHERE version_before <> %(w_version)s)
),
changed AS (
    INSERT INTO scoring_scorechange (lead_id, model_id, version_id, fit, engagement, qualification, adjustments, total,
        band, grade, contributions, hot, stage, at, band_before, grade_before, total_before, hot_before, stage_before)
    SELECT lead_id, %(w_model)s, %(w_version)s, fit, engagement, qualification, adjustments, total,
        band, grade, points, hot, stage, %(w_t)s,
        coalesce(band_before, ''), coalesce(grade_before, ''), total_before, hot_before, coalesce(stage_before, '')
    FROM decided LEFT JOIN names ON names.id = decided.version_before
    WHERE CASE
        WHEN score_id IS NULL THEN band <> 'cold' OR grade <> 'C3' OR stage <> '' OR meets
        WHEN band <> band_before OR grade <> grade_before OR stage <> stage_before THEN true
        WHEN version_before = %(w_version)s OR hot_names = %(w_names)s::text[] THEN hot <> hot_before
        ELSE ARRAY(SELECT name FROM unnest(hot_names, hot_before) AS one(name, met) WHERE met ORDER BY name)
          <> ARRAY(SELECT name FROM unnest(%(w_names)s::text[], hot) AS one(name, met) WHERE met ORDER BY name)
        END
    RETURNING 1
),
opened AS (
    INSERT INTO scoring_episode (lead_id, model_id, version_id, number, definition, score, started_at)
    SELECT lead_id, %(w_model)s, %(w_version)s,
        1 + coalesce((SELECT max(number) FROM scoring_episode AS earlier
                      WHERE earlier.lead_id = decided.lead_id AND earlier.model_id = %(w_model)s), 0),
        (%(w_names)s::text[])[array_position(hot, true)], total, %(w_t)s
    FROM decided WHERE episode_id IS NULL AND meets
    RETURNING 1
),
moved AS (
    UPDATE scoring_episode AS episode
    SET cooling_since = cooling, ended_at = CASE WHEN ends THEN %(w_t)s::timestamptz END
    FROM decided WHERE episode.id = decided.episode_id AND (ends OR was_cooling IS DISTINCT FROM cooling)
        -- Said again: few are open among these leads, and there is an index of them.
        AND episode.model_id = %(w_model)s AND episode.ended_at IS NULL AND {moved}
    RETURNING ends
)
SELECT (SELECT count(*) FROM written), (SELECT count(*) FROM changed),
    (SELECT count(*) FROM opened), (SELECT count(*) FROM moved WHERE ends)"""

# Beside these numbers, of a model that moves leads: whose verdict rose, by the stage it says.
_ROSE = """,
    (SELECT array_agg(lead_id) FROM decided WHERE stage = 'mql' AND {rose}),
    (SELECT array_agg(lead_id) FROM decided WHERE stage = 'sql' AND {rose})"""

# Leads that were merged away stand for nobody: no score, and an open episode ends.
FORGET = """
WITH forgotten AS (
    DELETE FROM scoring_leadscore WHERE lead_id = ANY(%(ids)s::bigint[])
), closed AS (
    UPDATE scoring_episode SET ended_at = greatest(%(t)s, started_at)
    WHERE lead_id = ANY(%(ids)s::bigint[]) AND ended_at IS NULL RETURNING lead_id, id
)
SELECT lead_id, id FROM closed"""


@dataclass(frozen=True)
class _Batch:
    """What the text of the statement depends on, and the first batch that needed it: the text serves all like it."""

    version: int
    moves: bool
    shape: tuple[object, ...]
    catalog: Catalog
    sources: Sources = field(compare=False)
    t: datetime = field(compare=False)


def write_scores(*, version: Version, model: ScoringModel, sources: Sources, t: datetime, refresh: bool) -> Written:
    """Score the leads of `sources` at `t` and write what became of them. Their rows must be locked.

    Whose verdict about the stage rose under the primary model moves forward to it.

    `refresh` also writes the new instant of scores that came out the same: what is known of those leads has changed,
    so that the old instant no longer stands for the old score.
    """
    document = document_of(version)
    batch = _Batch(version.pk, bool(model.is_primary and document.stages.rules), sources.shape, catalog(), sources, t)
    compiled, query = _statement(batch)
    parameters = compiled.parameters_for(sources, t) | state_parameters(document, model, t)
    with connection.cursor() as cursor:
        cursor.execute(query, parameters | {"w_version": version.pk, "w_refresh": refresh})
        written, changes, opened, closed, *risen = cursor.fetchone()
    for stage, ids in zip((Stage.MQL, Stage.SQL), risen, strict=False):
        advance_stage(ids=ids or (), to=stage, reason="met_stage_rule", now=t)
    return Written(written=written, changes=changes, opened=opened, closed=closed)


@lru_cache(maxsize=16)
def _statement(batch: _Batch) -> tuple[CompiledStatement, str]:
    """Compiled once a process: for few leads that takes as long as scoring them."""
    compiled = compile_document(document_of(batch.version), batch.catalog, sources=batch.sources, t=batch.t)
    scope = batch.sources.scope
    decided = state(compiled.query, scope=scope, stored=_STORED, decided=_DECIDED, wanted=_CHANGING)
    rose = SQL(_ROSE).format(rose=SQL(STAGE_ROSE)) if batch.moves else SQL("")
    writes = SQL(_WRITES).format(moved=within(scope, "episode.lead_id"))
    return compiled, SQL("WITH {},{}{}").format(decided, writes, rose).as_string(None)


def forget_merged(*, ids: Sequence[int], t: datetime) -> Written:
    """Take the scores of leads that were merged away, and end their episodes."""
    return Written(closed=len(end_merged(ids=ids, t=t)))


def end_merged(*, ids: Sequence[int], t: datetime) -> list[tuple[int, int]]:
    """The same; returns lead and episode of what ended, for whoever may have to take that back."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"ids": list(ids), "t": t})
        return list(cursor.fetchall())
