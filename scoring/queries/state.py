"""What becomes of a lead's state when its score comes out anew: the meaning that scoring and previews share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, LiteralString

from psycopg.sql import SQL, Composable

from engine import Document, LeadScope
from scoring.models import ScoringModel

# Whether the verdict about the stage rose, asked of `decided`. A lead without a score may have had one: a merge takes
# it, and the last change of it tells what it said.
STAGE_ROSE: LiteralString = """CASE WHEN stage = '' THEN false ELSE coalesce(stage_before, (
        SELECT change.stage FROM scoring_scorechange AS change
        WHERE change.lead_id = decided.lead_id AND change.model_id = %(w_model)s
        ORDER BY change.at DESC, change.id DESC LIMIT 1), '') NOT IN (stage, 'sql') END"""

# An episode stays while any definition is met, or while the one that opened it still holds (hysteresis). When neither
# is so it ends: at once, or when the definition's grace time has passed since. A lead without an open episode that
# meets a definition has crossed upward by that alone: an open episode ends only where no definition is met.
_STATE = """
computed AS ({computed}),
joined AS (
    SELECT computed.*, {stored},
        episode.id AS episode_id, episode.cooling_since AS was_cooling,
        true = ANY (computed.hot) AS meets,
        coalesce(computed.holds[array_position(%(w_names)s::text[], episode.definition::text)], false) AS still_holds,
        (%(w_graces)s::interval[])[array_position(%(w_names)s::text[], episode.definition::text)] AS grace
    FROM computed
    LEFT JOIN scoring_leadscore AS score
        ON score.lead_id = computed.lead_id AND score.model_id = %(w_model)s AND {scored}
    LEFT JOIN scoring_episode AS episode
        ON episode.lead_id = computed.lead_id AND episode.model_id = %(w_model)s AND episode.ended_at IS NULL
        AND {hot}
),
cooled AS (
    SELECT joined.*,
        CASE WHEN episode_id IS NOT NULL AND NOT meets AND NOT still_holds
             THEN coalesce(was_cooling, %(w_t)s::timestamptz) END AS cooling
    FROM joined
),
ending AS (
    SELECT cooled.*, cooling IS NOT NULL AND (grace IS NULL OR cooling + grace <= %(w_t)s::timestamptz) AS ends
    FROM cooled
),
decided AS MATERIALIZED (
    SELECT * FROM (
        SELECT {decided}, CASE WHEN episode_id IS NULL THEN meets ELSE NOT ends END AS is_hot FROM ending
    ) AS outcome WHERE {wanted}
)"""


def state(
    computed: Composable,
    *,
    scope: LeadScope,
    stored: LiteralString,
    decided: LiteralString,
    wanted: LiteralString = "true",
) -> Composable:
    """CTEs that end with `decided`: one row a lead of `computed` (columns of the engine's `Row`, with hot and holds).

    `scope` is the one that `computed` was compiled for: said again, it lets PostgreSQL read the scores of a range of
    leads in order instead of looking each up. `stored` are the columns wanted of the lead's present score (`score`),
    `decided` those kept of everything, of the leads for whom `wanted` holds; beside them there are is_hot, episode_id,
    ends, cooling, was_cooling, grace, meets.
    Parameters: `state_parameters`.
    """
    return SQL(_STATE).format(
        computed=computed,
        stored=SQL(stored),
        decided=SQL(decided),
        wanted=SQL(wanted),
        scored=within(scope, "score.lead_id"),
        hot=within(scope, "episode.lead_id"),
    )


def within(scope: LeadScope, column: LiteralString) -> Composable:
    """The scope's test on a column; one that chooses its leads by a query is known only inside `computed`."""
    test = None if scope.chosen else scope.of(column)
    return SQL("true") if test is None else test


def state_parameters(document: Document, model: ScoringModel, t: datetime) -> dict[str, Any]:
    """What `state` needs beside the engine's own parameters; the definitions are those of `document`."""
    graces: list[timedelta | None] = [None if hot.grace is None else hot.grace.delta for hot in document.hot]
    return {"w_t": t, "w_model": model.pk, "w_names": [hot.name for hot in document.hot], "w_graces": graces}
