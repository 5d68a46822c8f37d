"""Imports: file, mapping, dry run, run, report. The state of an import says which step its page shows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from intake.forms.import_choices import stored_words
from intake.forms.imports import EncodingForm, MappingForm, UploadForm
from intake.imports.access import import_for, visible_imports
from intake.imports.batches import KINDS
from intake.imports.encodings import ENCODINGS
from intake.imports.fields import ACTIVITY_FIELDS
from intake.imports.jobs import RUN, UNDO, start_job
from intake.imports.mapping import MappingError, MappingProblem
from intake.imports.problems import UnreadableFileError, problem_text
from intake.imports.report import csv_lines, outcome_words
from intake.imports.uploads import MAX_MEGABYTES, discard, map_file, read_again, receive_file
from intake.models import ImportRow, LeadImport
from intake.signals import import_wanted
from leads.enums import ImportState
from leads.models import Lead
from web.pages import redirect_to, render_page, render_part
from web.paging import Cursor, Order, page_of

PAGE = 100
NEWEST = Order(name="-pk", keys=("-pk",))
BY_NUMBER = Order(name="number", keys=("number",))


@guarded("leads.import")
def imports(request: UserRequest) -> HttpResponse:
    page = page_of(visible_imports(request.user), NEWEST, Cursor.of(request.GET), PAGE)
    return render_page(request, "intake/imports/list.html", {"imports": page.rows, "after": page.after})


@guarded("leads.import", *FORM)
def new(request: UserRequest) -> HttpResponse:
    """Step 1: the file. What cannot be read is refused here, with the reason, and nothing is kept."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        try:
            found = receive_file(
                upload=form.cleaned_data["file"],
                kind=form.cleaned_data["kind"],
                by=request.user,
                now=timezone.now(),
            )
        except UnreadableFileError as problem:
            form.add_error("file", str(problem))
        else:
            return redirect_to(request, f"/imports/{found.pk}/")
    context = {"form": form, "max": MAX_MEGABYTES, "step": 1}
    return render_page(request, "intake/imports/new.html", context, status=422 if form.errors else 200)


@guarded("leads.import")
def page(request: UserRequest, pk: int) -> HttpResponse:
    """Whatever comes next: the mapping, the progress of a job, the dry run's findings, the report."""
    found = import_for(request.user, pk)
    if found.job and found.job.is_open:
        return render_page(request, "intake/imports/progress.html", _progress(found))
    if found.state == ImportState.MAPPING:
        return _show_mapping(request, found, _form(found))
    if found.state == ImportState.CHECKED:
        return render_page(request, "intake/imports/check.html", _check(found))
    return render_page(request, "intake/imports/report.html", _report(request, found))


# ---- step 2: mapping ----


@guarded("leads.import", *FORM)
def mapping(request: UserRequest, pk: int) -> HttpResponse:
    """Step 2, also as a way back from the dry run; a good mapping goes on to the dry run."""
    found = _unrun(request, pk)
    if request.method != "POST":
        return _show_mapping(request, found, _form(found))
    form = _form(found, request.POST)
    if form.is_valid():
        try:
            map_file(lead_import=found, data=form.document(), by=request.user, now=timezone.now())
        except MappingError as error:
            form.add_problems(error.problems)
        else:
            _ring()
            return redirect_to(request, f"/imports/{found.pk}/")
    return _show_mapping(request, found, form, status=422)


@guarded("leads.import", POST)
def columns(request: UserRequest, pk: int) -> HttpResponse:
    """The form as it stands, with the translations that the chosen fields need. Nothing is kept."""
    found = _unrun(request, pk)
    return render_part(request, "intake/imports/_columns.html", {"form": _form(found, request.POST), "import": found})


@guarded("leads.import", POST)
def encoding(request: UserRequest, pk: int) -> HttpResponse:
    """Read the file again in another encoding."""
    found, form = _unrun(request, pk), EncodingForm(request.POST)
    if form.is_valid():
        try:
            read_again(lead_import=found, encoding=form.cleaned_data["encoding"], by=request.user)
        except UnreadableFileError as problem:
            messages.error(request, str(problem))
    return redirect_to(request, f"/imports/{found.pk}/mapping/")


def _unrun(request: UserRequest, pk: int) -> LeadImport:
    """An import whose mapping may still change."""
    found = import_for(request.user, pk)
    if found.state not in (ImportState.MAPPING, ImportState.CHECKED):
        raise Http404
    return found


def _form(found: LeadImport, data: Any = None) -> MappingForm:
    return MappingForm(
        data,
        kind=KINDS[found.kind],
        columns=found.columns,
        sample=found.summary.get("sample", []),
        document=found.mapping,
    )


def _show_mapping(request: UserRequest, found: LeadImport, form: MappingForm, status: int = 200) -> HttpResponse:
    failure = [str(MappingProblem(**one)) for one in found.summary.get("failure") or []]
    context = {
        "import": found,
        "form": form,
        "failure": failure,
        "step": 2,
        "encoding": ENCODINGS.get(found.encoding, "Excel"),
        "encoding_form": EncodingForm(initial={"encoding": found.encoding}) if found.encoding != "xlsx" else None,
    }
    return render_page(request, "intake/imports/mapping.html", context, status=status)


