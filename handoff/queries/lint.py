"""What is found about ordered rules, by asking the engine about made-up leads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from psycopg.sql import SQL

import engine
from engine import Condition, Relation, Sources, compile_document
from handoff.policy.lint import Finding, findings_of
from handoff.policy.made_up_leads import MadeUp, made_up
from scoring.queries.catalog import catalog

MADE_UP = (
    "(SELECT place AS id, made_up AS custom FROM jsonb_array_elements(%(made_up)s::jsonb)"
    " WITH ORDINALITY AS one(made_up, place))"
)


def lint(conditions: Sequence[Condition | None], takes: Sequence[bool], t: datetime) -> list[Finding] | None:
    """What rules with these conditions do to each other (None: every lead); None where there is too much to look at."""
    asked = [condition for condition in conditions if condition is not None]
    leads = made_up(asked, catalog(), t)
    if leads is None:
        return None
    verdicts = verdicts_of(leads, t) if asked else [()]
    whole = [[condition is None for condition in conditions] for _lead in verdicts]
    for row, verdict in zip(whole, verdicts, strict=True):
        rest = iter(verdict)
        for place, condition in enumerate(conditions):
            row[place] = True if condition is None else next(rest)
    return findings_of(whole, takes)


def verdicts_of(leads: MadeUp, t: datetime) -> list[tuple[bool, ...]]:
    """Of each made-up lead whether it meets each condition, by one statement of the engine."""
    document = engine.parse({"model": "-"}).document
    assert document is not None
    relation = Relation(text=MADE_UP, parameters={"made_up": json.dumps(leads.leads)})
    compiled = compile_document(
        document, leads.catalog, sources=Sources(lead=relation), t=t, conditions=leads.conditions, next_change=False
    )
    query = SQL("SELECT matches FROM ({}) AS scored ORDER BY lead_id").format(compiled.query)
    with connection.cursor() as cursor:
        cursor.execute(query.as_string(None), compiled.parameters)
        return [tuple(bool(met) for met in matches) for (matches,) in cursor.fetchall()]
