"""Conditions of the rule language about some leads, decided by the statement that scores everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from django.db import connection
from psycopg.sql import SQL

import engine
from engine import Condition, Document, compile_document, only
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.documents import blank_document, document_of
from scoring.queries.sources import now_sources, sources_of_decision

Verdicts = dict[int, tuple[bool, ...]]


def conditions_met(
    conditions: Sequence[Condition],
    *,
    leads: Sequence[int],
    model: ScoringModel,
    t: datetime,
    known_at: datetime | None = None,
) -> Verdicts:
    """For each of these leads whether it meets each of the conditions at `t`, in one statement.

    What a condition says of scores is meant by the model. With `known_at`, what was learned later is hidden.
    """
    if not conditions or not leads:
        return dict.fromkeys(leads, ())
    document = document_of(model.current_version_id) if model.current_version_id else _blank()
    if known_at is None:
        sources = now_sources(scope=only(leads), model=model)
    else:
        sources = sources_of_decision(ids=leads, model=model, known_at=known_at)
    compiled = compile_document(document, catalog(), sources=sources, t=t, conditions=conditions, next_change=False)
    query = SQL("SELECT lead_id, matches FROM ({}) AS scored").format(compiled.query)
    with connection.cursor() as cursor:
        cursor.execute(query.as_string(None), compiled.parameters)
        return {lead: tuple(bool(met) for met in matches) for lead, matches in cursor.fetchall()}


@lru_cache(maxsize=1)
def _blank() -> Document:
    """What conditions are read beside where no version is in force: a document without a rule."""
    document = engine.parse(blank_document("-")).document
    assert document is not None
    return document
