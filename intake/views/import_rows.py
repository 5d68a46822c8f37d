"""What the pages of a job, of a dry run and of a report show, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from intake.forms.correction import correctable
from intake.forms.import_choices import stored_words
from intake.imports.batches import KINDS
from intake.imports.fields import ACTIVITY_FIELDS
from intake.imports.jobs import RUN
from intake.imports.mapping import MappingProblem
from intake.imports.problems import group_text, problem_text
from intake.imports.report import outcome_words
from intake.imports.row_filter import ACTIVITIES, COMPANIES, REMARKED, RowFilter
from intake.models import ImportRow, LeadImport, RehearsedRow
from leads.enums import EnquiryKind, ImportState, Temperature
from leads.models import Lead
from web.paging import Cursor, Order, page_of

PAGE = 100
BY_NUMBER = Order(name="number", keys=("number",))
ONLY_UNDONE = ("undone", "kept")


@dataclass(frozen=True, kw_only=True)
class RowsWithProblem:
    """What is said of rows, of how many, the first of them, and the address of all."""

    text: str
    times: int
    row: int
    query: str


@dataclass(frozen=True, kw_only=True)
class PreviewRow:
    """One of the first rows of a file as it would be stored."""

    number: int
    outcome: str
    values: list[tuple[str, Any]]
    problems: list[str]


@dataclass(frozen=True, kw_only=True)
class ReportRow:
    """A row of a file and what became of it, or would; `cells` where no lead says whose it is."""

    number: int
    outcome: str
    lead: Lead | None
    cells: str
    problems: list[str]


def failure_words(lead_import: LeadImport) -> list[str]:
    """Why the import stopped."""
    return [str(MappingProblem(**problem)) for problem in lead_import.summary.get("failure") or []]


def progress_context(lead_import: LeadImport) -> dict[str, Any]:
    """How far the job of an import is."""
    assert lead_import.job is not None
    words = {
        "import_check": _("Checking every row. Nothing is changed yet."),
        "import_run": _("Importing. You can leave this page; you’ll be notified when it’s done."),
        "import_undo": _("Undoing the import, last row first. You can leave this page."),
    }
    steps = {"import_check": 3, "import_run": 4}
    return {
        "import": lead_import,
        "job": lead_import.job,
        "words": words[lead_import.job.kind],
        "step": steps.get(lead_import.job.kind, 0),
    }


def rehearsal_context(lead_import: LeadImport, query: QueryDict) -> dict[str, Any]:
    """What a dry run found, with the rows behind one of its numbers where the address names one."""
    outcomes = {code: word for code, word in outcome_words().items() if code not in ONLY_UNDONE}
    chosen = RowFilter.of(query, outcomes)
    shown = row_context(RehearsedRow.objects.filter(lead_import=lead_import), chosen, query) if chosen.is_set else {}
    found = lead_import.summary.get("found", {})
    counts = found.get("counts", {})
    fields = KINDS[lead_import.kind].fields() | {field.name: field for field in ACTIVITY_FIELDS}
    first = [
        PreviewRow(
            number=row["number"],
            outcome=row["outcome"],
            values=stored_words(row["values"], fields),
            problems=[problem_text(problem) for problem in row["problems"]],
        )
        for row in found.get("first", [])
    ]
    return shown | {
        "import": lead_import,
        "found": found,
        "first": first,
        "chosen": chosen,
        "words": outcomes | kind_words(found.get("made", {}), found.get("remarked", 0)),
        "reasons": _rows_with_problem(found.get("reasons", []), "rejected"),
        "remarks": _rows_with_problem(found.get("remarks", []), REMARKED),
        "read": [{**row, "words": reading_words(row["as"])} for row in found.get("read", [])],
        "step": 3,
        "good": sum(counts.values()) - counts.get("rejected", 0),
    }


def _rows_with_problem(told: list[dict[str, Any]], outcome: str) -> list[RowsWithProblem]:
    return [
        RowsWithProblem(
            text=group_text([each["problem"], *each.get("more", [])]),
            times=each["times"],
            row=each["row"],
            query=RowFilter(shown=outcome, code=each["problem"]["code"], column=each["problem"]["column"]).query,
        )
        for each in told
    ]


def kind_words(made: dict[str, int], remarked: int) -> dict[str, str]:
    """What else rows are chosen by, where there are any."""
    words = {REMARKED: _("With warnings"), ACTIVITIES: _("With an activity"), COMPANIES: _("With a new company")}
    numbers = {**made, REMARKED: remarked}
    return {code: word for code, word in words.items() if numbers.get(code)}


def reading_words(told: str) -> str:
    """What an enquiry is read as: how warm it is, or who else wrote it."""
    return str((Temperature if told in Temperature.values else EnquiryKind)(told).label)


def row_context(rows: QuerySet[Any], chosen: RowFilter, query: QueryDict) -> dict[str, Any]:
    """A page of the rows that a filter lets through."""
    page = page_of(chosen.of_rows(rows), BY_NUMBER, Cursor.of(query), PAGE)
    leads = Lead.objects.in_bulk([row.lead_id for row in page.rows if row.lead_id])
    shown = [
        ReportRow(
            number=row.number,
            outcome=row.outcome,
            lead=leads.get(row.lead_id or 0),
            cells=" · ".join(filter(None, row.cells or [])),
            problems=[problem_text(problem) for problem in row.problems],
        )
        for row in page.rows
    ]
    return {"rows": shown, "before": page.before, "after": page.after}


def report_context(lead_import: LeadImport, query: QueryDict) -> dict[str, Any]:
    """A page of the report, narrowed to what the address names."""
    is_undone, has_failed = lead_import.state == ImportState.UNDONE, lead_import.state == ImportState.FAILED
    words = {code: word for code, word in outcome_words().items() if is_undone or code not in ONLY_UNDONE}
    chosen, summary = RowFilter.of(query, words), lead_import.summary
    kinds = {} if is_undone else kind_words(summary.get("made", {}), summary.get("remarked", 0))
    return row_context(ImportRow.objects.filter(lead_import=lead_import), chosen, query) | {
        "import": lead_import,
        "chosen": chosen,
        "outcome": chosen.shown if chosen.shown in words else "",
        "words": words | kinds,
        "failure": failure_words(lead_import),
        "may_correct": lead_import.state == ImportState.DONE and correctable(lead_import).exists(),
        "may_go_on": has_failed and lead_import.job is not None and lead_import.job.kind == RUN,
        "may_undo": (has_failed or lead_import.state == ImportState.DONE) and KINDS[lead_import.kind].can_be_undone,
        "step": 4,
    }