# ---- steps 3 and 4: dry run and run ----


def _check(found: LeadImport) -> dict[str, Any]:
    seen = found.summary.get("found", {})
    fields = KINDS[found.kind].fields() | {each.name: each for each in ACTIVITY_FIELDS}
    first = [
        {**row, "shown": stored_words(row["values"], fields), "told": [problem_text(one) for one in row["problems"]]}
        for row in seen.get("first", [])
    ]
    reasons = [{**one, "told": problem_text(one["problem"])} for one in seen.get("reasons", [])]
    return {
        "import": found,
        "found": seen,
        "first": first,
        "reasons": reasons,
        "words": outcome_words(),
        "step": 3,
        "good": sum(seen.get("counts", {}).values()) - seen.get("counts", {}).get("rejected", 0),
    }


@guarded("leads.import", POST)
def run(request: UserRequest, pk: int) -> HttpResponse:
    """Start it, or go on where it stopped. A second click changes nothing."""
    found = import_for(request.user, pk)
    if start_job(lead_import=found, kind=RUN, by=request.user, now=timezone.now()):
        _ring()
    return redirect_to(request, f"/imports/{found.pk}/")


@guarded("leads.import")
def progress(request: UserRequest, pk: int) -> HttpResponse:
    """The bar; when the job has ended, the way to what comes next."""
    found = import_for(request.user, pk)
    if found.job is None or not found.job.is_open:
        return redirect_to(request, f"/imports/{found.pk}/")
    return render_part(request, "intake/imports/_progress.html", _progress(found))


def _progress(found: LeadImport) -> dict[str, Any]:
    assert found.job is not None
    words = {
        "import_check": _("Reading every row and looking what it would do. Nothing is changed yet."),
        "import_run": _("Storing the rows. You may leave this page: the work goes on, and the bell tells you."),
        "import_undo": _("Taking the import back, the last row first. You may leave this page."),
    }
    steps = {"import_check": 3, "import_run": 4}
    return {"import": found, "job": found.job, "words": words[found.job.kind], "step": steps.get(found.job.kind, 0)}


def _ring() -> None:
    """At once rather than with the next beat."""
    transaction.on_commit(lambda: import_wanted.send(sender=None))


# ---- the report ----


def _report(request: UserRequest, found: LeadImport) -> dict[str, Any]:
    outcome = request.GET.get("outcome", "")
    rows = ImportRow.objects.filter(lead_import=found)
    if outcome in outcome_words():
        rows = rows.filter(outcome=outcome)
    page = page_of(rows, BY_NUMBER, Cursor.of(request.GET), PAGE)
    leads = Lead.objects.in_bulk([row.lead_id for row in page.rows if row.lead_id])
    return {
        "import": found,
        "rows": [
            {
                "row": row,
                "lead": leads.get(row.lead_id or 0),
                "cells": " · ".join(filter(None, row.cells or [])),
                "told": [problem_text(one) for one in row.problems],
            }
            for row in page.rows
        ],
        "after": page.after,
        "outcome": outcome,
        "words": _outcomes_of(found),
        "failure": [str(MappingProblem(**one)) for one in found.summary.get("failure") or []],
        "may_go_on": found.state == ImportState.FAILED and found.job is not None and found.job.kind == RUN,
        "may_undo": found.state in (ImportState.DONE, ImportState.FAILED) and found.kind in KINDS,
        "step": 4,
    }


def _outcomes_of(found: LeadImport) -> dict[str, str]:
    """What the rows of this import can be narrowed to."""
    only_undone = ("undone", "kept")
    is_undone = found.state == ImportState.UNDONE
    return {code: word for code, word in outcome_words().items() if is_undone or code not in only_undone}


@guarded("leads.import")
def report(request: UserRequest, pk: int) -> HttpResponse:
    """The report as a file; with ?outcome=rejected, the rows to be corrected and sent again."""
    found, outcome = import_for(request.user, pk), request.GET.get("outcome", "")
    outcome = outcome if outcome in outcome_words() else ""
    name = f"import-{found.pk}-{outcome}.csv" if outcome else f"import-{found.pk}.csv"
    answer = HttpResponse(b"".join(csv_lines(found, outcome)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@guarded("leads.import", POST)
def undo(request: UserRequest, pk: int) -> HttpResponse:
    """Take it back. A second click changes nothing."""
    found = import_for(request.user, pk)
    if found.kind in KINDS and start_job(lead_import=found, kind=UNDO, by=request.user, now=timezone.now()):
        _ring()
    return redirect_to(request, f"/imports/{found.pk}/")


@guarded("leads.import", POST)
def remove(request: UserRequest, pk: int) -> HttpResponse:
    """Forget a file that was never run."""
    found = import_for(request.user, pk)
    if discard(lead_import=found):
        messages.success(request, _("%(file)s is removed.") % {"file": found.file_name})
    return redirect("intake:imports")
