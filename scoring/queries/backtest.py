"""Does the past come out again? Every stored decision of a period, made anew from what was known when it was made.

A decision is a change of band, grade or verdict, the beginning of an episode, or its end. Decisions of one version at
one instant are compared by one statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, LiteralString

from django.db import connection
from psycopg.sql import SQL

from engine import Document, compile_document
from scoring.models import ScoringModel, Version
from scoring.queries.catalog import catalog
from scoring.queries.documents import document_of
from scoring.queries.explain import version_in_force
from scoring.queries.sources import resting_of, sources_of_decision
from scoring.queries.state import GATES, MET_BEFORE, OPENER, state_parameters
from scoring.queries.waits import waits_in

# Between the instant at which something is recorded and the commit that shows it to others there is a moment. What lies
# this close to a decision may have been seen by it or not.
IN_FLIGHT = timedelta(minutes=1)
TICK = timedelta(microseconds=1)
BATCH = 20_000
MOST_CUTS = 200


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What one version decided at one instant, about which leads."""

    model: ScoringModel
    version: Version
    at: datetime
    leads: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Missed:
    """A stored decision that does not come out again. `kind` is change, opening, ending or version."""

    kind: str
    lead_id: int
    version: Version
    at: datetime
    stored: int | None = None
    found: int | None = None

    def __str__(self) -> str:
        if self.kind == "version":
            return f"lead {self.lead_id} at {self.at}: decided by {self.version}, which was not in force"
        found = "nobody" if self.found is None else f"{self.found / 100:.2f}"
        stored = "" if self.stored is None else f" with {self.stored / 100:.2f}"
        return f"lead {self.lead_id} at {self.at}: {self.kind} stored by {self.version}{stored}, made anew: {found}"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What became of one moment."""

    decisions: int
    missed: tuple[Missed, ...]
    joined: int
    """Leads that are left out because another lead has been merged into them since: their facts are no longer theirs
    alone."""
    erased: int = 0
    """Leads that are left out because their personal data has been erased since: what was known is known no more."""


# An ending names no version: it is that of the time.
MOMENTS = """
SELECT model_id, version_id, at, array_agg(DISTINCT lead_id ORDER BY lead_id) FROM (
    SELECT model_id, version_id, at, lead_id FROM scoring_scorechange
    UNION ALL SELECT model_id, version_id, started_at, lead_id FROM scoring_episode
    UNION ALL SELECT model_id, (SELECT id FROM scoring_version AS version
        WHERE version.model_id = episode.model_id AND published_at <= ended_at ORDER BY number DESC LIMIT 1),
        ended_at, lead_id FROM scoring_episode AS episode WHERE end_cause IN ('cooled', 'forbidden')
) AS decision (model_id, version_id, at, lead_id)
WHERE at >= %s AND at <= %s AND version_id IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 3, 2"""

# A hand-off that ended an episode, or a merge, is a fact and no decision of ours.

# What was stored beside what comes out; `same` says whether that is the decision again. Nobody is never hot.
COMPARED = """
WITH scored AS MATERIALIZED (
    SELECT compared.*, CASE WHEN true = ANY (hot) THEN {opener} END AS opener FROM (
        SELECT known.*, {met_before} AS met_before FROM (
            SELECT now.*, resting.wake_at, resting.wake_total, resting.wake_when,
                coalesce(change.version_id, 0) AS seen, change.hot AS hot_then
            FROM ({scored}) AS now
            LEFT JOIN {resting} AS resting ON resting.lead_id = now.lead_id
            LEFT JOIN LATERAL (
                SELECT version_id, hot FROM scoring_scorechange AS change
                WHERE change.lead_id = now.lead_id AND change.model_id = %(d_model)s AND change.at < %(d_at)s
                ORDER BY at DESC, id DESC LIMIT 1
            ) AS change ON true
        ) AS known
    ) AS compared
)
SELECT 'change', stored.lead_id, stored.total, scored.total,
    (stored.fit, stored.engagement, stored.qualification, stored.adjustments, stored.total, stored.band::text,
     stored.grade::text, stored.contributions, stored.hot, stored.stage::text)
    IS NOT DISTINCT FROM (scored.fit, scored.engagement, scored.qualification, scored.adjustments, scored.total,
     scored.band::text, scored.grade::text, scored.points, scored.hot, scored.stage)
