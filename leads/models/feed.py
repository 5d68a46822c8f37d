from __future__ import annotations

from django.db import models


class Feed(models.Model):
    """How far the rows of a table have been numbered for those who ask for everything since (leads.actions.feeds)."""

    name = models.CharField(max_length=40, primary_key=True)
    last = models.BigIntegerField(default=0)

    class Meta:
        db_table = "leads_feed"


class FeedRow(models.Model):
    """A row that other systems are told of once, in an order that never changes.

    An id is given before its row is committed, so that ids say nothing about what was there to be read. A number is
    given afterwards, to rows that everybody can see.
    """

    feed_number = models.BigIntegerField(null=True, editable=False)

    class Meta:
        abstract = True


def feed_indexes(name: str) -> list[models.Index]:
    """What a FeedRow needs: its rows by number, and those that have none yet."""
    return [
        models.Index(fields=["feed_number"], condition=models.Q(feed_number__isnull=False), name=f"{name}_numbered"),
        models.Index(fields=["id"], condition=models.Q(feed_number=None), name=f"{name}_to_number"),
    ]
