"""Files of leads: asked for, written in pieces by any worker, on record before they can be fetched, removed later."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace

from django.db import transaction
from django.http import QueryDict

from accounts.models import User
from accounts.policies import is_allowed
from background.doorbell import ring
from background.jobs import JobClaim, JobKind, create_job
from leads import policies
from leads.access import visible_leads
from leads.actions.exports import MOST_ROWS, record_export
from leads.models import Lead
from scoring.api_filters import LeadApiFilterSet
from scoring.enums import ExportFormat
from scoring.lead_documents import COLUMNS, FIELDS_OF_LEADS, cells, lead_documents
from scoring.models import LeadFile, LeadFilePiece
from scoring.queries.lead_list import leads_in_full
from web.spreadsheet import csv_text

EXPORT = "lead_export"
TASK = "scoring.export"
AT_ONCE = 2_000
KEPT_FOR = timedelta(days=7)


@transaction.atomic
def ask_for_file(*, by: User, format: ExportFormat, query: str, with_scores: bool, now: datetime) -> LeadFile:
    """A job that writes the leads which `by` sees and the filters let through."""
    file = LeadFile.objects.create(
        job=create_job(kind=EXPORT, by=by, now=now), by=by, format=format, query=query, with_scores=with_scores,
        created_at=now,
    )  # fmt: skip
    transaction.on_commit(lambda: ring(TASK))
    return file


def write_piece(claim: JobClaim) -> None:
    """The next leads by their ids. Stops the job where its person may no longer export."""
    file = LeadFile.objects.select_related("by").filter(job=claim.job).first()
    if file is None or not file.by.is_active or not is_allowed(file.by, policies.EXPORT):
        claim.stop()
        return
    after, number = int(claim.job.cursor.get("after", 0)), int(claim.job.cursor.get("number", 0))
    filters = LeadApiFilterSet(QueryDict(file.query), visible_leads(file.by), request=SimpleNamespace(user=file.by))
    wanted = min(claim.limit or AT_ONCE, MOST_ROWS - file.rows)
    pks = list(filters.qs.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[: wanted + 1])
    page = pks[:wanted]
    found = leads_in_full(page)
    content = text_of(file, [found[pk] for pk in page if pk in found], is_first=number == 0)
    LeadFilePiece.objects.create(file=file, number=number, content=content.encode())
    file.rows += len(page)
    has_more, is_full = len(pks) > wanted, file.rows >= MOST_ROWS
    if has_more and not is_full:
        file.save(update_fields=["rows"])
        claim.advance(len(page), cursor={"after": page[-1], "number": number + 1})
        return
    file.is_cut, file.done_at = has_more, claim.clock()
    file.save(update_fields=["rows", "is_cut", "done_at"])
    columns = COLUMNS if file.format == ExportFormat.CSV else FIELDS_OF_LEADS
    record_export(by=file.by, query=file.query, columns=columns, rows=file.rows, is_cut=file.is_cut, now=claim.clock())
    claim.finish(done=file.rows, total=file.rows)


def text_of(file: LeadFile, leads: Sequence[Lead], *, is_first: bool) -> str:
    """Lines of the file; the first piece of a CSV begins with the names of its columns."""
    documents = lead_documents(leads, file.by, with_scores=file.with_scores)
    if file.format == ExportFormat.JSON_LINES:
        return "".join(f"{json.dumps(document, ensure_ascii=False)}\n" for document in documents)
    text = csv_text(COLUMNS, map(cells, documents))
    return f"\ufeff{text}" if is_first else text.partition("\n")[2]


def forget_files(*, now: datetime) -> int:
    """Remove files that were kept long enough. Returns how many."""
    old = LeadFile.objects.filter(created_at__lte=now - KEPT_FOR)
    count = old.count()
    old.delete()
    return count


EXPORTS = JobKind(code=EXPORT, step=write_piece)
