"""What was sent by a form: the list, one submission, what was caught and can be released, and the file."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.policies import POST, guarded
from accounts.requests import UserRequest
from intake import policies
from intake.actions.submissions import release_submission
from intake.enums import SubmissionState
from intake.models import WebForm
from intake.queries.submissions import MOST_ROWS, csv_rows, funnel_of, lines_of, state_counts, submissions_of
from leads.actions.exports import record_export
from leads.queries.contact_data import reveal
from web.pages import redirect_to, render_page
from web.paging import Cursor, Order, page_of
from web.spreadsheet import csv_answer

NEWEST = Order.by("-received_at")


@guarded(policies.FORMS)
def submissions(request: UserRequest, pk: int) -> HttpResponse:
    """Everything that was sent, by what became of it."""
    webform = get_object_or_404(WebForm.objects.select_related("published"), pk=pk)
    state, words = request.GET.get("state", ""), _words(request)
    page = page_of(submissions_of(webform, state, words), NEWEST, Cursor.of(request.GET))
    lines = lines_of(webform, page.rows, get_language() or "ja")
    reveal(request.user, [line.lead for line in lines if line.lead])
    counts = state_counts(webform)
    context = {
        "webform": webform,
        "lines": lines,
        "page": page,
        "state": state,
        "words": words,
        "states": [(each.value, each.label, counts.get(each.value, 0)) for each in SubmissionState],
        "all": sum(counts.values()),
        "funnel": funnel_of(webform, timezone.localdate()),
    }
    return render_page(request, "intake/forms/submissions.html", context)


def _words(request: UserRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:100]


@guarded(policies.FORMS, POST)
def release(request: UserRequest, pk: int, submission: int) -> HttpResponse:
    """Take in after all what was caught."""
    webform = get_object_or_404(WebForm, pk=pk)
    found = get_object_or_404(webform.submissions, pk=submission)
    if release_submission(pk=found.pk, now=timezone.now()):
        messages.success(request, _("The submission was taken in."))
    else:
        messages.error(request, _("There was nothing to release."))
    return redirect_to(request, f"{reverse('intake:form_submissions', args=[pk])}?state=caught")


@guarded(policies.FORMS)
def download(request: UserRequest, pk: int) -> HttpResponse:
    """The list as a file, which is written down as every export of people is."""
    webform = get_object_or_404(WebForm, pk=pk)
    rows = list(submissions_of(webform, request.GET.get("state", ""), _words(request))[:MOST_ROWS])
    head, lines = csv_rows(webform, rows, get_language() or "ja")
    query = f"form={webform.pk}&{request.GET.urlencode()}"
    record_export(
        by=request.user, query=query, columns=head, rows=len(lines), is_cut=len(rows) == MOST_ROWS, now=timezone.now()
    )
    return csv_answer(f"form-{webform.pk}.csv", head, lines)
