"""The one stepper of long jobs: who works on a job, how far it is, and how it ends.

A job is worked on in steps. A worker claims the oldest open job that nobody else works on (SKIP LOCKED); one that dies
loses its claim, and another goes on from what was committed last. There are two kinds of steps:

- Without a lease a step is one transaction: the claim, the work, the cursor and the progress commit together.
- With a lease a step commits several times, for example since it keeps a file open. Without a sign of life for as long
  as the lease, its job goes to whoever asks next, and the first worker's next `advance` raises JobLostError.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from background.enums import OPEN_JOB_STATES, JobState
from background.errors import BackgroundError
from background.models import JobRun, JobSlice
from background.transactions import retrying

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
LONGEST_ERROR = 1_000  # characters
WHOLE: tuple[int, int | None] = (0, None)  # the one slice of a job that is not cut


class JobLostError(BackgroundError):
    """The job was stopped, or another worker took it over: this transaction must not be committed."""


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """How the jobs of one kind are worked on."""

    code: str
    step: Callable[[JobClaim], None]
    """Does a part of the work and calls `advance`, `finish` or `stop` of the claim."""
    lease: timedelta | None = None
    """None where a step is one transaction."""
    repeats_failures: bool = False
    """Whether a job stays open after an error, with its reason; the next attempt repeats the step. Else it fails."""
    on_end: Callable[[JobRun, datetime], None] | None = None
    """Called in the transaction in which the job is done."""
    on_failure: Callable[[JobRun, Exception, datetime], None] | None = None
    """Called in the transaction in which the job fails."""


_kinds: dict[str, JobKind] = {}


def register_job_kinds(*kinds: JobKind) -> None:
    """Make kinds of jobs known; called once by each app when it is ready."""
    for kind in kinds:
        if kind.code in _kinds:
            raise ValueError(f"{kind.code} is registered twice")
        _kinds[kind.code] = kind


# --- what people ask for ----------------------------------------------------------------------------------------------


@transaction.atomic
def create_job(
    *,
    kind: str,
    subject: str = "",
    by: AbstractBaseUser | None,
    now: datetime,
    total: int | None = None,
    done: int = 0,
    cursor: dict[str, Any] | None = None,
    slices: Sequence[tuple[int, int | None]] = (WHOLE,),
) -> JobRun:
    """A job that waits for a worker. Each slice (after, last) may be worked on by another worker at the same time."""
    job = JobRun.objects.create(
        kind=kind,
        subject=subject,
        by_id=by.pk if by else None,
        created_at=now,
        total=total,
        done=done,
        cursor=cursor or {},
    )
    JobSlice.objects.bulk_create(JobSlice(job=job, after=after, last=last) for after, last in slices)
    return job


def stop_jobs(*kinds: str, subject: str, now: datetime) -> int:
    """Stop the open jobs of a subject; returns how many. Who works on one learns it when it next records progress."""
    jobs = JobRun.objects.open().filter(kind__in=kinds, subject=subject)
    return jobs.update(state=JobState.STOPPED, ended_at=now)


def resume_job(*, job: JobRun, by: AbstractBaseUser) -> None:
    """Let a worker go on with a job that failed, from its cursor."""
    failed = JobRun.objects.filter(pk=job.pk, state=JobState.FAILED)
    failed.update(state=JobState.WAITING, by=by.pk, error="", ended_at=None)
    job.refresh_from_db()


# --- what workers do --------------------------------------------------------------------------------------------------


def run_step(*kinds: str, clock: Clock, limit: int | None = None) -> bool:
    """One step of the oldest open job of these kinds that nobody else works on. False when there is none.

    True does not say that anything was done: another worker may have been faster, or have stopped the job meanwhile.

    `limit` is passed on to the step: how many items at most. An error is recorded on the job whose step raised it, and
    on no other; it is raised again where jobs of that kind stay open.
    """
    claims: list[JobClaim] = []  # the last one counts: the transaction may run again
    try:
        if not _claim_and_step(kinds, clock, limit, claims):
            return False
        if claims[-1].kind.lease is not None:
            claims[-1].kind.step(claims[-1])
    except JobLostError:
        log.info("job_lost", extra={"jobs": [claim.job.pk for claim in claims[-1:]]})
    except Exception as error:
        if not claims:
            raise
        log.exception("job_failed", extra={"job": claims[-1].job.pk})
        claims[-1].fail(error)
        if claims[-1].kind.repeats_failures:
            raise
    return True


@retrying
@transaction.atomic
def _claim_and_step(kinds: Sequence[str], clock: Clock, limit: int | None, claims: list[JobClaim]) -> bool:
    """Claim a job, which is added to `claims`, and do its step too where that is one transaction."""
    claim = _claim(kinds, clock, limit)
    if claim is None:
        return False
    claims.append(claim)
    if claim.kind.lease is None:
        claim.kind.step(claim)
    return True


def run_steps(*kinds: str, clock: Clock, seconds: float = float("inf")) -> bool:
    """Steps until none is left or the time is up. Returns whether there may be more to do."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not run_step(*kinds, clock=clock):
            return False
    return True


