"""The statements of the studio that the ORM does not write, each with what it takes and gives."""

from __future__ import annotations

from typing import LiteralString

# --- what a draft would change: composed with the engine's statement and with `scoring.queries.state` ----------------

# The columns that an effect needs of the engine's statement ({}), of the stored score, and of both decided.
SCORED: LiteralString = (
    "SELECT lead_id, total, band, grade, hot, holds, again, woken, matches, stage FROM ({}) AS scored"
)
STORED: LiteralString = (
    "score.total AS total_before, score.band AS band_before, score.grade AS grade_before, score.stage AS stage_before"
)
DECIDED: LiteralString = (
    "lead_id, total, band, grade, stage, total_before, band_before, grade_before, stage_before, episode_id, cooling,"
    " ends"
)
# The stage to which a lead of `decided` would move forward, or ''. Looked up only for those whose verdict rises.
ADVANCES: LiteralString = """CASE WHEN {rose} AND EXISTS (
        SELECT FROM leads_lead AS lead WHERE lead.id = decided.lead_id
            AND lead.stage = ANY (CASE stage WHEN 'sql' THEN %(behind_sql)s::text[] ELSE %(behind_mql)s::text[] END))
    THEN stage ELSE '' END"""
# The leads of `decided` with their fate: entering, leaving, staying, cooling or ''; and the stage they move forward to.
TOLD: LiteralString = """
    SELECT decided.*, CASE
        WHEN episode_id IS NULL THEN CASE WHEN is_hot THEN 'entering' ELSE '' END
        WHEN NOT is_hot THEN 'leaving' WHEN cooling IS NOT NULL THEN 'cooling' ELSE 'staying' END AS fate,
        {advances} AS advances,
        CASE WHEN total_before IS NOT NULL THEN least(total_before / {bin}, {last}) END AS bin_before,
        least(total / {bin}, {last}) AS bin_after, coalesce(grade <> grade_before, false) AS regraded
    FROM decided"""
# One row: the cells with how many leads are in each, and the leads that enter or leave, both as JSON. It begins with
# SELECT, since what else could write is given the context of the audit trail.
WHOLE_EFFECT: LiteralString = """
SELECT cells, moves FROM (
    WITH {state},
    told AS ({told}),
    counted AS (
        SELECT bin_before, bin_after, band_before, band, regraded, fate, advances, count(*) AS leads
        FROM told GROUP BY 1, 2, 3, 4, 5, 6, 7
    )
    SELECT
        (SELECT json_agg(json_build_array(bin_before, bin_after, band_before, band, regraded, fate, advances, leads))
         FROM counted) AS cells,
        (SELECT json_agg(json_build_array(lead_id, fate, total_before, total))
         FROM told WHERE fate IN ('entering', 'leaving')) AS moves
) AS effect"""
# One row: the ids of the leads of the effect that pass {test}.
LEADS_OF_EFFECT: LiteralString = """
SELECT ids FROM (
    WITH {state}, told AS ({told})
    SELECT coalesce(array_agg(lead_id ORDER BY lead_id), '{{}}') AS ids FROM told WHERE {test}
) AS effect"""
# One row: the ids of the leads that the engine's statement scores and that pass {test}.
LEADS_SCORED: LiteralString = """
SELECT coalesce(array_agg(lead_id ORDER BY lead_id), '{{}}') FROM ({scored}) AS scored WHERE {test}"""
# One row: how many leads would become hot, and how many would stop being so.
FLIPS: LiteralString = """
SELECT entering, leaving FROM (
    WITH {state}
    SELECT count(*) FILTER (WHERE episode_id IS NULL AND is_hot) AS entering,
        count(*) FILTER (WHERE episode_id IS NOT NULL AND NOT is_hot) AS leaving
    FROM decided
) AS flips"""
# One row: how many known leads would become hot, and so be given to sales.
HANDED_OVER: LiteralString = """
SELECT number FROM (
    WITH {state}
    SELECT count(*) AS number FROM decided JOIN leads_lead AS lead ON lead.id = decided.lead_id
    WHERE episode_id IS NULL AND is_hot AND NOT lead.is_anonymous
) AS handed_over"""
# One row: how many leads would become an MQL, and how many an SQL.
ADVANCING: LiteralString = """
SELECT mql, sql FROM (
    WITH {state}
    SELECT count(*) FILTER (WHERE advances = 'mql') AS mql, count(*) FILTER (WHERE advances = 'sql') AS sql
    FROM (SELECT {advances} AS advances FROM decided) AS told
) AS coming"""

