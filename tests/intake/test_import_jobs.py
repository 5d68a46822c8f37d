"""An import's long work: it survives its worker, is never done twice, and says what became of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from accounts.models import User
from background.enums import JobState
from background.models import JobRun
from intake.imports import batches, jobs
from intake.imports.jobs import CHECK, RUN, start_job, work_next
from intake.imports.layout import FileFormat
from intake.imports.mapping import MappingError
from intake.imports.problems import UnreadableFileError
from intake.imports.uploads import MAX_MEGABYTES, discard, map_file, read_again, receive_file
from intake.models import LeadImport
from leads.models import ActivityType, Lead
from notices.models import OutboxMessage
from tests.intake.importing import counts, imported, received, report, upload, work

pytestmark = pytest.mark.django_db

BY_EMAIL: dict[str, Any] = {"identity": "email", "columns": {"mail": "lead.email", "name": "lead.name"}}
FIVE = "mail,name\n" + "".join(f"p{n}@example.jp,P{n}\n" for n in range(5))


class Killed(BaseException):
    """What a worker does not survive."""


def checked(text: str, by: User, now: datetime) -> LeadImport:
    found = received(text, by, now)
    map_file(lead_import=found, data=BY_EMAIL, by=by, now=now)
    work(now)
    found.refresh_from_db()
    return found


def test_a_run_goes_on_where_its_worker_died_and_no_row_is_done_twice(
    marketer: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    found = checked(FIVE, marketer, now)
    assert start_job(lead_import=found, kind=RUN, by=marketer, now=now)
    seen = 0

    def dies(*args: Any, **kwargs: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == 3:
            raise Killed
        return batches.write_batch(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "write_batch", dies)
        with pytest.raises(Killed):
            work_next(clock=lambda: now)
    assert Lead.objects.count() == 4
    job = JobRun.objects.get(kind=RUN)
    assert (job.state, job.done, job.total, job.percent, job.cursor) == (JobState.RUNNING, 4, 5, 80, {"row": 4})

    assert not work_next(clock=lambda: now + timedelta(minutes=1))  # it may still be alive
    assert work_next(clock=lambda: now + timedelta(minutes=3))
    found.refresh_from_db()
    assert (found.state, counts(found)) == ("done", (5, 0, 0, 0))
    assert [row[:2] for row in report(found)] == [(n, "created") for n in range(1, 6)]


def test_a_worker_that_was_taken_for_dead_stops_when_another_took_over(
    marketer: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    found = checked(FIVE, marketer, now)
    start_job(lead_import=found, kind=RUN, by=marketer, now=now)
    later = now + timedelta(minutes=5)

    def slow(*args: Any, **kwargs: Any) -> Any:
        JobRun.objects.filter(kind=RUN).update(touched_at=later)  # somebody else claims it meanwhile
        return batches.write_batch(*args, **kwargs)

    monkeypatch.setattr(jobs, "write_batch", slow)
    assert work_next(clock=lambda: now)
    assert (Lead.objects.count(), found.report.count()) == (0, 0)


def test_an_error_keeps_what_is_stored_and_can_be_gone_on_from(
    marketer: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    found = checked(FIVE, marketer, now)
    start_job(lead_import=found, kind=RUN, by=marketer, now=now)
    real, calls = jobs.save_rows, []

    def fails(*args: Any) -> None:
        calls.append(args)
        if len(calls) == 2:
            raise RuntimeError("no more space")
        real(*args)

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "save_rows", fails)
        work(now)
    found.refresh_from_db()
    assert (found.state, counts(found), Lead.objects.count()) == ("failed", (2, 0, 0, 0), 2)
    assert found.summary["failure"] == [{"where": "", "code": "unexpected", "params": {}}]
    assert start_job(lead_import=found, kind=RUN, by=marketer, now=now)
    work(now)
    found.refresh_from_db()
    assert (found.state, counts(found), Lead.objects.count()) == ("done", (5, 0, 0, 0), 5)


def test_a_second_click_starts_nothing(marketer: User, now: datetime) -> None:
    found = checked(FIVE, marketer, now)
    assert start_job(lead_import=found, kind=RUN, by=marketer, now=now)
    assert not start_job(lead_import=found, kind=RUN, by=marketer, now=now)
    work(now)
    assert not start_job(lead_import=found, kind=RUN, by=marketer, now=now)
    assert not discard(lead_import=found)
    assert (JobRun.objects.filter(kind=RUN).count(), Lead.objects.count()) == (1, 5)


def test_nothing_runs_before_it_was_checked(marketer: User, now: datetime) -> None:
    found = received(FIVE, marketer, now)
    assert not start_job(lead_import=found, kind=RUN, by=marketer, now=now)
    assert not JobRun.objects.exists()


def test_a_new_mapping_stops_the_check_of_the_old_one(marketer: User, now: datetime) -> None:
    found = received(FIVE, marketer, now)
    map_file(lead_import=found, data=BY_EMAIL, by=marketer, now=now)
    map_file(lead_import=found, data={"identity": "email", "columns": {"mail": "lead.email"}}, by=marketer, now=now)
    assert list(JobRun.objects.order_by("pk").values_list("state", flat=True)) == [JobState.STOPPED, JobState.WAITING]
    work(now)
    found.refresh_from_db()
    assert (found.state, found.job and found.job.kind) == ("checked", CHECK)


def test_a_mapping_that_is_wrong_is_not_kept(marketer: User, now: datetime) -> None:
    found = received(FIVE, marketer, now)
    before = found.mapping
    with pytest.raises(MappingError):
        map_file(lead_import=found, data={"identity": "email", "columns": {}}, by=marketer, now=now)
    found.refresh_from_db()
    assert (found.mapping, found.job) == (before, None)


def test_a_mapping_that_went_out_of_date_is_told_by_the_check(marketer: User, now: datetime) -> None:
    found = received("mail,on\na@example.jp,2026-01-01\n", marketer, now)
    mapping = {
        "identity": "email",
        "columns": {"mail": "lead.email"},
        "activity": {"type": "chat_question", "occurred_at": "on"},
    }
    map_file(lead_import=found, data=mapping, by=marketer, now=now)
    ActivityType.objects.filter(code="chat_question").update(is_active=False)
    work(now)
    found.refresh_from_db()
    assert (found.state, found.job and found.job.state) == ("mapping", JobState.FAILED)
    assert found.summary["failure"] == [
        {"where": "activity.type", "code": "unknown_type", "params": {"type": "chat_question"}}
    ]


def test_whoever_started_it_is_told_at_the_end(marketer: User, now: datetime) -> None:
    found = imported(FIVE, BY_EMAIL, marketer, now)
    message = OutboxMessage.objects.get()
    assert (message.user, message.kind, message.url) == (marketer, "leads.import_done", f"/imports/{found.pk}/")
    assert message.params == {"file": "leads.csv", "created": 5, "updated": 0, "rejected": 0}


def test_a_file_that_is_too_big_is_refused(marketer: User, now: datetime) -> None:
    big = upload(FIVE)
    big.size = MAX_MEGABYTES * 1024 * 1024 + 1
    with translation.override("en"), pytest.raises(UnreadableFileError) as caught:
        receive_file(upload=big, kind="leads", by=marketer, now=now)
    assert str(caught.value) == "The file is larger than 50 MB. Split it, or use the import_leads command."
    assert not LeadImport.objects.exists()


def test_a_file_may_be_read_in_another_encoding(marketer: User, now: datetime) -> None:
    found = received("あ,name\na@example.jp,A\n", marketer, now)
    with translation.override("en"), pytest.raises(UnreadableFileError) as caught:
        read_again(lead_import=found, given=FileFormat(encoding="cp932"), by=marketer)
    assert str(caught.value) == "The file can’t be read as Shift_JIS (CP932). Choose another encoding."
    read_again(lead_import=found, given=FileFormat(encoding="utf-8"), by=marketer)
    found.refresh_from_db()
    assert found.columns == ["あ", "name"]