def open_slices(*kinds: str) -> QuerySet[JobSlice]:
    """What is left of the open jobs, the oldest first, whoever works on it."""
    open_jobs = {"job__kind__in": kinds, "job__state__in": OPEN_JOB_STATES}
    return JobSlice.objects.filter(**open_jobs, is_done=False).order_by("job_id", "pk")


def _claim(kinds: Sequence[str], clock: Clock, limit: int | None) -> JobClaim | None:
    """Hold a slice of a job until the end of the transaction, and the job for the time of its lease, if it has one.

    None when no slice is free. Raises JobLostError when another worker took the job between the two statements: there
    may be other jobs then.
    """
    now = clock()
    free = Q()
    for kind in (_kinds[code] for code in kinds):
        idle = Q(job__state=JobState.WAITING) | Q(job__touched_at__lt=now - kind.lease) if kind.lease else Q()
        free |= Q(idle, job__kind=kind.code)
    part = open_slices(*kinds).filter(free).select_for_update(skip_locked=True, of=("self",)).first()
    if part is None:
        return None
    job = JobRun.objects.get(pk=part.job_id)  # as it is now that nobody else can change its cursor
    claim = JobClaim(_kinds[job.kind], job, part, clock, limit)
    lease = claim.kind.lease
    if lease is not None and job.touched_at is not None and job.touched_at >= now - lease:
        raise JobLostError
    if lease is not None:
        claim.advance()
    return claim


class JobClaim:
    """A job, or a slice of it, in the hands of one worker for one step."""

    def __init__(self, kind: JobKind, job: JobRun, part: JobSlice, clock: Clock, limit: int | None) -> None:
        self.kind, self.job, self.slice, self.clock, self.limit = kind, job, part, clock, limit
        self.touched_at = clock()

    @property
    def is_first(self) -> bool:
        """Whether no step of this job has come to its end yet."""
        return self.job.state == JobState.WAITING

    def advance(
        self,
        more: int = 0,
        *,
        done: int | None = None,
        total: int | None = None,
        cursor: dict[str, Any] | None = None,
        after: int | None = None,
    ) -> None:
        """Record progress and a sign of life, in the transaction that stores what was done.

        `more` items were done, or `done` in all; `after` is the last id of the slice that was. Raises JobLostError.
        """
        if after is not None:
            JobSlice.objects.filter(pk=self.slice.pk).update(after=after)
        jobs, now = self._held(), self.clock()
        changes: dict[str, Any] = {
            "state": JobState.RUNNING,
            "started_at": Coalesce("started_at", Value(now)),
            "touched_at": now,
            "done": F("done") + more if done is None else done,
        }
        changes |= {} if total is None else {"total": total}
        changes |= {} if cursor is None else {"cursor": cursor}
        if not jobs.update(**changes):
            raise JobLostError
        self.touched_at = now

    def finish(self, *, done: int | None = None, total: int | None = None) -> None:
        """The slice is done, and with the last one the job. Raises JobLostError."""
        JobSlice.objects.filter(pk=self.slice.pk).update(is_done=True)
        self.advance(done=done, total=total)  # holds the job's row: of two last slices one sees that it is the last
        if self.job.slices.filter(is_done=False).exists():
            return
        self._held().update(state=JobState.DONE, ended_at=self.touched_at, error="")
        if self.kind.on_end is not None:
            self.kind.on_end(self.job, self.touched_at)

    def stop(self) -> None:
        """The job has lost its purpose."""
        self._held().update(state=JobState.STOPPED, ended_at=self.clock())

    @transaction.atomic
    def fail(self, error: Exception) -> None:
        """Record why the step could not be done; nothing where the job is somebody else's by now."""
        jobs, now = self._held(), self.clock()
        reason = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
        if self.kind.repeats_failures:
            jobs.update(error=reason, touched_at=now)
            return
        if jobs.update(state=JobState.FAILED, error=reason, touched_at=now, ended_at=now) and self.kind.on_failure:
            self.kind.on_failure(self.job, error, now)

    def _held(self) -> QuerySet[JobRun]:
        """The job, unless it was stopped or another worker has given a sign of life since ours."""
        jobs = JobRun.objects.open().filter(pk=self.job.pk)
        if self.kind.lease is None:
            return jobs
        return jobs.filter(Q(touched_at=None) | Q(touched_at__lte=self.touched_at))
