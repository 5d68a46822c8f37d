"""Re-scoring everybody: batches in the order of lead ids beside live traffic, resumed where a crash left off.

The ids are cut into slices, and each worker walks one of them: as many work at once as there are workers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Max, Min, QuerySet

from accounts.models import User
from leads.models import Lead
from leads.transactions import retrying
from notices.enums import JobState
from notices.models import JobRun
from scoring.actions.score import score_next
from scoring.barriers import barrier
from scoring.models import RescoreSlice
from scoring.signals import rescore_wanted

RESCORE = "rescore"
BATCH = 20_000
SLICES = 8
OPEN = (JobState.WAITING, JobState.RUNNING)

# Whoever left and came back while everybody was scored is hot as before: neither.
NUMBERS = """
WITH this AS (
    SELECT version.id, version.model_id, effect.id AS effect_id, coalesce(effect.at, version.published_at) AS since
    FROM scoring_version AS version LEFT JOIN scoring_effect AS effect ON effect.version_id = version.id
    WHERE version.job_id = %(job)s
), ended AS (
    SELECT lead_id FROM scoring_episode AS episode JOIN this ON this.model_id = episode.model_id
    WHERE started_at < since AND ended_at BETWEEN since AND %(at)s
), began AS (
    SELECT lead_id FROM scoring_episode AS episode JOIN this ON this.id = episode.version_id
    WHERE started_at <= %(at)s AND (ended_at IS NULL OR ended_at > %(at)s)
), actual AS (
    (SELECT lead_id, 'entering' AS fate FROM began EXCEPT SELECT lead_id, 'entering' FROM ended)
    UNION ALL (SELECT lead_id, 'leaving' FROM ended EXCEPT SELECT lead_id, 'leaving' FROM began)
), predicted AS (
    SELECT lead_id, fate FROM scoring_move AS move JOIN this ON this.effect_id = move.effect_id
)
INSERT INTO scoring_versionnumbers
    (version_id, at, scored, hot, band_hot, band_warm, band_cold, became_hot, stopped_hot, differing)
SELECT this.id, %(at)s, count(score.id), count(*) FILTER (WHERE score.is_hot),
    count(*) FILTER (WHERE score.band = 'hot'), count(*) FILTER (WHERE score.band = 'warm'),
    count(*) FILTER (WHERE score.band = 'cold'),
    (SELECT count(*) FROM actual WHERE fate = 'entering'), (SELECT count(*) FROM actual WHERE fate = 'leaving'),
    CASE WHEN effect_id IS NOT NULL THEN (
        SELECT count(*) FROM predicted FULL JOIN actual USING (lead_id)
        WHERE predicted.fate IS DISTINCT FROM actual.fate) END
FROM this LEFT JOIN scoring_leadscore AS score ON score.model_id = this.model_id AND score.version_id = this.id
GROUP BY this.id, this.effect_id
ON CONFLICT (version_id) DO NOTHING"""


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
        _keep_numbers(job, now)


def _keep_numbers(job: JobRun, now: datetime) -> None:
    """What the version behind this job has made of the leads, while its day lasts: later scores are other ones."""
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS, {"job": job.pk, "at": now})


def run_rescores(*, now: datetime) -> int:
    """Run all open jobs to their end. Returns how many batches that took."""
    steps = 0
    while run_rescore_step(now=now):
        steps += 1
    return steps
