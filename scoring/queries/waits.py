"""Conditions that single leads wait for, in the one language of conditions: kept as written, asked like any other.

Whoever puts a lead aside may say what brings it back. The same statement that scores the leads decides these conditions
beside the gates (`scoring.queries.state`), so that one turns true at the instant at which it does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.sql import SQL

from engine import Condition, LeadScope, compile_document, only
from engine.nodes import Document
from engine.parse import parse_condition
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.documents import document_of
from scoring.queries.sources import now_sources
from scoring.queries.validation import problems_of
from scoring.queries.words import reader

RawCondition = dict[str, Any]

WAITED_FOR = """
SELECT DISTINCT wake_when::text FROM scoring_episode AS episode
WHERE model_id = %(waits_model)s AND wake_when IS NOT NULL AND {} ORDER BY 1"""
MET = "SELECT lead_id, matches FROM ({}) AS scored"


@dataclass(frozen=True, kw_only=True)
class Waits:
    """Conditions as they are stored, as JSON text, and what each says, in the same order."""

    texts: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()


NO_WAITS = Waits()


def read_wait(raw: RawCondition) -> Condition | None:
    """What a stored condition says; None where it cannot be asked any more, say a field of it was removed."""
    condition, _problems = parse_condition(raw)
    alone = {"model": "-", "hot": [{"name": "-", "when": raw}]}
    return None if condition is None or problems_of(alone, catalog()) else condition


def waits_of(raws: Iterable[tuple[str, RawCondition]]) -> Waits:
    readable = [(text, condition) for text, raw in raws if (condition := read_wait(raw)) is not None]
    return Waits(texts=tuple(text for text, _ in readable), conditions=tuple(condition for _, condition in readable))


def waits_in(model: ScoringModel, scope: LeadScope) -> Waits:
    """What the leads of a scope wait for under a model; of a scope chosen by a query, what any lead does."""
    test = None if scope.chosen else scope.of("episode.lead_id")
    query = SQL(WAITED_FOR).format(SQL("true") if test is None else test)
    with connection.cursor() as cursor:
        cursor.execute(query.as_string(None), {**scope.parameters, "waits_model": model.pk})
        return waits_of((text, json.loads(text)) for (text,) in cursor.fetchall())


def who_meets(asked: dict[int, RawCondition], *, model: ScoringModel, now: datetime) -> set[int]:
    """Of leads with a condition each, those that meet theirs: one statement for all of them."""
    texts = {lead: json.dumps(raw, sort_keys=True) for lead, raw in asked.items()}
    waits = waits_of((text, json.loads(text)) for text in sorted(set(texts.values())))
    if not waits.conditions:
        return set()
    version = model.current_version
    document = document_of(version) if version else Document(model=model.name)
    sources = now_sources(model=model, scope=only(list(asked)))
    compiled = compile_document(
        document, catalog(), sources=sources, t=now, conditions=waits.conditions, next_change=False
    )
    with connection.cursor() as cursor:
        cursor.execute(SQL(MET).format(compiled.query).as_string(None), compiled.parameters)
        rows = cursor.fetchall()
    return {lead for lead, met in rows if texts[lead] in waits.texts and met[waits.texts.index(texts[lead])]}


def wait_in_words(raw: RawCondition) -> str:
    """The condition as a sentence; what was written where it cannot be read any more."""
    condition = parse_condition(raw)[0]
    return json.dumps(raw, ensure_ascii=False) if condition is None else reader().condition(condition)
