"""Re-scoring everybody: batches in the order of lead ids beside live traffic, resumed where a crash left off.

The ids are cut into slices, and each worker walks one of them: as many work at once as there are workers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Max, Min, QuerySet

from accounts.models import User
from background.enums import JobState
from background.models import JobRun
from background.transactions import retrying
from leads.models import Lead
from scoring.actions.score import score_next
from scoring.barriers import barrier
from scoring.models import RescoreSlice
from scoring.signals import rescore_wanted, rescored

RESCORE = "rescore"
BATCH = 20_000
SLICES = 8
OPEN = (JobState.WAITING, JobState.RUNNING)


@transaction.atomic
def start_rescore(*, by: User | None, now: datetime, subject: str = "") -> JobRun:
    """Have every lead scored again under the current versions. An open job of the same subject is replaced."""
    JobRun.objects.filter(kind=RESCORE, subject=subject, state__in=OPEN).update(state=JobState.STOPPED, ended_at=now)
    job = JobRun.objects.create(kind=RESCORE, subject=subject, by=by, created_at=now)
    RescoreSlice.objects.bulk_create(_slices(job))
    transaction.on_commit(lambda: rescore_wanted.send(sender=None))
    return job


def run_rescore_step(*, now: datetime, limit: int = BATCH) -> bool:
    """One batch of the oldest open job that nobody else works on. False when there is none.

    A batch that fails leaves its reason on the job, which stays open: the next attempt begins with the same batch.
    """
    try:
        return _step(now, limit)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"[:500]
        JobRun.objects.filter(kind=RESCORE, state__in=OPEN).update(error=reason, touched_at=now)
        raise


def _slices(job: JobRun) -> list[RescoreSlice]:
    """The lead ids in equal ranges, one for few leads; the last has no end, for those who come meanwhile."""
    ends = Lead.objects.aggregate(first=Min("pk"), last=Max("pk"))
    first, last = ends["first"] or 1, ends["last"] or 0
    number = max(1, min(SLICES, (last - first) // (2 * BATCH)))
    borders = [first - 1 + (last - first + 1) * place // number for place in range(number)]
    lasts: list[int | None] = [*borders[1:], None]
    return [RescoreSlice(job=job, after=after, last=last) for after, last in zip(borders, lasts, strict=True)]


def open_slices() -> QuerySet[RescoreSlice]:
    """What is left of the open jobs, the oldest first, whoever works on it."""
    return RescoreSlice.objects.filter(job__kind=RESCORE, job__state__in=OPEN, is_done=False).order_by("job", "pk")


@retrying
@transaction.atomic
def _step(now: datetime, limit: int) -> bool:
    """Scores, place and progress commit together: a crash repeats the batch or goes on after it, never skips one."""
    part = open_slices().select_for_update(skip_locked=True, of=("self",)).select_related("job").first()
    if part is None:
        return False
    barrier("rescore_claimed")
    ids = score_next(after=part.after, last=part.last, limit=_size(part, limit), now=now)
    if ids:
        _check_at_once()
    _record_progress(part, ids, now)
    return True


def _check_at_once() -> None:
    """What else is checked at the commit: by then we hold the job's row, for which the other workers would wait."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _size(part: RescoreSlice, limit: int) -> int:
    """A rest that is not worth a batch of its own joins the one before: some of a batch costs the same for few."""
    left = limit if part.last is None else part.last - part.after
    return left if limit < left <= limit * 5 // 4 else limit


def _record_progress(part: RescoreSlice, ids: Sequence[int], now: datetime) -> None:
    """The job's row is changed before it is asked what is left: of two last slices one is the last."""
    RescoreSlice.objects.filter(pk=part.pk).update(after=ids[-1] if ids else part.after, is_done=not ids)
    JobRun.objects.filter(pk=part.job_id).update(done=F("done") + len(ids), touched_at=now)
    job = JobRun.objects.get(pk=part.job_id)
    if job.state == JobState.WAITING:
        JobRun.objects.filter(pk=job.pk).update(state=JobState.RUNNING, started_at=now, total=Lead.objects.count())
    if not ids and not job.slices.filter(is_done=False).exists():
        _end(job, now)


def _end(job: JobRun, now: datetime) -> None:
    ended = JobRun.objects.filter(pk=job.pk, state__in=OPEN)
    if ended.update(state=JobState.DONE, ended_at=now, error=""):
        rescored.send(sender=None, job=job, now=now)


def run_rescores(*, now: datetime) -> int:
    """Run all open jobs to their end. Returns how many batches that took."""
    steps = 0
    while run_rescore_step(now=now):
        steps += 1
    return steps
