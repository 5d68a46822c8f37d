"""Where the engine reads: the leads that stand for somebody, as they are now or as they were at an instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, LiteralString

from django.apps import apps

from engine import EVERYONE, LeadScope, Relation, Sources, between, bigints, only
from scoring.models import ScoringModel

PRESENT = Relation(text="(SELECT * FROM leads_lead WHERE merged_into_id IS NULL)")

# The row that was valid then: the newest up to that instant, else the first there ever was (what was recorded first
# holds for the time before it). A lead that was deleted or merged away by then is nobody.
_VALID_THEN = (
    "(SELECT DISTINCT ON (pgh_obj_id) pgh_obj_id AS id, pgh_label, {columns} FROM {table} WHERE {which}"
    " ORDER BY pgh_obj_id, (pgh_created_at <= %({at})s::timestamptz) DESC,"
    " CASE WHEN pgh_created_at <= %({at})s::timestamptz THEN pgh_id END DESC, pgh_id)"
)
_ANY = "pgh_obj_id IS NOT NULL"
_OF_LEADS = "pgh_obj_id = ANY(%(history_leads)s::bigint[])"
_OF_THEIR_COMPANIES = (
    "pgh_obj_id IN (SELECT company_id FROM leads_leadevent WHERE pgh_obj_id = ANY(%(history_leads)s::bigint[]))"
)
_KNOWN = "pgh_created_at <= %(known_by)s::timestamptz"
_GIVEN_TO_THEM = (
    "pgh_obj_id IN (SELECT pgh_obj_id FROM scoring_adjustmentevent WHERE lead_id = ANY(%(history_leads)s::bigint[]))"
)
_SOMEBODY: LiteralString = (
    "(SELECT * FROM {} AS valid WHERE valid.merged_into_id IS NULL AND valid.pgh_label <> 'delete')"
)
_THERE: LiteralString = "(SELECT * FROM {} AS valid WHERE valid.pgh_label <> 'delete')"


# Leads whose last episode ended with its hand-off, since when, and what may make them hot again.
_RESTING: LiteralString = (
    "(SELECT lead_id, rests_from AS since, wake_at, wake_total, wake_types, wake_when FROM scoring_episode AS last"
    " WHERE model_id = %(rest_model)s AND end_cause = 'handoff' AND NOT EXISTS (SELECT FROM scoring_episode AS later"
    " WHERE later.lead_id = last.lead_id AND later.model_id = last.model_id AND later.number > last.number))"
)
_RESTING_THEN: LiteralString = (
    "(SELECT lead_id, rests_from AS since, wake_at, wake_total, wake_types, wake_when FROM"
    " (SELECT DISTINCT ON (lead_id) lead_id, rests_from, wake_at, wake_total, wake_types, wake_when"
    " FROM scoring_episode WHERE model_id = %(rest_model)s AND started_at < %(rest_at)s"
    " ORDER BY lead_id, number DESC) AS last WHERE rests_from <= %(rest_at)s)"
)


def now_sources(*, scope: LeadScope = EVERYONE, model: ScoringModel | None = None) -> Sources:
    """The data as it is."""
    if model is None:
        return Sources(scope=scope, lead=PRESENT)
    return Sources(scope=scope, model=model.pk, lead=PRESENT, resting=resting_of(model))


def resting_of(model: ScoringModel, at: datetime | None = None) -> Relation:
    """The leads that rest under a model (lead_id, since, and what wakes them), now or when a decision was made `at`."""
    if at is None:
        return Relation(text=_RESTING, parameters={"rest_model": model.pk})
    return Relation(text=_RESTING_THEN, parameters={"rest_model": model.pk, "rest_at": at})


def sources_at(
    t: datetime,
    *,
    ids: Sequence[int] | None = None,
    model: ScoringModel | None = None,
    known_at: datetime | None = None,
    decided: bool = False,
) -> Sources:
    """The data as of `t`, of these leads or of everybody.

    `known_at` hides what was received, recorded, given by hand or taken out later, leads among it: a back-test must not
    see the future. That something was `decided` about the leads by then proves that they were known, whatever their
    history says (it may begin later where a history was brought along): their first recorded row stands for the time
    before it.
    """
    if known_at is None:
        return _as_of(t, ids, model)
    known = _as_of(min(t, known_at), ids, model, leads=() if decided else (_KNOWN,))
    known = replace(known, lead=replace(known.lead, parameters={**known.lead.parameters, "known_by": known_at}))
    # Points given by hand as they stood then: nothing given later, and an end that was set later not yet set.
    which = " AND ".join((_ANY if ids is None else _GIVEN_TO_THEM, _KNOWN))
    given = _THERE.format(_history("scoring", "AdjustmentEvent", which, at="known_by"))
    adjustment = Relation(text=given, parameters={"known_by": known_at} | _of(ids))
    return replace(known, known_at=known_at, adjustment=adjustment)


def sources_of_decision(*, ids: Sequence[int], model: ScoringModel, known_at: datetime) -> Sources:
    """What a decision about these leads had to go by at `known_at`."""
    return sources_at(known_at, ids=ids, model=model, known_at=known_at, decided=True)


def without_sequel(sources: Sources, t: datetime) -> Sources:
    """The same data, but nothing that happened, was answered or was given after `t`: to look ahead from back then."""
    return replace(
        sources,
        activity=_until(sources.activity, "occurred_at", t),
        answer=_until(sources.answer, "answered_at", t),
        adjustment=_until(sources.adjustment, "starts_at", t),
    )


def _until(relation: Relation, column: LiteralString, t: datetime) -> Relation:
    text = f"(SELECT * FROM {relation.text} AS past WHERE {column} <= %(sequel_from)s::timestamptz)"  # noqa: S608 - our names
    return Relation(text=text, parameters={**relation.parameters, "sequel_from": t})


def _as_of(
    t: datetime, ids: Sequence[int] | None, model: ScoringModel | None, leads: tuple[LiteralString, ...] = ()
) -> Sources:
    then = {"history_at": t} | _of(ids)
    companies = _ANY if ids is None else _OF_THEIR_COMPANIES
    people = _history("leads", "LeadEvent", " AND ".join((_ANY if ids is None else _OF_LEADS, *leads)))
    return Sources(
        scope=EVERYONE if ids is None else only(ids),
        model=None if model is None else model.pk,
        lead=Relation(text=_SOMEBODY.format(people), parameters=then),
        company=Relation(text=_history("leads", "CompanyEvent", companies), parameters=then),
        source=Relation(text=_history("leads", "SourceEvent", _ANY), parameters=then),
        option=Relation(text=_history("scoring", "OptionEvent", _ANY), parameters=then),
    )


def _of(ids: Sequence[int] | None) -> dict[str, Any]:
    return {} if ids is None else {"history_leads": bigints(ids)}


@cache
def _history(app: str, event: str, which: LiteralString, at: LiteralString = "history_at") -> LiteralString:
    """The rows of a tracked table that were valid at the instant of the parameter `at`, with its own columns."""
    meta = apps.get_model(app, event)._meta
    columns = [str(field.column) for field in meta.concrete_fields]
    own = ", ".join(f'"{column}"' for column in columns if column != "id" and not column.startswith("pgh_"))
    return _VALID_THEN.format(columns=own, table=meta.db_table, which=which, at=at)


def around(ids: Sequence[int]) -> LeadScope:
    """These leads; where they lie close, their whole range, which is read in order instead of lead by lead."""
    if isinstance(ids, range):
        return between(ids[0], ids[-1])
    return between(min(ids), max(ids)) if _lie_close(ids) else only(ids)


def locked(ids: Sequence[int], *, model: ScoringModel) -> Sources:
    """Exactly these leads: a batch whose rows are locked. In a `range` of them nobody else can come up meanwhile."""
    if isinstance(ids, range) or not _lie_close(ids):
        return now_sources(scope=around(ids), model=model)
    # `id + 0`: of an expression PostgreSQL expects that all ids pass. Of the column it would expect a small share of a
    # small share, and look up each lead's company and score alone.
    batch = Relation(
        text="(SELECT * FROM leads_lead WHERE merged_into_id IS NULL AND id + 0 = ANY(%(batch_ids)s::bigint[]))",
        parameters={"batch_ids": bigints(ids)},
    )
    return Sources(scope=around(ids), model=model.pk, lead=batch, resting=resting_of(model))


def _lie_close(ids: Sequence[int]) -> bool:
    return len(ids) >= 1000 and max(ids) - min(ids) <= 4 * len(ids)
