"""How many leads a version scored, made hot and put into each band, kept when its re-score ends."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from background.models import JobRun

# Whoever left and came back while everybody was scored is hot as before: neither.
NUMBERS = """
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


def keep_version_numbers(*, job: JobRun, now: datetime) -> None:
    """Keep the numbers of the version that `job` has brought to all leads. In the transaction that ends the job."""
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS, {"job": job.pk, "at": now})
