"""Where the engine reads: the leads that stand for somebody, as they are now or as they were at an instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import LiteralString

from django.apps import apps
from django.db.models import QuerySet

from leads.models import Lead
from scoring.engine import EVERYONE, Relation, Scope, Sources, among, between, only
from scoring.models import ScoringModel

PRESENT = Relation(text="(SELECT * FROM leads_lead WHERE merged_into_id IS NULL)")

# The row that was valid then: the newest up to that instant, else the first there ever was (what was recorded first
# holds for the time before it). A lead that was deleted or merged away by then is nobody.
_VALID_THEN = (
    "(SELECT DISTINCT ON (pgh_obj_id) pgh_obj_id AS id, pgh_label, {columns} FROM {table} WHERE {which}"
    " ORDER BY pgh_obj_id, (pgh_created_at <= %(history_at)s::timestamptz) DESC,"
    " CASE WHEN pgh_created_at <= %(history_at)s::timestamptz THEN pgh_id END DESC, pgh_id)"
)
_ANY = "pgh_obj_id IS NOT NULL"
_OF_LEADS = "pgh_obj_id = ANY(%(history_leads)s::bigint[])"
_OF_THEIR_COMPANIES = (
    "pgh_obj_id IN (SELECT company_id FROM leads_leadevent WHERE pgh_obj_id = ANY(%(history_leads)s::bigint[]))"
)


def now_sources(*, scope: Scope = EVERYONE, model: ScoringModel | None = None) -> Sources:
    """The data as it is."""
    return Sources(scope=scope, model=None if model is None else model.pk, lead=PRESENT)


def sources_at(
    t: datetime,
    *,
    ids: Sequence[int] | None = None,
    model: ScoringModel | None = None,
    as_known: bool = False,
    known_at: datetime | None = None,
) -> Sources:
    """The data as of `t`, of these leads or of everybody.

    `as_known` hides what was received or recorded later: a back-test must not see the future. `known_at` hides what
    was received or recorded after that instant instead.
    """
    known = known_at or (t if as_known else None)
    given = {"history_at": min(t, known or t)} | ({} if ids is None else {"history_leads": list(ids)})
    leads = _history("leads", "LeadEvent", _ANY if ids is None else _OF_LEADS)
    return Sources(
        scope=EVERYONE if ids is None else only(ids),
        model=None if model is None else model.pk,
        known_at=known,
        lead=Relation(
            text=f"(SELECT * FROM {leads} AS valid"  # noqa: S608 - our own names
            " WHERE valid.merged_into_id IS NULL AND valid.pgh_label <> 'delete')",
            parameters=given,
        ),
        company=Relation(
            text=_history("leads", "CompanyEvent", _ANY if ids is None else _OF_THEIR_COMPANIES), parameters=given
        ),
    )


def as_was_known(sources: Sources, known_at: datetime) -> Sources:
    """Without the leads and the points by hand that nobody had entered by then, nor an end that was set later."""
    seen = "(SELECT * FROM {} AS seen WHERE EXISTS (SELECT FROM leads_leadevent AS told WHERE told.pgh_obj_id = seen.id"
    seen += " AND told.pgh_created_at <= %(seen_by)s::timestamptz))"
    adjustments = _history("scoring", "AdjustmentEvent", "pgh_created_at <= %(seen_by)s::timestamptz")
    lead = Relation(text=seen.format(sources.lead.text), parameters={**sources.lead.parameters, "seen_by": known_at})
    given = {"seen_by": known_at, "history_at": known_at}
    return replace(sources, lead=lead, adjustment=Relation(text=adjustments, parameters=given))


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


@cache
def _history(app: str, event: str, which: LiteralString) -> LiteralString:
    """The rows of a tracked table that were valid at `%(history_at)s`, with the table's own columns."""
    meta = apps.get_model(app, event)._meta
    columns = [str(field.column) for field in meta.concrete_fields]
    named = ", ".join(f'"{column}"' for column in columns if not _is_bookkeeping(column))
    return _VALID_THEN.format(columns=named, table=meta.db_table, which=which)


def _is_bookkeeping(column: str) -> bool:
    return column.startswith("pgh_") or column == "id"


def locked(ids: Sequence[int], *, model: ScoringModel) -> Sources:
    """Exactly these leads (a batch whose rows are locked), read over the range of their ids where they lie close."""
    if len(ids) < 1000 or max(ids) - min(ids) > 4 * len(ids):
        return now_sources(scope=only(ids), model=model)
    batch = Relation(
        text="(SELECT * FROM leads_lead WHERE merged_into_id IS NULL AND id = ANY(%(batch_ids)s::bigint[]))",
        parameters={"batch_ids": list(ids)},
    )
    return Sources(scope=between(min(ids), max(ids)), model=model.pk, lead=batch)


def of_leads(leads: QuerySet[Lead]) -> Scope:
    """The leads of a queryset."""
    return among(leads)
