"""What becomes of a lead's state when its score comes out anew: the meaning that scoring and previews share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, LiteralString

from psycopg.sql import SQL, Composable

from engine import Condition, Document, LeadScope, Sources
from engine.nodes import AllOf, AnyOf, FieldLeaf, Op
from leads.enums import Stage
from scoring.models import ScoringModel
from scoring.queries.waits import NO_WAITS, Waits

# Whether the verdict about the stage rose, asked of `decided`. A lead without a score may have had one: a merge takes
# it, and the last change of it tells what it said.
STAGE_ROSE: LiteralString = """CASE WHEN stage = '' THEN false ELSE coalesce(stage_before, (
        SELECT change.stage FROM scoring_scorechange AS change
        WHERE change.lead_id = decided.lead_id AND change.model_id = %(w_model)s
        ORDER BY change.at DESC, change.id DESC LIMIT 1), '') NOT IN (stage, 'sql') END"""

# What a lead's own facts say about becoming hot by itself; the statement decides them as `matches`, in this order.
_NOT_FORBIDDEN = AllOf(
    parts=(
        AnyOf(parts=(FieldLeaf(field="consent", op=Op.UNKNOWN), FieldLeaf(field="consent", op=Op.EQ, value=True))),
        FieldLeaf(field="is_competitor", op=Op.EQ, value=False),
    )
)


def _standing(*stages: Stage) -> Condition:
    return FieldLeaf(field="stage", op=Op.IN, value=tuple(str(stage) for stage in stages))


_ON_THE_WAY = (Stage.INQUIRY, Stage.MQL, Stage.SQL)
GATES: tuple[Condition, ...] = (
    AllOf(parts=(_standing(*_ON_THE_WAY, Stage.NURTURE), _NOT_FORBIDDEN)),
    AllOf(parts=(_standing(Stage.CUSTOMER), _NOT_FORBIDDEN)),
    _standing(*_ON_THE_WAY),
    _NOT_FORBIDDEN,
)

# The names of the definitions that were met when the lead was last scored: by `hot_then`, in the order of the version
# `seen`.
MET_BEFORE: LiteralString = """ARRAY(
        SELECT one.value ->> 'name' FROM scoring_version AS version,
            jsonb_array_elements(version.document -> 'hot') WITH ORDINALITY AS one(value, place)
        WHERE version.id = seen AND hot_then[one.place])"""

# The place of the definition that makes a lead hot which is not: the first that is met, speaks of such a lead, and has
# turned true since the last scoring, or is asked for again, or whose day or condition to wake has come. Where nobody
# has seen the lead before, nothing has turned for those who were put aside or have bought: a model's first publish is
# no news of them.
OPENER: LiteralString = """(
        SELECT min(place) FROM generate_subscripts(hot, 1) AS place
        WHERE hot[place] AND (matches[1] OR matches[2] AND (%(w_customers)s::boolean[])[place])
            AND (again[place] OR coalesce(wake_at <= %(w_t)s::timestamptz, false)
                 OR woken OR coalesce(total >= wake_total, false)
                 OR coalesce(matches[%(w_gates)s + array_position(%(w_waits)s::text[]::jsonb[], wake_when)], false)
                 OR (%(w_names)s::text[])[place] <> ALL (met_before) AND (seen IS NOT NULL OR matches[3])))"""

# An episode stays while any definition is met, or while the one that opened it still holds (hysteresis); one that a
# person opened stays until its hand-off ends. When neither is so it ends: at once, or when the definition's grace time
# has passed since; and at once where the lead must not be contacted.
_STATE = """
computed AS ({computed}),
joined AS (
    SELECT computed.*, {stored},
        score.version_id AS score_version, score.hot AS score_hot,
        episode.id AS episode_id, episode.cooling_since AS was_cooling,
        true = ANY (computed.hot) AS meets,
        episode.opened_by = 'by_hand' OR coalesce(
            computed.holds[array_position(%(w_names)s::text[], episode.definition::text)], false) AS still_holds,
        (%(w_graces)s::interval[])[array_position(%(w_names)s::text[], episode.definition::text)] AS grace,
        resting.wake_at, resting.wake_total, resting.wake_when
    FROM computed
    LEFT JOIN scoring_leadscore AS score
        ON score.lead_id = computed.lead_id AND score.model_id = %(w_model)s AND {scored}
    LEFT JOIN scoring_episode AS episode
        ON episode.lead_id = computed.lead_id AND episode.model_id = %(w_model)s AND episode.ended_at IS NULL
        AND {hot}
    LEFT JOIN {resting} AS resting ON resting.lead_id = computed.lead_id
),
remembered AS (
    -- Of a lead that lost its score by a merge that was taken back, the last change tells what was said.
    SELECT joined.*, coalesce(score_version, change.version_id) AS seen, coalesce(score_hot, change.hot) AS hot_then
    FROM joined LEFT JOIN LATERAL (
        SELECT version_id, hot FROM scoring_scorechange AS change
        WHERE change.lead_id = joined.lead_id AND change.model_id = %(w_model)s ORDER BY at DESC, id DESC LIMIT 1
    ) AS change ON meets AND episode_id IS NULL AND score_version IS NULL
),
compared AS (
    SELECT remembered.*, CASE WHEN meets AND episode_id IS NULL THEN {met_before} END AS met_before FROM remembered
),
opening AS (
    SELECT compared.*, CASE WHEN meets AND episode_id IS NULL THEN {opener} END AS opener FROM compared
),
cooled AS (
    SELECT opening.*,
        CASE WHEN episode_id IS NOT NULL AND NOT meets AND NOT still_holds
             THEN coalesce(was_cooling, %(w_t)s::timestamptz) END AS cooling,
        CASE WHEN (%(w_names)s::text[])[opener] <> ALL (met_before) THEN 'crossing'
             WHEN again[opener] THEN 'again' ELSE 'wake' END AS opened_by,
        CASE WHEN matches[4] THEN 'cooled' ELSE 'forbidden' END AS end_cause
    FROM opening
),
ending AS (
    SELECT cooled.*, episode_id IS NOT NULL AND NOT matches[4]
        OR cooling IS NOT NULL AND (grace IS NULL OR cooling + grace <= %(w_t)s::timestamptz) AS ends
    FROM cooled
),
decided AS MATERIALIZED (
    SELECT * FROM (
        SELECT {decided}, CASE WHEN episode_id IS NULL THEN opener IS NOT NULL ELSE NOT ends END AS is_hot FROM ending
    ) AS outcome WHERE {wanted}
)"""


def state(
    computed: Composable,
    *,
    sources: Sources,
    stored: LiteralString,
    decided: LiteralString,
    wanted: LiteralString = "true",
) -> Composable:
    """CTEs that end with `decided`: one row a lead of `computed`, with the engine's hot, holds, again and matches.

    `computed` was compiled for `sources` and with further conditions: GATES, then what leads wait for (`waits`). The
    scope said again lets PostgreSQL read the scores of a range of leads in order instead of looking each up. `stored`
    are the columns wanted of the lead's present score (`score`), `decided` those kept of everything, of the leads for
    whom `wanted` holds; beside them there are is_hot, episode_id, opener, opened_by, ends, end_cause, cooling,
    was_cooling, grace, meets, wake_at.
    Parameters: `state_parameters`.
    """
    assert sources.resting is not None, "a model's sources say who rests"
    return SQL(_STATE).format(
        computed=computed,
        stored=SQL(stored),
        decided=SQL(decided),
        wanted=SQL(wanted),
        scored=within(sources.scope, "score.lead_id"),
        hot=within(sources.scope, "episode.lead_id"),
        resting=SQL(sources.resting.text),
        met_before=SQL(MET_BEFORE),
        opener=SQL(OPENER),
    )


def within(scope: LeadScope, column: LiteralString) -> Composable:
    """The scope's test on a column; one that chooses its leads by a query is known only inside `computed`."""
    test = None if scope.chosen else scope.of(column)
    return SQL("true") if test is None else test


def state_parameters(document: Document, model: ScoringModel, t: datetime, waits: Waits = NO_WAITS) -> dict[str, Any]:
    """What `state` needs beside the engine's own parameters; the definitions are those of `document`, and `waits` the
    conditions that the statement was compiled with behind GATES."""
    graces: list[timedelta | None] = [None if hot.grace is None else hot.grace.delta for hot in document.hot]
    return {
        "w_t": t,
        "w_model": model.pk,
        "w_names": [hot.name for hot in document.hot],
        "w_graces": graces,
        "w_customers": [hot.customers for hot in document.hot],
        "w_gates": len(GATES),
        "w_waits": list(waits.texts),
    }
