"""Re-scoring everybody by several workers at once: every slice once, nobody twice, and the last one closes the job."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from background.jobs import open_slices
from background.models import JobRun, JobSlice
from leads.models import Lead
from scoring.actions import (
    rescoring,
    run_rescore_step,
    run_rescores,
    score_all_dirty,
    start_rescore,
)
from scoring.barriers import at_barrier
from scoring.models import LeadScore
from tests.factories import LeadFactory
from tests.published import document, mail_rule

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def many(publish, monkeypatch):
    """Seventeen leads, which count as many."""
    monkeypatch.setattr(rescoring, "BATCH", 1)
    for _ in range(17):
        LeadFactory()
    publish(document(mail_rule()), score=False)


def test_a_slice_ends_where_the_next_begins_and_the_last_is_open(many):
    slices = list(JobSlice.objects.all())
    assert len(slices) == 8
    assert [part.last for part in slices[:-1]] == [part.after for part in slices[1:]]
    assert (slices[0].after, slices[-1].last) == (Lead.objects.order_by("pk")[0].pk - 1, None)


def test_two_workers_walk_different_slices_and_the_job_ends_once(many, now):
    def work() -> int:
        try:
            steps = 0
            while run_rescore_step(now=now, limit=2):
                steps += 1
            return steps
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        steps = [future.result() for future in [pool.submit(work) for _ in range(2)]]
    run_rescores(now=now)  # what the other held when one found nothing left
    job = JobRun.objects.get()
    assert (job.state, job.done, job.total, job.percent, LeadScore.objects.count()) == ("done", 17, 17, 100, 17)
    assert sum(steps) >= 16
    assert not open_slices("rescore").exists()


def test_a_lead_that_comes_meanwhile_is_in_the_last_slice(many, now):
    run_rescore_step(now=now)
    late = LeadFactory()
    run_rescores(now=now)
    assert LeadScore.objects.filter(lead=late).exists()


def test_who_comes_into_a_batch_after_it_was_locked_is_left_to_those_who_lock_them(publish, now):
    """An id is missing between the leads of the batch, as one that another transaction has taken but not committed."""
    first, missing, last = (LeadFactory().pk for _ in range(3))
    Lead.objects.filter(pk=missing).delete()
    publish(document(mail_rule()), score=False)

    def come() -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(lambda: (LeadFactory(id=missing), connection.close())).result()

    at_barrier("locked", come)
    try:
        run_rescore_step(now=now)
    finally:
        at_barrier("locked", None)
    assert Lead.objects.count() == 3
    assert set(LeadScore.objects.values_list("lead", flat=True)) == {first, last}
    score_all_dirty(now=now)
    assert LeadScore.objects.filter(lead=missing).exists()


@pytest.mark.parametrize(("number", "batches"), [(4, [4]), (5, [5]), (6, [4, 2]), (9, [4, 5])])
def test_a_small_rest_joins_the_batch_before(publish, now, number, batches):
    """A batch is four leads; one more is no batch of its own, two are."""
    leads = [LeadFactory() for _ in range(number)]
    publish(document(mail_rule()), score=False)
    JobSlice.objects.update(last=leads[-1].pk)
    done = []
    while run_rescore_step(now=now, limit=4):
        done.append(LeadScore.objects.count() - sum(done))
    assert [size for size in done if size] == batches


def test_a_new_job_of_the_same_subject_takes_the_place_of_the_old_one(many, now):
    subject = JobRun.objects.get().subject
    newer = start_rescore(by=None, now=now, subject=subject)
    run_rescores(now=now)
    assert dict(JobRun.objects.values_list("pk", "state")) == {newer.pk: "done", newer.pk - 1: "stopped"}


def test_nobody_to_score_ends_at_once(db, now):
    job = start_rescore(by=None, now=now)
    assert run_rescores(now=now) == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 0, 0)


def test_a_batch_asks_little_beside_the_scoring_itself(many, now):
    """The slice and its job are read, and both are written: four statements, whatever the batch's size."""
    run_rescore_step(now=now, limit=1)
    with CaptureQueriesContext(connection) as queries:
        run_rescore_step(now=now, limit=1)
    asked = [query["sql"] for query in queries if "background_" in query["sql"]]
    assert [sql.split()[0] for sql in asked] == ["SELECT", "SELECT", "UPDATE", "UPDATE"]
