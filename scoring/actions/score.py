"""The scorer: claim what is dirty, lock the leads, read in the next statement, write everything, commit together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from background.transactions import retrying
from engine import bigints
from leads.actions.emptying import remove_latecomers
from leads.actions.merge import bring_latecomers
from scoring.actions.score_batch import BatchCounts, forget_merged, write_scores
from scoring.barriers import barrier
from scoring.models import ScoringModel
from scoring.queries.sources import around, locked
from scoring.signals import episodes_changed
from scoring.statements import CLAIM, LATEST, LOCK, LOCK_NEXT, TUNE

SMALLEST_CLAIM, LARGEST_CLAIM = 500, 20_000
# Clocks of two workers may differ by this much; a lead's score does not go back in time because of it.
CLOCK_SKEW = timedelta(minutes=1)


@retrying
@transaction.atomic
def score_dirty(*, now: datetime, limit: int = SMALLEST_CLAIM) -> int:
    """Score the leads of at most `limit` dirty marks, in one transaction. Returns how many marks were cleared.

    A worker that dies anywhere in here leaves everything as it was, the marks included.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [limit])
        cleared, ids = cursor.fetchone()
    barrier("claimed")
    if ids:
        score_leads(ids=ids, now=now, refresh=True)
    barrier("scored")
    return int(cleared)


def score_all_dirty(*, now: datetime) -> int:
    """Score until nothing is dirty, in batches that grow with the backlog. Returns how many marks were cleared."""
    cleared, limit = 0, SMALLEST_CLAIM
    while done := score_dirty(now=now, limit=limit):
        cleared += done
        limit = next_limit(limit, done)
    return cleared


def next_limit(limit: int, done: int) -> int:
    """Twice as many where the last claim came back full, as few as possible where it did not."""
    return min(2 * limit, LARGEST_CLAIM) if done >= limit else SMALLEST_CLAIM


@transaction.atomic
def score_leads(*, ids: Sequence[int], now: datetime, refresh: bool) -> BatchCounts:
    """Score these leads under every model in use, holding their rows meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(TUNE)
        cursor.execute(LOCK, [bigints(ids)])
        (merged,) = cursor.fetchone()
    return _score(ids, merged, now, refresh=refresh)


@transaction.atomic
def score_next(*, after: int, last: int | None, limit: int, now: datetime) -> Sequence[int]:
    """Score at most `limit` leads, the next ones after an id, up to `last` if it says one. Returns who they were.

    What is known of them has not changed; see `write_scores`.
    """
    with connection.cursor() as cursor:
        cursor.execute(TUNE)
        cursor.execute(LOCK_NEXT, [after, last, limit])
        merged, lowest, highest, apart = cursor.fetchone()
    if lowest is None:
        return ()
    ids = apart or range(lowest, highest + 1)
    _score(ids, merged, now, refresh=False)
    return ids


def _score(ids: Sequence[int], merged: list[int], now: datetime, *, refresh: bool) -> BatchCounts:
    """Score leads whose rows are locked; some of them were merged away.

    The current versions are read after the lock: whoever publishes meanwhile re-scores after us, so that the last word
    is the newest version's.
    """
    t = _instant(ids, now)
    barrier("locked")
    if refresh:
        remove_latecomers(ids)
    done = BatchCounts()
    for model in ScoringModel.objects.exclude(current_version=None).select_related("current_version"):
        assert model.current_version is not None
        sources = locked(ids, model=model)
        done += write_scores(version=model.current_version, model=model, sources=sources, t=t, refresh=refresh)
    if merged and refresh:
        bring_latecomers(ids=merged, now=now)
    if merged:
        done += forget_merged(ids=merged, t=t)
    barrier("written")
    if done.opened or done.closed:
        transaction.on_commit(lambda: episodes_changed.send(sender=None))
    return done


def _instant(ids: Sequence[int], now: datetime) -> datetime:
    """When to score them: now, or when they were scored last by a clock that is a little ahead of ours."""
    scope = around(ids)
    with connection.cursor() as cursor:
        cursor.execute(LATEST.format(scope.of("lead_id")).as_string(None), scope.parameters)
        (latest,) = cursor.fetchone()
    return latest if latest and now < latest <= now + CLOCK_SKEW else now