FROM scoring_scorechange AS stored LEFT JOIN scored ON scored.lead_id = stored.lead_id
WHERE stored.model_id = %(d_model)s AND stored.version_id = %(d_version)s AND stored.at = %(d_at)s
    AND stored.lead_id = ANY(%(d_leads)s)
UNION ALL
SELECT 'opening', stored.lead_id, stored.score, scored.total,
    stored.score IS NOT DISTINCT FROM scored.total AND (stored.opened_by = 'by_hand'
        OR stored.definition::text IS NOT DISTINCT FROM (%(d_names)s::text[])[scored.opener])
FROM scoring_episode AS stored LEFT JOIN scored ON scored.lead_id = stored.lead_id
WHERE stored.model_id = %(d_model)s AND stored.version_id = %(d_version)s AND stored.started_at = %(d_at)s
    AND stored.lead_id = ANY(%(d_leads)s)
UNION ALL
SELECT 'ending', stored.lead_id, NULL, scored.total,
    CASE WHEN scored.lead_id IS NULL THEN true WHEN stored.end_cause = 'forbidden' THEN NOT scored.matches[4]
        ELSE NOT (true = ANY (scored.hot) OR coalesce(
            scored.holds[array_position(%(d_names)s::text[], stored.definition::text)], false)) END
