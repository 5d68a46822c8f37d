"""Everything since: rows get their numbers when somebody asks, one caller after the other, each number once.

Whoever numbers holds the row of the feed until the numbers are committed. So who has read up to a number has seen every
row that ever gets a smaller one, whatever is committed meanwhile and however long that takes.
"""

from __future__ import annotations

import time

from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

from background.transactions import retrying
from leads.models import Feed
from leads.models.feed import FeedRow
from leads.statements import NUMBER_ROWS

AT_ONCE = 5_000


class NumberingError(Exception):
    """Very many rows have no number yet; the next call goes on where this one stopped."""


@retrying
@transaction.atomic
def number_rows(rows: type[FeedRow], *, limit: int = AT_ONCE) -> int:
    """Number at most `limit` rows that have none yet, in the order of their ids. Returns how many."""
    table = rows._meta.db_table
    Feed.objects.get_or_create(name=table)
    feed = Feed.objects.select_for_update().get(name=table)
    query = SQL(NUMBER_ROWS).format(table=Identifier(table)).as_string(None)
    with connection.cursor() as cursor:
        # In a statement of its own: it sees what was committed while this one waited for the feed's row.
        cursor.execute(query, {"last": feed.last, "limit": limit})
        numbered = cursor.rowcount
    if numbered:
        Feed.objects.filter(pk=feed.pk).update(last=feed.last + numbered)
    return int(numbered)


def number_all(rows: type[FeedRow], *, seconds: float) -> int:
    """Number every row there is. Returns the last number. Raises NumberingError when the time is over before."""
    end = time.monotonic() + seconds
    while number_rows(rows) == AT_ONCE:
        if time.monotonic() > end:
            raise NumberingError
    return Feed.objects.values_list("last", flat=True).get(name=rows._meta.db_table)
