"""An import's long work as jobs that a person may leave: check, run, undo. Any worker goes on where another died."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pghistory
from django.db import connection, transaction
from django.db.models import Q

from accounts.models import User
from background.enums import JobState
from background.models import JobRun
from intake.imports.mapping import Unmappable
from intake.imports.problems import Unreadable
from intake.imports.report import save_rows
from intake.imports.rows import Row
from intake.imports.running import KINDS, File, Tally, batches, check_mapping, opened, rehearse, write_batch
from intake.imports.undo import undo_rows
from intake.models import ImportRow, LeadImport
from leads.enums import ImportState
from notices.actions import tell
from notices.enums import Channel

log = logging.getLogger(__name__)

CHECK, RUN, UNDO = JOB_KINDS = ("import_check", "import_run", "import_undo")
PATIENCE = timedelta(minutes=2)  # a job that gave no sign of life for so long lost its worker
SLICE = 8 * 1024 * 1024
UNDO_BATCH = 1_000

Clock = Callable[[], datetime]

# The states in which a job may begin, and the state it leads to at once.
BEGINS: dict[str, tuple[tuple[str, ...], str]] = {
    CHECK: ((ImportState.MAPPING, ImportState.CHECKED), ImportState.MAPPING),
    RUN: ((ImportState.CHECKED, ImportState.FAILED), ImportState.RUNNING),
    UNDO: ((ImportState.DONE, ImportState.FAILED), ImportState.RUNNING),
}


class Lost(Exception):
    """Another worker took the job over, or somebody stopped it."""


@transaction.atomic
def start_job(*, lead_import: LeadImport, kind: str, by: User, now: datetime) -> bool:
    """Let a worker do it. Returns False where the import is not in a state for it, such as on a second click."""
    allowed, state = BEGINS[kind]
    imports = LeadImport.objects.select_for_update(of=("self",)).select_related("job").defer("content")
    found = imports.filter(pk=lead_import.pk, state__in=allowed).first()
    if found is None:
        return False
    last = found.job
    if last is not None and last.state in (JobState.WAITING, JobState.RUNNING):
        JobRun.objects.filter(pk=last.pk).update(state=JobState.STOPPED, ended_at=now)
    goes_on = last is not None and last.kind == kind and last.state == JobState.FAILED
    if kind == RUN and found.state == ImportState.FAILED and not goes_on:
        return False  # what failed was taking it back
    earlier = last if goes_on and kind != CHECK else None
    found.job = JobRun.objects.create(
        kind=kind,
        subject=f"leads.leadimport:{found.pk}",
        total=found.rows,
        done=earlier.done if earlier else 0,
        cursor=earlier.cursor if earlier else {},
        by=by,
        created_at=now,
    )
    found.state = state
    found.save(update_fields=["job", "state"])
    lead_import.job, lead_import.state = found.job, found.state
    return True


def work_next(*, clock: Clock) -> bool:
    """Take one job and work on it to its end. Returns False when none is waiting."""
    job = _claim(clock())
    if job is None:
        return False
    lead_import = LeadImport.objects.select_related("by").defer("content").filter(job=job).first()
    if lead_import is None:
        JobRun.objects.filter(pk=job.pk).update(state=JobState.STOPPED, ended_at=clock())
        return True
    worker = _Worker(job, lead_import, clock)
    try:
        with pghistory.context(**{"import": lead_import.pk, "user": job.by_id}):
            {CHECK: worker.check, RUN: worker.run, UNDO: worker.undo}[job.kind]()
    except Lost:
        log.info("import_job_lost", extra={"job": job.pk})
    except (Unreadable, Unmappable) as problem:
        worker.fail(problem)
    except Exception as error:
        log.exception("import_job_failed", extra={"job": job.pk})
        worker.fail(error)
    return True


@transaction.atomic
def _claim(now: datetime) -> JobRun | None:
    waiting = Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, touched_at__lt=now - PATIENCE)
    jobs = JobRun.objects.select_for_update(skip_locked=True).filter(waiting, kind__in=JOB_KINDS).order_by("pk")
    job = jobs.first()
    if job is not None:
        job.state, job.touched_at, job.started_at = JobState.RUNNING, now, job.started_at or now
        job.save(update_fields=["state", "touched_at", "started_at"])
    return job


class _Worker:
    """One job in the hands of one process."""

    def __init__(self, job: JobRun, lead_import: LeadImport, clock: Clock) -> None:
        self.job, self.lead_import, self.clock = job, lead_import, clock
        self.pending: list[tuple[Any, dict[str, Any]]] = []

    # ---- the three kinds ----

    def check(self) -> None:
        """Rehearse the whole file and keep what was found."""
        with self._file() as file:
            tally, sources = rehearse(file, progress=self._progress)
        with transaction.atomic():
            self._touch(done=self.lead_import.rows, state=JobState.DONE, ended_at=self.clock())
            self._store(state=ImportState.CHECKED, found=_findings(tally, sources), failure=None)

    def run(self) -> None:
        """Write the rows past the cursor, then empty the file: what it said lives in the leads now."""
        with self._file() as file, opened(file, rehearse=False) as (plan, writer, sources):
            for batch in batches(file, plan, after=self.job.cursor.get("row", 0)):
                save = partial(self._save_batch, sources=sources.created)
                write_batch(batch, writer, now=self.clock(), save=save)
                self._settle()
        now = self.clock()
        with transaction.atomic():
            self._touch(state=JobState.DONE, ended_at=now)
            LeadImport.objects.filter(pk=self.lead_import.pk).update(content=b"")
            self._store(state=ImportState.DONE, done_at=now, failure=None)
            self._tell("leads.import_done", now)

    def undo(self) -> None:
        """Take back row by row, the last first."""
        before = self.job.cursor.get("row")
        while rows := self._report_before(before):
            with transaction.atomic():
                counts = undo_rows(self.lead_import, rows, now=self.clock())
                before = rows[-1].number
                self._touch(done=self.job.done + len(rows), cursor={"row": before})
                self._store(undone=dict(Counter(self.lead_import.summary.get("undone", {})) + counts))
            self._settle()
        now = self.clock()
        with transaction.atomic():
            self._touch(done=self.lead_import.rows, state=JobState.DONE, ended_at=now)
            self._store(state=ImportState.UNDONE, undone_at=now)
            self._tell("leads.import_undone", now)

    # ---- keeping what was done ----

    def _save_batch(self, rows: Sequence[Row], made: Counter[str], *, sources: list[str]) -> None:
        save_rows(self.lead_import, rows)
        last = rows[-1].number
        self._touch(done=self.job.done + len(rows), cursor={"row": last})
        outcomes = Counter(row.outcome for row in rows)
        summary = self.lead_import.summary
        self._store(
            **{name: getattr(self.lead_import, name) + outcomes[name] for name in outcomes},
            made=dict(Counter(summary.get("made", {})) + made),
            sources=sorted({*summary.get("sources", []), *sources}),
        )

    def _report_before(self, number: int | None) -> list[ImportRow]:
        rows = ImportRow.objects.filter(lead_import=self.lead_import).order_by("-number")
        return list((rows if number is None else rows.filter(number__lt=number))[:UNDO_BATCH])

    def _touch(self, **changes: Any) -> None:
        """A sign of life. Raises Lost where somebody else holds the job now."""
        now = self.clock()
        mine = JobRun.objects.filter(pk=self.job.pk, state=JobState.RUNNING, touched_at=self.job.touched_at)
        if not mine.update(touched_at=now, **changes):
            raise Lost
        self.pending = [(self.job, {"touched_at": now, **changes})]

    def _progress(self, done: int) -> None:
        self._touch(done=done)
        self._settle()

    def _settle(self) -> None:
        """The transaction is through: believe it. (One that is tried again must begin from the same numbers.)"""
        for row, values in self.pending:
            for name, value in values.items():
                setattr(row, name, value)
        self.pending = []

    def _store(self, **changes: Any) -> None:
        """Columns of the import, and everything else into its summary."""
        columns = {name: value for name, value in changes.items() if hasattr(LeadImport, name)}
        summary = self.lead_import.summary | {name: v for name, v in changes.items() if name not in columns}
        columns["summary"] = {name: value for name, value in summary.items() if value is not None}
        LeadImport.objects.filter(pk=self.lead_import.pk).update(**columns)
        self.pending.append((self.lead_import, columns))

    def fail(self, error: Exception) -> None:
        """Keep why it stopped. What earlier batches stored stays, with its report, and can be undone."""
        state = ImportState.MAPPING if self.job.kind == CHECK else ImportState.FAILED
        with transaction.atomic():
            JobRun.objects.filter(pk=self.job.pk).update(
                state=JobState.FAILED, ended_at=self.clock(), error=f"{type(error).__name__}: {error}"[:1000]
            )
            self._store(state=state, failure=_failure(error))

    def _tell(self, kind: str, now: datetime) -> None:
        if self.lead_import.by is not None:
            tell(
                people=[self.lead_import.by],
                kind=kind,
                key=f"{kind}:{self.lead_import.pk}",
                now=now,
                params={"file": self.lead_import.file_name, "created": self.lead_import.created,
                        "updated": self.lead_import.updated, "rejected": self.lead_import.rejected},
                url=f"/imports/{self.lead_import.pk}/",
                channels=[Channel.IN_APP],
            )  # fmt: skip

    @contextmanager
    def _file(self) -> Iterator[File]:
        found, now = self.lead_import, self.clock()
        kind = KINDS[found.kind]
        with spooled(found) as path:
            yield File(
                path=path,
                encoding=found.encoding,
                delimiter=found.summary.get("delimiter", ","),
                columns=found.columns,
                kind=kind,
                mapping=check_mapping(found.mapping, kind=kind, columns=found.columns, now=now),
                by=found.by,
                now=now,
            )


@contextmanager
def spooled(lead_import: LeadImport) -> Iterator[Path]:
    """The file's content on this machine's disk, fetched in slices so that memory stays flat."""
    directory = Path(tempfile.mkdtemp(prefix="leadqual-import-"))
    path = directory / "file"
    try:
        with path.open("wb") as file, connection.cursor() as cursor:
            start = 1
            while True:
                cursor.execute(
                    "SELECT substring(content FROM %s FOR %s) FROM intake_leadimport WHERE id = %s",
                    [start, SLICE, lead_import.pk],
                )
                part = bytes(cursor.fetchone()[0])
                if not part:
                    break
                file.write(part)
                start += len(part)
        yield path
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _findings(tally: Tally, sources: list[str]) -> dict[str, Any]:
    """What a rehearsal found, to be shown in anybody's language."""
    return {
        "counts": tally.counts,
        "made": dict(tally.made),
        "sources": sources,
        "reasons": [
            {"times": times, **tally.examples[name]} for name, times in tally.reasons.most_common(50)
        ],
        "first": [
            {"number": row.number, "outcome": row.outcome, "problems": row.all_problems,
             "values": {name: _plain(value) for name, value in row.values.items()}}
            for row in tally.first
        ],
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _failure(error: Exception) -> list[dict[str, Any]]:
    if isinstance(error, Unmappable):
        return [{"where": one.where, "code": one.code, "params": one.params} for one in error.problems]
    if isinstance(error, Unreadable):
        return [{"where": "", "code": error.code, "params": error.params}]
    return [{"where": "", "code": "unexpected", "params": {}}]
