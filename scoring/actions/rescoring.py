"""Re-scoring everybody: batches in the order of lead ids beside live traffic, resumed where a crash left off.

The ids are cut into slices, and each worker walks one of them: as many work at once as there are workers.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max, Min

from accounts.models import User
from background.jobs import JobClaim, JobKind, JobLostError, create_job, run_step, stop_jobs
from background.models import JobRun
from leads.models import Lead
from scoring.actions.score import score_next
from scoring.barriers import barrier
from scoring.signals import rescore_wanted, rescored

RESCORE = "rescore"
BATCH = 20_000
SLICES = 8


@transaction.atomic
def start_rescore(*, by: User | None, now: datetime, subject: str = "") -> JobRun:
    """Have every lead scored again under the current versions. An open job of the same subject is replaced."""
    stop_jobs(RESCORE, subject=subject, now=now)
    job = create_job(kind=RESCORE, subject=subject, by=by, now=now, slices=_slices())
    transaction.on_commit(lambda: rescore_wanted.send(sender=None))
    return job


def _slices() -> list[tuple[int, int | None]]:
    """The lead ids in equal ranges, one for few leads; the last has no end, for those who come meanwhile."""
    ends = Lead.objects.aggregate(first=Min("pk"), last=Max("pk"))
    first, last = ends["first"] or 1, ends["last"] or 0
    number = max(1, min(SLICES, (last - first) // (2 * BATCH)))
    borders = [first - 1 + (last - first + 1) * place // number for place in range(number)]
    lasts: list[int | None] = [*borders[1:], None]
    return list(zip(borders, lasts, strict=True))


def run_rescore_step(*, now: datetime, limit: int | None = None) -> bool:
    """One batch of the oldest open job that nobody else works on. False when there is none.

    A batch that fails leaves its reason on the job, which stays open: the next attempt begins with the same batch.
    """
    return run_step(RESCORE, clock=lambda: now, limit=limit)


def run_rescores(*, now: datetime) -> int:
    """Run all open jobs to their end. Returns how many batches that took."""
    steps = 0
    while run_rescore_step(now=now):
        steps += 1
    return steps


def rescore_batch(claim: JobClaim) -> None:
    """Score the next leads of a slice. Scores, place and progress commit together: no lead is left out or done twice.

    The scores are true even where another job has replaced this one meanwhile, so they stay.
    """
    barrier("rescore_claimed")
    part, now, limit = claim.slice, claim.clock(), claim.limit or BATCH
    if part.last is not None and limit < part.last - part.after <= limit * 5 // 4:
        limit = part.last - part.after  # a rest that is not worth a batch: some of a batch costs the same for few
    ids = score_next(after=part.after, last=part.last, limit=limit, now=now)
    total = Lead.objects.count() if claim.is_first else None
    with suppress(JobLostError):
        if not ids:
            claim.finish(total=total)
            return
        with connection.cursor() as cursor:
            # What is else checked at the commit: by then we hold the job's row, for which other workers would wait.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        claim.advance(len(ids), after=ids[-1], total=total)


def _announce_end(job: JobRun, now: datetime) -> None:
    rescored.send(sender=None, job=job, now=now)


RESCORES = JobKind(code=RESCORE, step=rescore_batch, repeats_failures=True, on_end=_announce_end)
