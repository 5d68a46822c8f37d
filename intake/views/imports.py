"""The pages of imports: file, mapping, dry run, run, report. The state of an import says which step its page shows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from intake.forms.imports import FormatForm, UploadForm
from intake.forms.mapping import MappingForm, with_new_attributes
from intake.imports.access import import_for, unrun_import_for, visible_imports
from intake.imports.batches import KINDS
from intake.imports.encodings import ENCODINGS
from intake.imports.jobs import RUN, UNDO, start_job
from intake.imports.layout import FileFormat
from intake.imports.mapping import MappingError
from intake.imports.problems import UnreadableFileError
from intake.imports.report import csv_lines, outcome_words
from intake.imports.uploads import MAX_MEGABYTES, discard, layout_of, map_file, other_readings, read_again, receive_file
from intake.models import LeadImport
from intake.views.import_rows import PAGE, failure_words, progress_context, rehearsal_context, report_context
from leads.enums import ImportState
from leads.queries.contact_data import reveal
from web.pages import redirect_to, render_page, render_part
from web.paging import Cursor, Order, page_of

NEWEST = Order(name="-pk", keys=("-pk",))


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
            lead_import = receive_file(
                upload=form.cleaned_data["file"],
                kind=form.cleaned_data["kind"],
                by=request.user,
                now=timezone.now(),
            )
        except UnreadableFileError as error:
            form.add_error("file", str(error))
        else:
            return redirect_to(request, f"/imports/{lead_import.pk}/")
    context = {"form": form, "max": MAX_MEGABYTES, "step": 1}
    return render_page(request, "intake/imports/new.html", context, status=422 if form.errors else 200)


@guarded("leads.import")
def page(request: UserRequest, pk: int) -> HttpResponse:
    """Whatever comes next: the mapping, the progress of a job, the dry run's findings, the report."""
    lead_import = import_for(request.user, pk)
    if lead_import.job and lead_import.job.is_open:
        return render_page(request, "intake/imports/progress.html", progress_context(lead_import))
    if lead_import.state == ImportState.MAPPING:
        return _show_mapping(request, lead_import, _form(lead_import))
    if lead_import.state == ImportState.CHECKED:
        context = rehearsal_context(lead_import, request.GET)
        reveal(request.user, [row.lead for row in context.get("rows", ()) if row.lead])
        return render_page(request, "intake/imports/check.html", context)
    context = report_context(lead_import, request.GET)
    reveal(request.user, [row.lead for row in context["rows"] if row.lead])
    return render_page(request, "intake/imports/report.html", context)


# ---- step 2: mapping ----


@guarded("leads.import", *FORM)
def mapping(request: UserRequest, pk: int) -> HttpResponse:
    """Step 2, also as a way back from the dry run; a good mapping goes on to the dry run."""
    lead_import = unrun_import_for(request.user, pk)
    if request.method != "POST":
        return _show_mapping(request, lead_import, _form(lead_import))
    if "attributes" in request.POST:
        data = with_new_attributes(request.POST, layout_of(lead_import))
        return _show_mapping(request, lead_import, _form(lead_import, data))
    form = _form(lead_import, request.POST)
    if form.is_valid():
        try:
            map_file(lead_import=lead_import, data=form.document(), by=request.user, now=timezone.now())
        except MappingError as error:
            form.add_problems(error.problems)
        else:
            return redirect_to(request, f"/imports/{lead_import.pk}/")
    form.focus_first_problem()
    return _show_mapping(request, lead_import, form, status=422)


@guarded("leads.import", POST)
def columns(request: UserRequest, pk: int) -> HttpResponse:
    """The form as it stands, with the translations that the chosen fields need. Nothing is kept."""
    lead_import = unrun_import_for(request.user, pk)
    return render_part(
        request, "intake/imports/_mapping.html", {"form": _form(lead_import, request.POST), "import": lead_import}
    )


@guarded("leads.import", POST)
def file_format(request: UserRequest, pk: int) -> HttpResponse:
    """Read the file again: in another encoding, another sheet, or with the header in another row."""
    lead_import = unrun_import_for(request.user, pk)
    form = _format_form(lead_import, request.POST)
    if form.is_valid():
        try:
            read_again(lead_import=lead_import, given=form.format(), by=request.user)
        except UnreadableFileError as error:
            messages.error(request, str(error))
    return redirect_to(request, f"/imports/{lead_import.pk}/mapping/")


def _form(lead_import: LeadImport, data: Any = None) -> MappingForm:
    return MappingForm(
        data,
        kind=KINDS[lead_import.kind],
        layout=layout_of(lead_import),
        document=lead_import.mapping,
    )


def _format_form(lead_import: LeadImport, data: Any = None) -> FormatForm:
    form = FileFormat.of_data(lead_import.summary["format"])
    return FormatForm(data, form=form, sheets=lead_import.summary.get("sheets", []))


def _show_mapping(request: UserRequest, lead_import: LeadImport, form: MappingForm, status: int = 200) -> HttpResponse:
    context = {
        "import": lead_import,
        "form": form,
        "failure": failure_words(lead_import),
        "step": 2,
        "encoding": ENCODINGS.get(lead_import.encoding, "Excel"),
        "format": lead_import.summary["format"],
        "format_form": _format_form(lead_import),
        "readings": other_readings(lead_import),
    }
    return render_page(request, "intake/imports/mapping.html", context, status=status)


# ---- steps 3 and 4: dry run and run ----


@guarded("leads.import", POST)
def run(request: UserRequest, pk: int) -> HttpResponse:
    """Start it, or go on where it stopped. A second click changes nothing."""
    lead_import = import_for(request.user, pk)
    start_job(lead_import=lead_import, kind=RUN, by=request.user, now=timezone.now())
    return redirect_to(request, f"/imports/{lead_import.pk}/")


@guarded("leads.import")
def progress(request: UserRequest, pk: int) -> HttpResponse:
    """The bar; when the job has ended, the way to what comes next."""
    lead_import = import_for(request.user, pk)
    if lead_import.job is None or not lead_import.job.is_open:
        return redirect_to(request, f"/imports/{lead_import.pk}/")
    return render_part(request, "intake/imports/_progress.html", progress_context(lead_import))


# ---- the report ----


@guarded("leads.import")
def report(request: UserRequest, pk: int) -> HttpResponse:
    """The report as a file; with ?outcome=rejected, the rows to be corrected and sent again."""
    lead_import, outcome = import_for(request.user, pk), request.GET.get("outcome", "")
    outcome = outcome if outcome in outcome_words() else ""
    name = f"import-{lead_import.pk}-{outcome}.csv" if outcome else f"import-{lead_import.pk}.csv"
    answer = HttpResponse(b"".join(csv_lines(lead_import, outcome)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@guarded("leads.import", POST)
def undo(request: UserRequest, pk: int) -> HttpResponse:
    """Take it back. A second click changes nothing."""
    lead_import = import_for(request.user, pk)
    if KINDS[lead_import.kind].can_be_undone:
        start_job(lead_import=lead_import, kind=UNDO, by=request.user, now=timezone.now())
    return redirect_to(request, f"/imports/{lead_import.pk}/")


@guarded("leads.import", POST)
def remove(request: UserRequest, pk: int) -> HttpResponse:
    """Forget a file that was never run."""
    lead_import = import_for(request.user, pk)
    if discard(lead_import=lead_import):
        messages.success(request, _("%(file)s removed.") % {"file": lead_import.file_name})
    return redirect("intake:imports")
