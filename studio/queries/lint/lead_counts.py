"""How many leads each rule, hot definition and stage concerns: one pass over everybody, remembered for a while."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import connection
from psycopg.sql import SQL, Composable, Literal

from engine import Document, compile_document
from engine.sql.totals import bounds, clamped
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.sources import now_sources
from studio.draft.document import digest_of
from studio.queries.lint.finding import LintRule, hot_and_stages, rules_of

LASTS = 60  # seconds that the counts of a draft are remembered: leads come and go


class LeadCounts(NamedTuple):
    """Leads; per rule for how many it counts, for how many a cap hides it, and the points it gives.

    And how many meet each hot definition, and after these the rule of each stage."""

    leads: int
    rules: list[int]
    swallowed: list[int]
    points: list[int]
    hot: list[int]


def draft_counts(document: Document, *, model: ScoringModel, now: datetime) -> LeadCounts:
    """The counts of a model's draft, kept for what it says: a revision alone could be that of an earlier database."""
    key = f"scoring.counts:{model.pk}:{model.current_version_id}:{digest_of(document)}"
    numbers = cache.get(key)
    if numbers is None:
        numbers = tuple(counts(document, model=model, now=now))
        cache.set(key, numbers, LASTS)
    return LeadCounts(*numbers)


def counts(document: Document, *, model: ScoringModel | None, now: datetime) -> LeadCounts:
    """Asks the engine about all leads."""
    places, definitions = list(rules_of(document)), hot_and_stages(document)
    asked = replace(document, hot=tuple(definition for _path, definition in definitions))
    compiled = compile_document(asked, catalog(), sources=now_sources(model=model), t=now, next_change=False)
    columns = [
        SQL("count(*)"),
        *(_count("uncapped[{}] <> 0", place.index) for place in places),
        *(SQL("count(*) FILTER (WHERE {})").format(swallowed_test(place)) for place in places),
        *(SQL("coalesce(sum(greatest(points[{}], 0)), 0)::bigint").format(Literal(place.index)) for place in places),
        *(_count("hot[{}]", index) for index in range(1, len(definitions) + 1)),
    ]
    query = SQL("SELECT {} FROM ({}) AS scored").format(SQL(", ").join(columns), compiled.query)
    with connection.cursor() as cursor:
        cursor.execute(query.as_string(None), compiled.parameters)
        leads, *numbers = cursor.fetchone()
    size = len(places)
    rules, swallowed, points = (numbers[start * size : (start + 1) * size] for start in range(3))
    return LeadCounts(leads=leads, rules=rules, swallowed=swallowed, points=points, hot=numbers[3 * size :])


def swallowed_test(place: LintRule) -> Composable:
    """It would give points, but within its caps the group is what it were without it."""
    own, group = (
        SQL("points[{}]").format(Literal(place.index)),
        SQL("group_uncapped[{}]").format(Literal(place.group_index)),
    )
    low, high = bounds(place.group)
    before, after = clamped(SQL("({} - {})").format(group, own), low, high), clamped(group, low, high)
    return SQL("uncapped[{}] <> 0 AND {} = {}").format(Literal(place.index), before, after)


def _count(test: Any, place: int) -> Composable:
    return SQL("count(*) FILTER (WHERE {})").format(SQL(test).format(Literal(place)))
