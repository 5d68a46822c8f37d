"""What becomes of a score if nothing but time happens."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from leads.models import Lead
from scoring import engine
from scoring.engine import Compiled, only
from scoring.engine.nodes import AnyOf, Document, Op, ScoreLeaf
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.sources import now_sources

AHEAD = timedelta(days=90)
STEPS = 15

Curve = list[tuple[float, float]]


def curve_ahead(lead: Lead, model: ScoringModel, document: Document, now: datetime) -> Curve:
    """The total every few days from now on: (days from now, points)."""
    moments = [AHEAD * step / STEPS for step in range(STEPS + 1)]
    totals = _totals([_statement(lead, model, document, now + ahead) for ahead in moments])
    return [(ahead / timedelta(days=1), total / 100) for ahead, total in zip(moments, totals, strict=True)]


def _statement(lead: Lead, model: ScoringModel, document: Document, t: datetime) -> Compiled:
    sources = now_sources(scope=only([lead.pk]), model=model)
    return engine.compile_document(document, catalog(), sources=sources, t=t, next_change=False)


@transaction.atomic
def _totals(statements: list[Compiled]) -> list[int]:
    """The statements differ in their instants alone: planned once, which costs most, and run many times."""
    names = [name for name in statements[0].parameters if f"%({name})s" in statements[0].sql]
    text = statements[0].sql % {name: f"${place}" for place, name in enumerate(names, start=1)}
    prepare = f"PREPARE curve_ahead AS SELECT total FROM ({text}) AS scored"  # noqa: S608 - the engine's own text
    run = f"EXECUTE curve_ahead ({', '.join(['%s'] * len(names))})"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(prepare)
        totals = []
        for statement in statements:
            cursor.execute(run, [statement.parameters[name] for name in names])
            found = cursor.fetchone()
            totals.append(int(found[0]) if found else 0)
        cursor.execute("DEALLOCATE curve_ahead")
    return totals


def threshold_of(document: Document) -> float | None:
    """The total from which a lead is hot, where a definition names one."""
    for definition in document.hot:
        parts = definition.when.parts if isinstance(definition.when, AnyOf) else (definition.when,)
        for part in parts:
            if isinstance(part, ScoreLeaf) and part.score == "total" and part.op is Op.GE:
                return float(part.value)
    return None


def falls_below(curve: Curve, threshold: float | None) -> float | None:
    """After how many days at most the curve has crossed the threshold downwards."""
    if threshold is None or not curve or curve[0][1] < threshold:
        return None
    return next((day for day, points in curve if points < threshold), None)
