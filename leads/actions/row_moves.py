"""Rows that hang on a lead, given to another one and back: one statement for all merges of a batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model
from psycopg.sql import SQL, Composable, Composed, Identifier

from leads.models import Activity, Merge

# What makes two activities the same fact.
SAME_FACT = ("occurred_at", "type_id", "object")

PAIRS = SQL(
    "(SELECT * FROM unnest(%(merges)s::bigint[], %(kept)s::bigint[], %(merged)s::bigint[])"
    " AS given(merge, kept, merged)) AS pair"
)
MOVE = SQL("""
UPDATE {table} AS one SET lead_id = pair.kept FROM {pairs}
WHERE one.lead_id = pair.merged AND {bounds} AND NOT EXISTS (
    SELECT FROM {table} AS twin WHERE twin.lead_id = pair.kept AND {same})
RETURNING pair.merge, one.id""")
MOVE_ALL = SQL("""
UPDATE {table} AS one SET lead_id = pair.kept FROM {pairs} WHERE one.lead_id = pair.merged RETURNING pair.merge, one.id
""")
SPAN = "SELECT min(occurred_at), max(occurred_at) FROM leads_activity WHERE lead_id = ANY(%s::bigint[])"
SHARED = """
SELECT lead_id, count(*) FROM leads_activity
WHERE lead_id = ANY(%s::bigint[]) AND occurred_at BETWEEN %s AND %s GROUP BY lead_id"""
BACK = """
UPDATE leads_activity SET lead_id = %(merged)s
WHERE lead_id = %(kept)s AND occurred_at BETWEEN %(first)s AND %(last)s AND id = ANY(%(ids)s::bigint[])"""

Moved = dict[int, list[int]]


def move_rows(model: type[Model], merges: Collection[Merge], *, same: Sequence[str] = ()) -> Moved:
    """Give the rows of `model` that hang on merged leads to the kept ones; returns their ids by merge.

    A row that agrees with one of the kept lead in all columns of `same` stays where it is.
    """
    table = Identifier(model._meta.db_table)
    if not same:
        return _moved(MOVE_ALL.format(table=table, pairs=PAIRS), _pairs(merges))
    query = MOVE.format(table=table, pairs=PAIRS, bounds=SQL("true"), same=_same(same))
    return _moved(query, _pairs(merges))


def move_activities(merges: Collection[Merge]) -> Moved:
    """The same for activities, where the union counts a fact that both leads have once.

    Notes in each merge what moved and how much both had. The span of the merged leads' activities stands in the
    statement as values, so that only the months in question are opened.
    """
    ((first, last),) = _rows(SPAN, [[merge.merged_id for merge in merges]])
    if first is None or last is None:
        return {}
    bounds = SQL("one.occurred_at BETWEEN %(first)s AND %(last)s")
    same = _same(SAME_FACT) + SQL(" AND twin.occurred_at BETWEEN %(first)s AND %(last)s")
    query = MOVE.format(table=Identifier(Activity._meta.db_table), pairs=PAIRS, bounds=bounds, same=same)
    moved = _moved(query, _pairs(merges) | {"first": first, "last": last})
    left = dict(_rows(SHARED, [[merge.merged_id for merge in merges], first, last]))
    for merge in merges:
        merge.activities = [*merge.activities, *moved.get(merge.pk, [])]
        merge.first_at = min(filter(None, (merge.first_at, first)))
        merge.last_at = max(filter(None, (merge.last_at, last)))
        merge.shared = left.get(merge.merged_id, 0)
    return moved


def move_back(model: type[Model], merge: Merge, ids: Collection[int]) -> int:
    """Give rows back to the merged lead; those that somebody gave to yet another lead stay there."""
    rows = model._default_manager.filter(pk__in=ids, lead=merge.kept_id)
    return rows.update(lead=merge.merged_id)


def move_activities_back(merge: Merge) -> int:
    """The activities that the merge moved, found by the kept lead and their months."""
    if not merge.activities:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            BACK,
            {
                "kept": merge.kept_id,
                "merged": merge.merged_id,
                "ids": merge.activities,
                "first": merge.first_at,
                "last": merge.last_at,
            },
        )
        return int(cursor.rowcount)


def _same(columns: Sequence[str]) -> Composed:
    return SQL(" AND ").join(SQL("twin.{0} = one.{0}").format(Identifier(name)) for name in columns)


def _pairs(merges: Collection[Merge]) -> dict[str, Any]:
    return {
        "merges": [merge.pk for merge in merges],
        "kept": [merge.kept_id for merge in merges],
        "merged": [merge.merged_id for merge in merges],
    }


def _moved(query: Composable, parameters: dict[str, Any]) -> Moved:
    moved: Moved = defaultdict(list)
    for merge, pk in _rows(query.as_string(None), parameters):
        moved[merge].append(pk)
    return moved


def _rows(query: str, parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
