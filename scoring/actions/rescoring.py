"""Re-scoring everybody: batches in the order of lead ids beside live traffic, resumed where a crash left off."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from accounts.models import User
from leads.models import Lead
from leads.transactions import retrying
from notices.enums import JobState
from notices.models import JobRun
from scoring.actions.score import score_leads
from scoring.barriers import barrier
from scoring.signals import rescore_wanted

RESCORE = "rescore"
BATCH = 20_000
OPEN = (JobState.WAITING, JobState.RUNNING)

NEXT = "SELECT id FROM leads_lead WHERE id > %s ORDER BY id LIMIT %s"


@transaction.atomic
def start_rescore(*, by: User | None, now: datetime, subject: str = "") -> JobRun:
    """Have every lead scored again under the current versions. An open job of the same subject is replaced."""
    JobRun.objects.filter(kind=RESCORE, subject=subject, state__in=OPEN).update(state=JobState.STOPPED, ended_at=now)
    job = JobRun.objects.create(kind=RESCORE, subject=subject, by=by, created_at=now)
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


@retrying
@transaction.atomic
def _step(now: datetime, limit: int) -> bool:
    """Scores, cursor and progress commit together: a crash repeats the batch or goes on after it, never skips one."""
    open_jobs = JobRun.objects.filter(kind=RESCORE, state__in=OPEN).order_by("pk")
    job = open_jobs.select_for_update(skip_locked=True, of=("self",)).first()
    if job is None:
        return False
    ids = _next_ids(int(job.cursor.get("after", 0)), limit)
    barrier("rescore_claimed")
    if ids:
        score_leads(ids=ids, now=now, refresh=False)
    _record_progress(job, ids, now)
    return True


def _next_ids(after: int, limit: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [after, limit])
        return [pk for (pk,) in cursor.fetchall()]


def _record_progress(job: JobRun, ids: list[int], now: datetime) -> None:
    begun = job.state == JobState.RUNNING
    changes = {} if begun else {"state": JobState.RUNNING, "started_at": now, "total": Lead.objects.count()}
    if ids:
        changes |= {"done": F("done") + len(ids), "cursor": {"after": ids[-1]}, "touched_at": now}
    else:
        changes |= {"state": JobState.DONE, "ended_at": now, "touched_at": now, "error": ""}
    JobRun.objects.filter(pk=job.pk).update(**changes)


def run_rescores(*, now: datetime) -> int:
    """Run all open jobs to their end. Returns how many batches that took."""
    steps = 0
    while run_rescore_step(now=now):
        steps += 1
    return steps
