"""The statements of the scorer: claim, lock, write, forget, mark. Values are parameters."""

from __future__ import annotations

from psycopg.sql import SQL

# Columns of the stored score beside those just computed: what was before, and whether anything differs.
STORED = """score.id AS score_id, score.version_id AS version_before, score.total AS total_before,
        score.band AS band_before, score.grade AS grade_before, score.hot AS hot_before,
        score.stage AS stage_before,
        (score.fit, score.engagement, score.qualification, score.adjustments, score.total, score.band, score.grade,
         score.contributions, score.hot, score.stage) IS DISTINCT FROM
        (computed.fit, computed.engagement, computed.qualification, computed.adjustments, computed.total,
         computed.band::varchar, computed.grade::varchar, computed.points, computed.hot,
         computed.stage::varchar) AS differs,
        score.is_hot AS was_hot, score.next_change_at AS change_before"""
# Columns of a lead whose score is to be written, with the instant of its next change.
DECIDED = """lead_id, fit, engagement, qualification, adjustments, total, band, grade, points, hot, stage, score_id,
        version_before, total_before, band_before, grade_before, hot_before, stage_before, differs, was_hot,
        change_before, episode_id, was_cooling, cooling, ends, meets, opener, opened_by, end_cause,
        least(next_change_at, CASE WHEN NOT ends THEN cooling + grace END,
              CASE WHEN wake_at > %(w_t)s::timestamptz THEN wake_at END) AS change_at"""
# Of most leads of a re-score nothing is to be written: they are passed by before anything of them is kept.
CHANGING = """%(w_refresh)s OR score_id IS NULL OR differs OR version_before <> %(w_version)s OR was_hot <> is_hot
        -- An instant noted before stays a safe one until it comes, unless something turns out to happen sooner.
        OR change_at < coalesce(change_before, 'infinity') OR change_before <= %(w_t)s
        OR ends OR was_cooling IS DISTINCT FROM cooling"""

# Common table expressions after `decided`: the score, its change, the episode opened or moved; returns four counts.
WRITES = """
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
    INSERT INTO scoring_episode (lead_id, model_id, version_id, number, definition, score, started_at, opened_by)
    SELECT lead_id, %(w_model)s, %(w_version)s,
        1 + coalesce((SELECT max(number) FROM scoring_episode AS earlier
                      WHERE earlier.lead_id = decided.lead_id AND earlier.model_id = %(w_model)s), 0),
        (%(w_names)s::text[])[opener], total, %(w_t)s, opened_by
    FROM decided WHERE opener IS NOT NULL
    RETURNING 1
),
moved AS (
    UPDATE scoring_episode AS episode
    SET cooling_since = cooling, ended_at = CASE WHEN ends THEN %(w_t)s::timestamptz END,
        end_cause = CASE WHEN ends THEN decided.end_cause ELSE '' END
    FROM decided WHERE episode.id = decided.episode_id AND (ends OR was_cooling IS DISTINCT FROM cooling)
        -- Said again: few are open among these leads, and there is an index of them.
        AND episode.model_id = %(w_model)s AND episode.ended_at IS NULL AND {moved}
    RETURNING ends
)
SELECT (SELECT count(*) FROM written), (SELECT count(*) FROM changed),
    (SELECT count(*) FROM opened), (SELECT count(*) FROM moved WHERE ends)"""

# Beside these numbers, of a model that moves leads: whose verdict rose, by the stage it says.
ROSE = """,
    (SELECT array_agg(lead_id) FROM decided WHERE stage = 'mql' AND {rose}),
    (SELECT array_agg(lead_id) FROM decided WHERE stage = 'sql' AND {rose})"""

# Leads that were merged away stand for nobody: no score, and an open episode ends.
FORGET = """
WITH forgotten AS (
    DELETE FROM scoring_leadscore WHERE lead_id = ANY(%(ids)s::bigint[])
), closed AS (
    UPDATE scoring_episode SET ended_at = greatest(%(t)s, started_at), end_cause = 'merged'
    WHERE lead_id = ANY(%(ids)s::bigint[]) AND ended_at IS NULL RETURNING lead_id, id
)
SELECT lead_id, id FROM closed"""

# Take at most %s dirty marks that nobody else holds. One row: how many, and of which leads.
CLAIM = """
WITH taken AS MATERIALIZED (
    SELECT id FROM leads_dirtymark ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
), cleared AS (
    DELETE FROM leads_dirtymark USING taken WHERE leads_dirtymark.id = taken.id RETURNING lead_id
)
SELECT count(*), array_agg(DISTINCT lead_id ORDER BY lead_id) FROM cleared"""
# The pass over the activities keeps its groups in memory instead of in files; compiling it with LLVM costs more than
# running it.
TUNE = "SET LOCAL work_mem = '64MB'; SET LOCAL jit = off"
# Lock these leads in the order of their ids. One row: which of them were merged away.
LOCK = """
WITH locked AS (
    SELECT merged_into_id, id FROM leads_lead WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE
)
SELECT coalesce(array_agg(id) FILTER (WHERE merged_into_id IS NOT NULL), '{}') FROM locked"""
# The next of all leads. Only where an id is missing between the first and the last are they told one by one.
LOCK_NEXT = """
WITH locked AS (
    SELECT merged_into_id, id FROM leads_lead WHERE id > %s AND id <= coalesce(%s, id) ORDER BY id LIMIT %s
    FOR NO KEY UPDATE
)
SELECT coalesce(array_agg(id) FILTER (WHERE merged_into_id IS NOT NULL), '{}'),
    min(id), max(id), CASE WHEN count(*) <= max(id) - min(id) THEN array_agg(id ORDER BY id) END
FROM locked"""
LATEST = SQL("SELECT max(scored_at) FROM scoring_leadscore WHERE {}")

# The mark goes the same way as every other one. The score itself stays untouched until the scorer moves its instant
# ahead; until then the mark is there, claimed or not, and says that nobody needs to mark the lead again.
SWEEP = """
INSERT INTO leads_dirtymark (lead_id, marked_at)
SELECT DISTINCT lead_id, %(now)s::timestamptz
FROM scoring_leadscore AS score JOIN scoring_scoringmodel AS model ON model.id = score.model_id
WHERE next_change_at <= %(now)s AND model.current_version_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM leads_dirtymark AS mark WHERE mark.lead_id = score.lead_id)"""
