"""An import's long work as jobs that a person may leave: check, run, undo. Any worker goes on where another died."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import Max

from accounts.audience import administrators, first_present, themselves
from accounts.models import User
from background.jobs import Clock, JobClaim, JobKind, create_job, run_step, stop_jobs
from background.models import JobRun
from intake.imports.batches import is_remarked, opener_of, rehearse, row_batches, write_batch
from intake.imports.mapping import MappingError
from intake.imports.problems import UnreadableFileError
from intake.imports.report import count_rows, keep_rehearsed, save_rows
from intake.imports.rows import FileRow
from intake.imports.stored_file import mapped_file
from intake.imports.undo import undo_rows
from intake.models import ImportRow, LeadImport, RehearsedRow
from intake.signals import import_wanted
from leads.enums import ImportState
from notices.actions import tell
from notices.enums import Channel

CHECK, RUN, UNDO = JOB_KINDS = ("import_check", "import_run", "import_undo")
LEASE = timedelta(minutes=2)  # a job that gave no sign of life for so long lost its worker
UNDO_BATCH = 1_000
LARGEST_ROW = 2**31 - 1

# The states in which a job may begin, and the state it leads to at once.
BEGINS: dict[str, tuple[tuple[str, ...], str]] = {
    CHECK: ((ImportState.MAPPING, ImportState.CHECKED), ImportState.MAPPING),
    RUN: ((ImportState.CHECKED, ImportState.FAILED), ImportState.RUNNING),
    UNDO: ((ImportState.DONE, ImportState.FAILED), ImportState.RUNNING),
}


@transaction.atomic
def start_job(*, lead_import: LeadImport, kind: str, by: User, now: datetime) -> bool:
    """Let a worker do it, at once. Returns False where the import's state forbids it, such as on a second click."""
    allowed, state = BEGINS[kind]
    imports = LeadImport.objects.select_for_update(of=("self",)).select_related("job").defer("content")
    stored = imports.filter(pk=lead_import.pk, state__in=allowed).first()
    if stored is None:
        return False
    subject, last = f"leads.leadimport:{stored.pk}", stored.job
    stop_jobs(*JOB_KINDS, subject=subject, now=now)
    goes_on = last is not None and last.kind == kind and last.has_failed
    if kind == RUN and stored.state == ImportState.FAILED and not goes_on:
        return False  # what failed was taking it back
    earlier = last if goes_on and kind != CHECK else None
    stored.job = create_job(
        kind=kind,
        subject=subject,
        total=stored.rows,
        done=earlier.done if earlier else 0,
        cursor=earlier.cursor if earlier else None,
        by=by,
        now=now,
    )
    stored.state = state
    stored.save(update_fields=["job", "state"])
    lead_import.job, lead_import.state = stored.job, stored.state
    transaction.on_commit(lambda: import_wanted.send(sender=None))
    return True


def work_next(*, clock: Clock) -> bool:
    """Take one job and work on it to its end. Returns False when none is waiting."""
    return run_step(*JOB_KINDS, clock=clock)


def work_on_import(claim: JobClaim) -> None:
    """Check, run or take back one import to its end, however many transactions that needs."""
    lead_import = LeadImport.objects.select_related("by").defer("content").filter(job=claim.job).first()
    if lead_import is None:
        claim.stop()
        return
    worker = ImportWorker(claim, lead_import)
    work = {CHECK: worker.check, RUN: worker.run, UNDO: worker.undo}[claim.job.kind]
    try:
        with pghistory.context(**{"import": lead_import.pk, "user": claim.job.by_id}):
            work()
    except (UnreadableFileError, MappingError) as error:
        claim.fail(error)  # the file's fault, not ours: the page says what it is


