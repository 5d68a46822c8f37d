"""What must not happen while several workers run or die and somebody publishes; and planted faults are caught."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models import Count
from django.utils import timezone

from background.invariants import invariants
from background.models import JobRun
from leads.actions import NewActivity, record_activities
from leads.models import Activity, ActivityType, DirtyMark, Lead
from scoring.actions import publish_version, run_rescore_step, run_rescores, score_all_dirty, score_dirty
from scoring.actions import score as scorer
from scoring.barriers import at_barrier
from scoring.models import Episode, LeadScore, ScoringModel
from scoring.queries.backtest import decisions_made_anew
from studio.draft.store import save_draft
from tests.factories import LeadFactory, activity
from tests.published import document, mail_rule

pytestmark = pytest.mark.django_db(transaction=True)
HOT_BY_ONE = mail_rule(points=80, repeat="once")


def violated() -> list[str]:
    """The names of the invariants that do not hold, an hour from now: nothing is in flight any more."""
    return [each.name for each in invariants() if list(each.find(timezone.now() + timedelta(hours=1)))]


@contextmanager
def barrier_at(name: str, action: Callable[[], None]) -> Iterator[None]:
    at_barrier(name, action)
    try:
        yield
    finally:
        at_barrier(name, None)


def aside(work: Callable[[], Any]) -> Any:
    """Do it on another connection, as another process would."""

    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


POINTS = ("claimed", "locked", "written", "scored", "rescore_claimed")
# A worker for each point, one after the other; each works until there and is killed.
KILLED = """
import os, signal, sys, django
django.setup()
from django.utils import timezone
from scoring.actions import run_rescore_step, score_dirty
from scoring.barriers import at_barrier
for point in sys.argv[1:]:
    worker = os.fork()
    if not worker:
        at_barrier(point, lambda: os.kill(os.getpid(), signal.SIGKILL))
        work = run_rescore_step if point.startswith("rescore") else score_dirty
        work(now=timezone.now())
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]))
"""


def test_a_worker_killed_at_any_point_loses_nothing(publish):
    leads = [LeadFactory() for _ in range(20)]
    publish(document(HOT_BY_ONE), at=timezone.now(), score=False)
    for lead in leads:
        activity(lead, "email_open", timezone.now())
    assert _die_at(*POINTS) == [-signal.SIGKILL] * len(POINTS)
    assert DirtyMark.objects.values("lead_id").distinct().count() == 20
    assert not LeadScore.objects.exists()
    run_rescores(now=timezone.now())
    score_all_dirty(now=timezone.now())
    assert violated() == []
    assert Episode.objects.count() == 20


KILLED_LATER = """
import os, signal, django
django.setup()
from django.utils import timezone
from scoring.actions import run_rescore_step
from scoring.barriers import at_barrier
passed = []
def die_at_the_third():
    passed.append(None)
    if len(passed) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
at_barrier("{point}", die_at_the_third)
while run_rescore_step(now=timezone.now(), limit=10):
    pass