FROM scoring_episode AS stored LEFT JOIN scored ON scored.lead_id = stored.lead_id
WHERE stored.model_id = %(d_model)s AND stored.ended_at = %(d_at)s AND stored.lead_id = ANY(%(d_leads)s)
    AND stored.end_cause IN ('cooled', 'forbidden')
    AND %(d_current)s"""

JOINED_SINCE = """
SELECT DISTINCT unnest(ARRAY[merged_into_id, pgh_obj_id]) FROM leads_leadevent
WHERE merged_into_id IS NOT NULL AND pgh_created_at > %s"""

# Erased since, or parted from a lead that was; a score of the same minute may have been on its way.
ERASED_SINCE = """
SELECT id FROM leads_lead WHERE erased_at IS NOT NULL AND erased_at > %s - interval '1 minute'
UNION SELECT kept_id FROM leads_merge JOIN leads_lead AS merged ON merged.id = merged_id
    WHERE merged.erased_at IS NOT NULL AND merged.erased_at > %s - interval '1 minute'"""

# The nearest first: under load a minute knows thousands of facts, and only those about the moment were in flight.
CUTS = """
SELECT known FROM (
    SELECT received_at FROM leads_activity WHERE lead_id = ANY(%(leads)s)
    UNION ALL SELECT unnest(ARRAY[at, reverted_at]) FROM leads_exclusion WHERE lead_id = ANY(%(leads)s)
    UNION ALL SELECT recorded_at FROM scoring_answer WHERE lead_id = ANY(%(leads)s)
    UNION ALL SELECT pgh_created_at FROM scoring_adjustmentevent WHERE lead_id = ANY(%(leads)s)
    UNION ALL SELECT pgh_created_at FROM leads_leadevent WHERE pgh_obj_id = ANY(%(leads)s)
    UNION ALL SELECT pgh_created_at FROM leads_companyevent
        WHERE pgh_obj_id IN (SELECT company_id FROM leads_leadevent WHERE pgh_obj_id = ANY(%(leads)s))
) AS fact (known) WHERE known BETWEEN %(first)s AND %(last)s
GROUP BY known ORDER BY abs(extract(epoch FROM known - %(at)s)) LIMIT %(most)s"""


def decisions_made_anew(*, since: datetime, until: datetime) -> Iterator[Progress]:
    """Every decision stored from `since` to `until`, moment by moment."""
    versions = {version.pk: version for version in Version.objects.select_related("model")}
    for model_id, version_id, at, lead_ids in _rows(MOMENTS, [since, until]):
        version = versions[version_id]
        assert version.model_id == model_id
        joined = {pk for (pk,) in _rows(JOINED_SINCE, [at])}
        erased = {pk for (pk,) in _rows(ERASED_SINCE, [at, at])}
        leads = tuple(pk for pk in lead_ids if pk not in joined | erased)
        emptied = len(erased.intersection(lead_ids))
        left_out = len(lead_ids) - len(leads) - emptied
        for start in range(0, max(len(leads), 1), BATCH):
            batch = Moment(model=version.model, version=version, at=at, leads=leads[start : start + BATCH])
            decisions, missed = _made_anew(batch, at) if batch.leads else (0, [])
            missed = [*_in_flight(batch, missed), *_out_of_force(batch)]
            apart = {"joined": left_out, "erased": emptied} if start == 0 else {"joined": 0}
            yield Progress(decisions=decisions, missed=tuple(missed), **apart)


def _made_anew(moment: Moment, known_at: datetime) -> tuple[int, list[Missed]]:
    """How many decisions the moment has, and which of them do not come out from what was known at `known_at`."""
    document = document_of(moment.version)
    resting = resting_of(moment.model, moment.at)
    sources = sources_of_decision(ids=moment.leads, model=moment.model, known_at=known_at)
    sources = replace(sources, resting=resting)
    waits = waits_in(moment.model, sources.scope)
    conditions = (*GATES, *waits.conditions)
    compiled = compile_document(
        document, catalog(), sources=sources, t=moment.at, conditions=conditions, next_change=False
    )
    state_of_then = state_parameters(document, moment.model, moment.at, waits)
    parameters = compiled.parameters | state_of_then | _decided(moment, document)
    query = SQL(COMPARED).format(
        scored=compiled.query, resting=SQL(resting.text), opener=SQL(OPENER), met_before=SQL(MET_BEFORE)
    )
    decisions = _rows(query.as_string(None), parameters)
    missed = [
        Missed(kind=kind, lead_id=lead, version=moment.version, at=moment.at, stored=stored, found=total)
        for kind, lead, stored, total, same in decisions
        if not same
    ]
    return len(decisions), missed


def _decided(moment: Moment, document: Document) -> dict[str, Any]:
    """The parameters that say which stored decisions are asked for."""
    return {
        "d_model": moment.model.pk,
        "d_version": moment.version.pk,
        "d_at": moment.at,
        "d_leads": list(moment.leads),
        "d_names": [hot.name for hot in document.hot],
        "d_current": version_in_force(moment.model, moment.at) == moment.version,
    }


def _in_flight(moment: Moment, missed: Sequence[Missed]) -> list[Missed]:
    """What is still missed when facts recorded in the same minute may have been seen by the decision, or not yet."""
    if not missed:
        return []
    left = list(missed)
    first, last = moment.at - IN_FLIGHT, moment.at + IN_FLIGHT
    leads = sorted({decision.lead_id for decision in missed})
    asked = {"leads": leads, "at": moment.at, "first": first, "last": last, "most": MOST_CUTS}
    instants = _rows(CUTS, asked)
    cuts = {cut for (instant,) in instants for cut in (instant - TICK, instant)}
    for known_at in sorted(cuts, key=lambda cut: abs(cut - moment.at)):
        narrow = replace(moment, leads=tuple(sorted({decision.lead_id for decision in left})))
        _, again = _made_anew(narrow, known_at)
        still = {(decision.kind, decision.lead_id) for decision in again}
        left = [decision for decision in left if (decision.kind, decision.lead_id) in still]
        if not left:
            break
    return left


def _out_of_force(moment: Moment) -> list[Missed]:
    """Decisions of a version that was not the current one, by more than a publication takes."""
    versions = moment.model.versions.order_by("-number")
    allowed = {version_in_force(moment.model, moment.at - IN_FLIGHT), *versions.filter(
        published_at__gt=moment.at - IN_FLIGHT, published_at__lte=moment.at + IN_FLIGHT
    )}  # fmt: skip
    if moment.version in allowed:
        return []
    return [Missed(kind="version", lead_id=pk, version=moment.version, at=moment.at) for pk in moment.leads]


def _rows(query: LiteralString | str, parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