# --- what is kept of it ----------------------------------------------------------------------------------------------

# Inserts the moves of the effect %(effect)s; of leads that were deleted meanwhile nothing is kept.
INSERT_MOVES = """
INSERT INTO studio_move (effect_id, lead_id, fate, before, after)
SELECT %(effect)s, lead.id, fate, before, after
FROM unnest(%(leads)s::bigint[], %(fates)s::text[], %(befores)s::integer[], %(afters)s::integer[])
     AS move(lead_id, fate, before, after)
JOIN leads_lead AS lead ON lead.id = move.lead_id"""

# How many leads come after an id, at most so many (the parameters in this order), and the id of the last of them.
NEXT_LEADS = "SELECT count(*), max(id) FROM (SELECT id FROM leads_lead WHERE id > %s ORDER BY id LIMIT %s) AS batch"

# Inserts the numbers of the version whose re-score is the job %(job)s, as of %(at)s, unless they are there.
# Whoever left and came back while everybody was scored is hot as before: neither.
INSERT_VERSION_NUMBERS = """
WITH this AS (
    SELECT version.id, version.model_id, effect.id AS effect_id, coalesce(effect.at, version.published_at) AS since
    FROM scoring_version AS version LEFT JOIN studio_effect AS effect ON effect.version_id = version.id
    WHERE version.job_id = %(job)s
), ended AS (
    SELECT lead_id FROM scoring_episode AS episode JOIN this ON this.model_id = episode.model_id
    WHERE started_at < since AND ended_at BETWEEN since AND %(at)s
), began AS (
    SELECT lead_id FROM scoring_episode AS episode JOIN this ON this.id = episode.version_id
    WHERE started_at <= %(at)s AND (ended_at IS NULL OR ended_at > %(at)s)
), actual AS (
    (SELECT lead_id, 'entering' AS fate FROM began EXCEPT SELECT lead_id, 'entering' FROM ended)
    UNION ALL (SELECT lead_id, 'leaving' FROM ended EXCEPT SELECT lead_id, 'leaving' FROM began)
), predicted AS (
    SELECT lead_id, fate FROM studio_move AS move JOIN this ON this.effect_id = move.effect_id
)
INSERT INTO studio_versionnumbers
    (version_id, at, scored, hot, band_hot, band_warm, band_cold, became_hot, stopped_hot, differing)
SELECT this.id, %(at)s, count(score.id), count(*) FILTER (WHERE score.is_hot),
    count(*) FILTER (WHERE score.band = 'hot'), count(*) FILTER (WHERE score.band = 'warm'),
    count(*) FILTER (WHERE score.band = 'cold'),
    (SELECT count(*) FROM actual WHERE fate = 'entering'), (SELECT count(*) FROM actual WHERE fate = 'leaving'),
    CASE WHEN effect_id IS NOT NULL THEN (
        SELECT count(*) FROM predicted FULL JOIN actual USING (lead_id)
        WHERE predicted.fate IS DISTINCT FROM actual.fate) END
FROM this LEFT JOIN scoring_leadscore AS score ON score.model_id = this.model_id AND score.version_id = this.id
GROUP BY this.id, this.effect_id
ON CONFLICT (version_id) DO NOTHING"""
