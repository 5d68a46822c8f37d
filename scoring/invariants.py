"""What must be true of activities, scores and episodes at rest, asked of the database, never of logs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _
from psycopg.sql import SQL

from background.invariants import Invariant, Violation
from engine import compile_document
from scoring.models import Version
from scoring.queries.catalog import catalog
from scoring.queries.documents import document_of
from scoring.queries.sources import locked

# Work in flight is no fault: marks and due times younger than this are somebody's current work.
AT_REST = timedelta(minutes=1)
# Recomputing costs one statement an instant. Where live traffic left more instants than this, the ones with the most
# scores and as many others by chance are recomputed.
MOST_INSTANTS = 2_000
SHOWN = 1_000

OPEN_JOB = "EXISTS (SELECT FROM background_jobrun WHERE kind = 'rescore' AND state IN ('waiting', 'running'))"
NOT_DIRTY = "NOT EXISTS (SELECT FROM leads_dirtymark AS mark WHERE mark.lead_id = {0})"


def rows(query: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def keys_once(now: datetime) -> Iterator[Violation]:
    for source, key, times in rows(
        "SELECT source, key, count(*) FROM leads_activitykey GROUP BY source, key HAVING count(*) > 1 LIMIT %s", [SHOWN]
    ):
        yield Violation(text=f"the key {key!r} of {source} is stored {times} times")
    for pk, times in rows(
        "SELECT activity.id, count(known.id) FROM leads_activity AS activity"
        " LEFT JOIN leads_activitykey AS known ON known.activity_id = activity.id"
        " GROUP BY activity.id HAVING count(known.id) <> 1 LIMIT %s",
        [SHOWN],
    ):
        yield Violation(text=f"activity {pk} has {times} keys")
    for source, key in rows(
        "SELECT known.source, known.key FROM leads_activitykey AS known WHERE NOT EXISTS"
        " (SELECT FROM leads_activity AS activity WHERE activity.id = known.activity_id) LIMIT %s",
        [SHOWN],
    ):
        yield Violation(text=f"the key {key!r} of {source} has no activity")


def nothing_dirty(now: datetime) -> Iterator[Violation]:
    query = "SELECT lead_id, count(*), min(marked_at) FROM leads_dirtymark WHERE marked_at < %s GROUP BY 1 LIMIT %s"
    for lead_id, number, since in rows(query, [now - AT_REST, SHOWN]):
        yield Violation(text=f"lead {lead_id} has {number} dirty marks since {since}", lead_id=lead_id)


def nothing_overdue(now: datetime) -> Iterator[Violation]:
    query = f"""
        SELECT lead_id, next_change_at FROM scoring_leadscore
        WHERE next_change_at < %s AND {NOT_DIRTY.format("lead_id")} LIMIT %s"""  # noqa: S608 - our own text
    for lead_id, due in rows(query, [now - 2 * AT_REST, SHOWN]):
        yield Violation(text=f"the score of lead {lead_id} was to change at {due}", lead_id=lead_id)


def no_lead_unscored(now: datetime) -> Iterator[Violation]:
    query = f"""
        SELECT lead.id, model.name FROM leads_lead AS lead CROSS JOIN scoring_scoringmodel AS model
        LEFT JOIN scoring_leadscore AS score ON score.lead_id = lead.id AND score.model_id = model.id
        WHERE lead.merged_into_id IS NULL AND model.current_version_id IS NOT NULL AND NOT {OPEN_JOB}
          AND score.version_id IS DISTINCT FROM model.current_version_id AND {NOT_DIRTY.format("lead.id")}
        LIMIT %s"""  # noqa: S608 - our own text
    for lead_id, name in rows(query, [SHOWN]):
        yield Violation(text=f"lead {lead_id} has no score of the current version of {name}", lead_id=lead_id)


def merged_leads(now: datetime) -> Iterator[Violation]:
    query = f"""
        SELECT id FROM leads_lead WHERE merged_into_id IS NOT NULL AND {NOT_DIRTY.format("leads_lead.id")}
          AND (id IN (SELECT lead_id FROM scoring_leadscore)
               OR id IN (SELECT lead_id FROM scoring_episode WHERE ended_at IS NULL)) LIMIT %s"""  # noqa: S608
    for (lead_id,) in rows(query, [SHOWN]):
        yield Violation(text=f"lead {lead_id} was merged away and still has a score", lead_id=lead_id)


def episodes_agree(now: datetime) -> Iterator[Violation]:
    query = f"""
        SELECT coalesce(score.lead_id, episode.lead_id)
        FROM (SELECT lead_id, model_id FROM scoring_leadscore WHERE is_hot) AS score
        FULL JOIN (SELECT lead_id, model_id FROM scoring_episode WHERE ended_at IS NULL) AS episode
            ON (score.lead_id, score.model_id) = (episode.lead_id, episode.model_id)
        WHERE (score.lead_id IS NULL OR episode.lead_id IS NULL)
          AND {NOT_DIRTY.format("coalesce(score.lead_id, episode.lead_id)")} LIMIT %s"""  # noqa: S608 - our own text
    for (lead_id,) in rows(query, [SHOWN]):
        yield Violation(text=f"lead {lead_id}: its score and its episodes disagree about being hot", lead_id=lead_id)
    for lead_id, number, newest, running in rows(
        "SELECT lead_id, count(*), max(number), count(*) FILTER (WHERE ended_at IS NULL) FROM scoring_episode"
        " GROUP BY lead_id, model_id HAVING count(*) <> max(number) OR count(DISTINCT number) <> count(*)"
        " OR count(*) FILTER (WHERE ended_at IS NULL) > 1 LIMIT %s",
        [SHOWN],
    ):
        yield Violation(text=f"lead {lead_id}: {number} episodes, the last is number {newest}, {running} are open")


# Version, instant and leads of the scores to recompute, leaving out what is dirty or merged away.
TO_RECOMPUTE = f"""
WITH instants AS (
    SELECT version_id, scored_at, array_agg(lead_id ORDER BY lead_id) AS ids FROM scoring_leadscore
    JOIN leads_lead ON leads_lead.id = lead_id AND merged_into_id IS NULL
    WHERE {NOT_DIRTY.format("lead_id")} GROUP BY 1, 2
)
(SELECT * FROM instants ORDER BY cardinality(ids) DESC, scored_at DESC LIMIT %s)
UNION (SELECT * FROM instants ORDER BY random() LIMIT %s)"""  # noqa: S608 - our own text

RECOMPUTED = """
SELECT stored.lead_id, stored.total, scored.total
FROM scoring_leadscore AS stored JOIN ({scored}) AS scored ON scored.lead_id = stored.lead_id
WHERE stored.version_id = %(v_version)s AND stored.scored_at = %(v_at)s
  AND (stored.fit, stored.engagement, stored.qualification, stored.adjustments, stored.total, stored.band::text,
       stored.grade::text, stored.contributions, stored.hot, stored.stage::text)
  IS DISTINCT FROM (scored.fit, scored.engagement, scored.qualification, scored.adjustments, scored.total,
       scored.band::text, scored.grade::text, scored.points, scored.hot, scored.stage)
