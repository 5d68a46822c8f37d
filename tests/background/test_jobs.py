"""The stepper itself, with invented kinds of jobs: claims, crashes, failures, stopping, going on, leases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from background import jobs
from background.enums import JobState
from background.jobs import (
    JobClaim,
    JobKind,
    create_job,
    register_job_kinds,
    resume_job,
    run_step,
    run_steps,
    stop_jobs,
)
from background.models import JobRun, JobSlice

LEASE = timedelta(minutes=2)


class Killed(BaseException):
    """What a worker does not survive."""


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Callable[..., JobKind]:
    """Registers a kind for the length of a test."""
    monkeypatch.setattr(jobs, "_kinds", dict(jobs._kinds))

    def register(code: str, step: Callable[[JobClaim], None], **rest: Any) -> JobKind:
        made = JobKind(code=code, step=step, **rest)
        register_job_kinds(made)
        return made

    return register


def count_to_three(claim: JobClaim) -> None:
    """One item a step; a job of three."""
    if claim.job.done < 3:
        claim.advance(1, cursor={"last": claim.job.done + 1}, total=3 if claim.is_first else None)
    else:
        claim.finish()


def state(job: JobRun) -> tuple[str, int, str]:
    job.refresh_from_db()
    return job.state, job.done, job.error


@pytest.mark.django_db
def test_steps_come_to_an_end_with_progress_and_the_hook(kind: Any, now: datetime) -> None:
    ended: list[tuple[int, datetime]] = []
    kind("count", count_to_three, on_end=lambda job, at: ended.append((job.pk, at)))
    job = create_job(kind="count", subject="a", by=None, now=now)
    assert run_step("count", clock=lambda: now)
    assert (state(job), job.total, job.percent, job.cursor) == (("running", 1, ""), 3, 33, {"last": 1})
    assert not run_steps("count", clock=lambda: now + LEASE)
    assert (state(job), job.started_at, job.ended_at) == (("done", 3, ""), now, now + LEASE)
    assert ended == [(job.pk, now + LEASE)]
    assert not run_step("count", clock=lambda: now)


@pytest.mark.django_db
def test_the_oldest_job_comes_first_and_kinds_do_not_meet(kind: Any, now: datetime) -> None:
    kind("count", count_to_three)
    kind("other", count_to_three)
    first, second, other = (create_job(kind=code, by=None, now=now) for code in ("count", "count", "other"))
    run_step("count", clock=lambda: now)
    assert [state(job)[0] for job in (first, second, other)] == ["running", "waiting", "waiting"]


@pytest.mark.django_db
def test_an_error_is_kept_on_the_job_that_failed_and_on_no_other(kind: Any, now: datetime) -> None:
    def fail_once(claim: JobClaim) -> None:
        if claim.job.subject == "bad":
            claim.advance(1)
            raise RuntimeError("no disk")
        count_to_three(claim)

    told: list[str] = []
    kind("count", fail_once, on_failure=lambda job, error, at: told.append(f"{job.subject}: {error}"))
    bad, good = (create_job(kind="count", subject=subject, by=None, now=now) for subject in ("bad", "good"))
    assert not run_steps("count", clock=lambda: now)
    assert (state(bad), bad.ended_at, state(good)) == (("failed", 0, "RuntimeError: no disk"), now, ("done", 3, ""))
    assert told == ["bad: no disk"]


@pytest.mark.django_db
def test_a_kind_that_repeats_its_failures_stays_open_with_the_reason(kind: Any, now: datetime) -> None:
    def fail(claim: JobClaim) -> None:
        claim.advance(1)
        raise RuntimeError("no disk")

    kind("count", fail, repeats_failures=True)
    job, other = (create_job(kind="count", by=None, now=now) for _ in range(2))
    with pytest.raises(RuntimeError):
        run_step("count", clock=lambda: now)
    assert (state(job), state(other)) == (("waiting", 0, "RuntimeError: no disk"), ("waiting", 0, ""))


@pytest.mark.django_db
def test_a_failed_job_goes_on_from_its_cursor(kind: Any, now: datetime, admin: User) -> None:
    broken = True

    def step(claim: JobClaim) -> None:
        if broken and claim.job.done == 2:
            raise RuntimeError("no disk")
        count_to_three(claim)

    kind("count", step)
    job = create_job(kind="count", by=None, now=now)
    run_steps("count", clock=lambda: now)
    assert state(job) == ("failed", 2, "RuntimeError: no disk")
    broken = False
    resume_job(job=job, by=admin)
    assert (job.state, job.by, job.error, job.ended_at, job.cursor) == ("waiting", admin, "", None, {"last": 2})
    run_steps("count", clock=lambda: now)
    assert state(job) == ("done", 3, "")


@pytest.mark.django_db
def test_a_stopped_job_is_worked_on_no_further(kind: Any, now: datetime) -> None:
    kind("count", count_to_three)
    job, other = (create_job(kind="count", subject=subject, by=None, now=now) for subject in ("a", "b"))
    run_step("count", clock=lambda: now)
    assert stop_jobs("count", subject="a", now=now) == 1
    assert stop_jobs("count", subject="a", now=now) == 0
    run_steps("count", clock=lambda: now)
    assert [state(each)[:2] for each in (job, other)] == [("stopped", 1), ("done", 3)]


@pytest.mark.django_db(transaction=True)
def test_whoever_stops_a_job_waits_for_nobody_and_the_step_leaves_nothing(kind: Any, now: datetime) -> None:
    def step(claim: JobClaim) -> None:
        JobRun.objects.create(kind="trace")
        in_a_thread(lambda: stop_jobs("count", subject="a", now=now))
        claim.advance(1)

    kind("count", step)
    job = create_job(kind="count", subject="a", by=None, now=now)
    assert run_step("count", clock=lambda: now)
    assert (state(job), JobRun.objects.count()) == (("stopped", 0, ""), 1)


@pytest.mark.django_db(transaction=True)
def test_a_step_whose_worker_dies_is_repeated_at_once_by_another(kind: Any, now: datetime) -> None:
    deaths = iter([Killed()])

    def step(claim: JobClaim) -> None:
        count_to_three(claim)
        for death in deaths:
            raise death

    kind("count", step)
    job = create_job(kind="count", by=None, now=now)
    with pytest.raises(Killed):
        run_step("count", clock=lambda: now)
    assert state(job) == ("waiting", 0, "")
    in_a_thread(lambda: run_steps("count", clock=lambda: now))
    assert state(job) == ("done", 3, "")


@pytest.mark.django_db(transaction=True)
def test_two_workers_walk_different_slices_and_the_job_ends_once(kind: Any, now: datetime) -> None:
    both, claimed, ended = threading.Barrier(2, timeout=20), [], []

    def step(claim: JobClaim) -> None:
        if claim.slice.after < (claim.slice.last or 0):
            claimed.append(claim.slice.pk)
            both.wait()
            claim.advance(10, after=claim.slice.last)
        else:
            claim.finish()

    kind("count", step, on_end=lambda job, at: ended.append(job.pk))
    job = create_job(kind="count", by=None, now=now, total=20, slices=[(0, 10), (10, 20)])
    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(closing(lambda: run_steps("count", clock=lambda: now))) for _ in range(2)]:
            future.result()
    run_steps("count", clock=lambda: now)
    assert (sorted(claimed), state(job), ended) == (
        list(JobSlice.objects.values_list("pk", flat=True)), ("done", 20, ""), [job.pk],
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_job_with_a_lease_is_taken_over_when_its_worker_gives_no_sign_of_life(kind: Any, now: datetime) -> None:
    lives = iter([True])

    def work(claim: JobClaim) -> None:
        for _ in range(claim.job.done, 3):
            claim.advance(1)
            for _life in lives:
                raise Killed
        claim.finish()

    kind("long", work, lease=LEASE)
    job = create_job(kind="long", by=None, now=now)
    with pytest.raises(Killed):
        run_step("long", clock=lambda: now)
    assert state(job) == ("running", 1, "")
    assert not run_step("long", clock=lambda: now + LEASE / 2)
    assert run_step("long", clock=lambda: now + 2 * LEASE)
    assert (state(job), job.started_at) == (("done", 3, ""), now)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_lost_its_job_writes_neither_progress_nor_a_failure(kind: Any, now: datetime) -> None:
    def work(claim: JobClaim) -> None:
        claim.advance(1)
        if claim.clock() == now:
            run_step("long", clock=lambda: now + 2 * LEASE)  # somebody takes it for dead
            with pytest.raises(jobs.JobLostError):
                claim.advance(1)
            raise RuntimeError("too late")
        claim.finish()

    kind("long", work, lease=LEASE)
    job = create_job(kind="long", by=None, now=now)
    assert run_step("long", clock=lambda: now)
    assert state(job) == (JobState.DONE, 2, "")


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_comes_too_late_for_one_job_goes_on_with_the_next(kind: Any, now: datetime) -> None:
    kind("long", count_to_three, lease=LEASE)
    taken, free = (create_job(kind="long", by=None, now=now) for _ in range(2))

    def take_the_first(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        """Another worker's sign of life between the statement that finds a slice and the one that reads its job."""
        answer = execute(sql, *rest)
        if "FOR UPDATE" in sql:
            first = JobRun.objects.filter(pk=taken.pk)
            in_a_thread(lambda: first.update(state=JobState.RUNNING, touched_at=now))
        return answer

    with connection.execute_wrapper(take_the_first):
        run_steps("long", clock=lambda: now)
    assert (state(taken), state(free)) == (("running", 0, ""), ("running", 1, ""))


def test_a_kind_is_registered_once(kind: Any) -> None:
    kind("count", count_to_three)
    with pytest.raises(ValueError, match="count is registered twice"):
        kind("count", count_to_three)


def closing(work: Callable[[], Any]) -> Callable[[], Any]:
    """The work with a database connection of its thread's own, closed at the end."""

    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    return run


def in_a_thread(work: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(closing(work)).result(timeout=20)