"""


@pytest.mark.parametrize("point", ["rescore_claimed", "locked", "written"])
def test_a_publication_killed_in_the_middle_resumes_and_ends_with_everybody_on_the_new_version(publish, admin, point):
    """Killed in the third batch of ten, with activities arriving before and after."""
    leads = [LeadFactory() for _ in range(45)]
    publish(document(mail_rule()), at=timezone.now())
    _republish(admin, document(mail_rule(points=9)), timezone.now())
    job = JobRun.objects.get(subject__startswith="scoring.model:", state="waiting")
    assert (job.done, job.total, job.percent) == (0, None, None)
    activity(leads[40], "email_open", timezone.now())
    assert score_dirty(now=timezone.now()) == 1  # beside the job, and already under the new version
    assert _child(KILLED_LATER.format(point=point)).returncode == -signal.SIGKILL
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.percent) == ("running", 20, 45, 44)
    by_version = LeadScore.objects.values_list("version__number").annotate(leads=Count("pk"))
    assert dict(by_version) == {1: 24, 2: 21}
    for lead in leads[:3]:
        activity(lead, "email_open", timezone.now())
    steps = 0
    while run_rescore_step(now=timezone.now(), limit=10):
        steps += 1
    score_all_dirty(now=timezone.now())
    job.refresh_from_db()
    assert (steps, job.state, job.done, job.total, job.percent, job.error) == (4, "done", 45, 45, 100, "")
    assert set(LeadScore.objects.values_list("version__number", flat=True)) == {2}
    assert (LeadScore.objects.count(), violated()) == (45, [])


def _die_at(*points: str) -> list[Any]:
    told = _child(KILLED, *points)
    return [int(code) for code in told.stdout.split()] or [told.stderr.decode()]


def _child(program: str, *words: str) -> subprocess.CompletedProcess[bytes]:
    """Another process at work on the same database."""
    url = os.environ["DATABASE_URL"].replace("/leadqual?", f"/{connection.settings_dict['NAME']}?")
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.run([sys.executable, "-c", program, *words], env=environment, capture_output=True, timeout=100)


def test_two_scorers_of_the_same_lead_take_turns(publish):
    assert _two_scorers(publish) == [1, 1]
    assert (violated(), Episode.objects.count()) == ([], 1)


def test_planted_fault_no_row_lock(publish, monkeypatch):
    """Without the lock both find the lead cold and both open its first episode: the constraint stops the second."""
    monkeypatch.setattr(scorer, "LOCK", scorer.LOCK.replace("FOR NO KEY UPDATE", ""))
    with pytest.raises(IntegrityError):
        _two_scorers(publish)


def _two_scorers(publish: Any) -> list[int]:
    """The first has written and not committed when an activity arrives that the second takes."""
    lead = LeadFactory()
    publish(document(HOT_BY_ONE), at=timezone.now())
    activity(lead, "email_open", timezone.now())
    second: list[Future[int]] = []
    pool = ThreadPoolExecutor(1)

    def another_arrives() -> None:
        at_barrier("written", None)
        aside(lambda: activity(lead, "email_open", timezone.now()))
        second.append(pool.submit(_score_and_close))
        threading.Event().wait(0.5)  # it waits for us now, at the lead's row

    with barrier_at("written", another_arrives):
        first = score_dirty(now=timezone.now())
    return [first, second[0].result()]


def _score_and_close() -> int:
    try:
        return score_dirty(now=timezone.now())
    finally:
        connection.close()


def test_an_activity_that_arrives_while_its_lead_is_scored_is_not_forgotten(publish):
    lead = _arrives_meanwhile(publish)
    assert DirtyMark.objects.filter(lead_id=lead.pk).count() == 1
    score_all_dirty(now=timezone.now())
    assert (violated(), LeadScore.objects.get().total) == ([], 1000)


def test_planted_fault_the_mark_is_cleared_after_computing(publish, monkeypatch):
    claim = "SELECT count(*), array_agg(DISTINCT lead_id) FROM (SELECT lead_id FROM leads_dirtymark LIMIT %s) AS taken"
    monkeypatch.setattr(scorer, "CLAIM", claim)
    with barrier_at("scored", lambda: DirtyMark.objects.all().delete() and None):
        _arrives_meanwhile(publish)
    score_all_dirty(now=timezone.now())
    assert violated() == ["scores_equal_recomputation"]


def _arrives_meanwhile(publish: Any) -> Lead:
    lead = LeadFactory()
    publish(document(mail_rule()), at=timezone.now())
    at = timezone.now() - timedelta(minutes=1)
    activity(lead, "email_open", at)
    with barrier_at("written", lambda: aside(lambda: activity(lead, "email_open", at))):
        score_dirty(now=timezone.now())
    return lead


def test_planted_fault_no_unique_key(publish):
    lead = LeadFactory()
    kind = ActivityType.objects.get(code="email_open")
    row = NewActivity(lead_id=lead.pk, type_id=kind.pk, occurred_at=timezone.now(), key="same")
    drop = "ALTER TABLE leads_activitykey DROP CONSTRAINT activity_once_per_key"
    add = "ALTER TABLE leads_activitykey ADD CONSTRAINT activity_once_per_key UNIQUE (source, key)"
    with connection.cursor() as cursor:
        cursor.execute(drop)
        try:
            for _time in range(2):
                record_activities([row], source="api:1", now=timezone.now())
            assert "activity_keys_once" in violated()
        finally:
            cursor.execute("DELETE FROM leads_activitykey")
            cursor.execute(add)


A_SECOND = 500


def test_publishing_while_500_activities_a_second_arrive(publish, admin):
    """Publishing while 500 activities a second arrive: no lead carries a mixture of versions, none is left unscored.

    Two scorers, two writers, three
    versions published meanwhile; and every decision made on the way comes out again."""
    leads = [LeadFactory() for _ in range(60)]
    publish(document(mail_rule()), at=timezone.now())
    kind = ActivityType.objects.get(code="email_open")
    stop, began = threading.Event(), timezone.now()
    with ThreadPoolExecutor(5) as pool:
        writers = [pool.submit(_until, stop, lambda n=n: _ingest(leads, kind.pk, n)) for n in range(2)]
        others = [pool.submit(_until, stop, lambda: score_dirty(now=timezone.now(), limit=20)) for _ in range(2)]
        others.append(pool.submit(_until, stop, _mixtures))
        for points in (7, 9, 11):
            _republish(admin, document(mail_rule(points=points)), timezone.now())
            while run_rescore_step(now=timezone.now(), limit=10):
                pass
        seconds = (timezone.now() - began).total_seconds()
        stop.set()
        stored = sum(writer.result() for writer in writers)
        assert [other.exception() for other in others] == [None] * 3
    assert others[2].result() == 0
    assert stored >= A_SECOND * seconds
    score_all_dirty(now=timezone.now())
    assert violated() == []
    current = ScoringModel.objects.get().current_version
    assert set(LeadScore.objects.values_list("version", flat=True)) == {current.pk}
    assert (LeadScore.objects.count(), Activity.objects.count()) == (60, stored)
    assert [
        str(one) for moment in decisions_made_anew(since=began, until=timezone.now()) for one in moment.missed
    ] == []


def _mixtures() -> int:
    """Scores, at this moment, whose number of points a mail is not that of the version they name."""
    with connection.cursor() as cursor:
        cursor.execute(MIXTURES)
        return int(cursor.fetchone()[0])


MIXTURES = """
SELECT count(*) FROM scoring_leadscore AS score JOIN scoring_version AS version ON version.id = score.version_id
WHERE contributions[1] % (100 * (document #>> '{groups,0,rules,0,points}')::integer) <> 0"""


def _until(stop: threading.Event, work: Callable[[], int]) -> int:
    done = 0
    try:
        while not stop.is_set():
            done += work()
    finally:
        connection.close()
    return done


def _ingest(leads: list[Lead], type_id: int, writer: int) -> int:
    now = timezone.now()
    rows = [NewActivity(lead_id=lead.pk, type_id=type_id, occurred_at=now) for lead in leads[writer::2]]
    return len(record_activities(rows, source=f"api:{writer}", now=now))


def _republish(admin: Any, raw: dict[str, Any], now: datetime) -> None:
    model = ScoringModel.objects.get()
    save_draft(model=model, document=raw, revision=model.draft_revision, by=admin, now=now)
    publish_version(model=model, by=admin, note="more", now=now)