LIMIT %(v_shown)s"""


def scores_equal_recomputation(now: datetime) -> Iterator[Violation]:
    for version_id, at, ids in rows(TO_RECOMPUTE, [MOST_INSTANTS, MOST_INSTANTS]):
        version = Version.objects.select_related("model").get(pk=version_id)
        sources = locked(ids, model=version.model)
        compiled = compile_document(document_of(version), catalog(), sources=sources, t=at, next_change=False)
        parameters = compiled.parameters | {"v_version": version.pk, "v_at": at, "v_shown": SHOWN}
        query = SQL(RECOMPUTED).format(scored=compiled.query).as_string(None)
        for lead_id, stored, total in rows(query, parameters):
            text = f"lead {lead_id}: {stored / 100:.2f} is stored for {version} at {at}, recomputed {total / 100:.2f}"
            yield Violation(text=text, lead_id=lead_id)


INVARIANTS = (
    Invariant(name="activity_keys_once", says=_("Every activity has one key; no key is stored twice."), find=keys_once),
    Invariant(
        name="nothing_dirty_at_rest", says=_("No lead waits longer than a minute to be rescored."), find=nothing_dirty
    ),
    Invariant(
        name="nothing_overdue_at_rest",
        says=_("No score is more than a minute late for its next change."),
        find=nothing_overdue,
    ),
    Invariant(
        name="no_lead_unscored",
        says=_("Every lead has a score of the published version of every model."),
        find=no_lead_unscored,
    ),
    Invariant(
        name="merged_leads_have_no_score",
        says=_("A merged lead has no score and no open episode."),
        find=merged_leads,
    ),
    Invariant(
        name="episodes_agree",
        says=_("An episode is open exactly where the score says so, one at a time, numbered without gaps."),
        find=episodes_agree,
    ),
    Invariant(
        name="scores_equal_recomputation",
        says=_("Every score equals a recomputation at its own instant and version."),
        find=scores_equal_recomputation,
    ),
)