class ImportWorker:
    """One job in the hands of one process."""

    def __init__(self, claim: JobClaim, lead_import: LeadImport) -> None:
        self.claim, self.lead_import, self.clock = claim, lead_import, claim.clock

    # ---- the three kinds ----

    def check(self) -> None:
        """Rehearse the whole file and keep what was found."""
        RehearsedRow.objects.filter(lead_import=self.lead_import).delete()
        with mapped_file(self.lead_import, now=self.clock()) as file:
            keep = partial(keep_rehearsed, self.lead_import)
            tally, sources = rehearse(file, progress=lambda done: self.claim.advance(done=done), keep=keep)
        with transaction.atomic():
            self.claim.finish(done=self.lead_import.rows)
            self.lead_import.store(state=ImportState.CHECKED, found=tally.findings(sources), failure=None)

    def run(self) -> None:
        """Write the rows past the cursor, then empty the file: what it said lives in the leads now."""
        with (
            mapped_file(self.lead_import, now=self.clock()) as file,
            opener_of(file.kind)(file, rehearse=False) as (plan, writer, sources),
        ):
            for batch in row_batches(file, plan, after=self.claim.job.cursor.get("row", 0)):
                save = partial(self._save_batch, sources=sources.created)
                write_batch(batch, writer, now=self.clock(), save=save)
        now = self.clock()
        with transaction.atomic():
            self.claim.finish()
            LeadImport.objects.filter(pk=self.lead_import.pk).update(content=b"")
            RehearsedRow.objects.filter(lead_import=self.lead_import).delete()
            self.lead_import.store(state=ImportState.DONE, done_at=now, **self._without_rows())
            self._tell("leads.import_done", now)

    def undo(self) -> None:
        """Take back row by row, the last written first: what was corrected after the run, then the rest by number."""
        report, cursor = ImportRow.objects.filter(lead_import=self.lead_import), self.claim.job.cursor
        corrected, turn = report.filter(turn__gt=0), cursor.get("turn", LARGEST_ROW)
        while turn := corrected.filter(turn__lt=turn).aggregate(last=Max("turn"))["last"]:
            self._undo(list(corrected.filter(turn=turn).order_by("-number")), cursor={"turn": turn})
        before = cursor.get("row", LARGEST_ROW)
        while rows := list(report.filter(turn=0, number__lt=before).order_by("-number")[:UNDO_BATCH]):
            before = rows[-1].number
            self._undo(rows, cursor={"turn": 0, "row": before})
        now = self.clock()
        with transaction.atomic():
            self.claim.finish(done=self.lead_import.rows)
            self.lead_import.store(state=ImportState.UNDONE, undone_at=now)
            self._tell("leads.import_undone", now)

    def _undo(self, rows: Sequence[ImportRow], *, cursor: dict[str, int]) -> None:
        with transaction.atomic():
            counts = undo_rows(self.lead_import, rows, now=self.clock())
            self.claim.advance(len(rows), cursor=cursor)
            undone = Counter(self.lead_import.stored().summary.get("undone", {})) + counts
            self.lead_import.store(undone=dict(undone))

    # ---- keeping what was done ----

    def _save_batch(self, rows: Sequence[FileRow], made: Counter[str], *, sources: list[str]) -> None:
        """In the transaction that wrote the rows, which may be tried again."""
        save_rows(self.lead_import, rows, made)
        self.claim.advance(len(rows), cursor={"row": rows[-1].number})
        outcomes, remarked = Counter(row.outcome for row in rows), sum(is_remarked(row) for row in rows)
        count_rows(self.lead_import, outcomes, made=made, sources=sources, remarked=remarked)

    def _without_rows(self) -> dict[str, Any]:
        """The summary without samples and examples, which go with the file; numbers stay."""
        found = self.lead_import.stored().summary.get("found", {})
        numbers = {name: found[name] for name in ("counts", "made", "sources", "remarked") if name in found}
        return dict.fromkeys(("sample", "values", "failure")) | {"found": numbers or None}

    def _tell(self, kind: str, now: datetime) -> None:
        stored = self.lead_import.stored()
        if self.lead_import.by is None:
            return  # at the command line: whoever waits there reads it there
        tell(
            people=first_present(themselves(self.lead_import.by), administrators()),
            kind=kind,
            key=f"{kind}:{stored.pk}",
            now=now,
            params={"file": stored.file_name, "created": stored.created, "updated": stored.updated,
                    "rejected": stored.rejected},
            url=f"/imports/{stored.pk}/",
            channels=[Channel.IN_APP],
        )  # fmt: skip


def keep_failure(job: JobRun, error: Exception, now: datetime) -> None:
    """Keep why it stopped. What earlier batches stored stays, with its report, and can be undone."""
    state = ImportState.MAPPING if job.kind == CHECK else ImportState.FAILED
    failure: list[dict[str, Any]] = [{"where": "", "code": "unexpected", "params": {}}]
    if isinstance(error, MappingError):
        failure = [asdict(problem) for problem in error.problems]
    elif isinstance(error, UnreadableFileError):
        failure = [{"where": "", "code": error.code, "params": error.params}]
    for lead_import in LeadImport.objects.defer("content").filter(job=job):
        lead_import.store(state=state, failure=failure)


IMPORTS = [JobKind(code=kind, step=work_on_import, lease=LEASE, on_failure=keep_failure) for kind in JOB_KINDS]
