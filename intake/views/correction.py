"""Correcting the rejected rows of an import in the browser."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.policies import FORM, guarded
from accounts.requests import UserRequest
from intake.forms.correction import ALL, correctable, grid_of, page_size, typed_rows
from intake.imports.access import import_for
from intake.imports.correction import CorrectedRow, Correction, ImportMovedOnError, take_in_corrected
from intake.imports.mapping import MappingError
from intake.models import LeadImport
from intake.views.import_rows import BY_NUMBER
from leads.enums import ImportState
from web.formats import number
from web.pages import redirect_to, render_page
from web.paging import Cursor, page_of


@guarded("leads.import", *FORM)
def correct(request: UserRequest, pk: int) -> HttpResponse:
    """A page of rejected rows to be edited; posted, what comes in goes, and the rest stays with what was typed."""
    lead_import = import_for(request.user, pk)
    if lead_import.state != ImportState.DONE:
        return redirect("intake:import", pk)
    if request.method != "POST":
        return _show(request, lead_import)
    typed, gone = typed_rows(lead_import, request.POST)
    try:
        done = take_in_corrected(
            lead_import=lead_import, rows=list(typed.values()), by=request.user, now=timezone.now()
        )
    except ImportMovedOnError:
        problem = _("The import is being undone, so nothing was taken in.")
        return _show(request, lead_import, typed, problems=[problem], status=409)
    except MappingError as error:
        return _show(request, lead_import, typed, problems=[str(one) for one in error.problems], status=422)
    overtaken = correctable(lead_import).filter(number__in=done.overtaken)
    _tell(request, done, gone=gone + len(done.overtaken) - overtaken.count())
    if overtaken:
        return _show(request, lead_import, typed, overtaken=done.overtaken, status=409)
    here = request.get_full_path()
    return redirect_to(request, here if correctable(lead_import).exists() else f"/imports/{pk}/")


def _tell(request: UserRequest, done: Correction, *, gone: int) -> None:
    """Say what became of the rows; `gone` were another's before."""
    if gone:
        words = ngettext(
            "%(number)s row was already taken in by someone else.",
            "%(number)s rows were already taken in by someone else.",
            gone,
        )
        messages.warning(request, words % {"number": number(gone)})
    if done.taken:
        words = ngettext("%(number)s row taken in.", "%(number)s rows taken in.", done.taken)
        messages.success(request, words % {"number": number(done.taken)})
    if done.left:
        words = ngettext(
            "%(number)s row still can’t be taken in. What you typed is kept.",
            "%(number)s rows still can’t be taken in. What you typed is kept.",
            done.left,
        )
        messages.warning(request, words % {"number": number(done.left)})


def _show(
    request: UserRequest,
    lead_import: LeadImport,
    typed: dict[int, CorrectedRow] | None = None,
    *,
    overtaken: frozenset[int] = frozenset(),
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page. After a refusal it has the rows that were posted, as typed; after a conflict those that somebody else
    has changed, to be compared and sent again."""
    shows_all = request.GET.get("columns") == ALL
    rows: Any = correctable(lead_import)
    if typed is not None:
        rows = rows.filter(number__in=overtaken or typed)
    page = page_of(rows, BY_NUMBER, Cursor.of(request.GET), page_size(lead_import, shows_all=shows_all))
    context = {
        "import": lead_import,
        "grid": grid_of(lead_import, page.rows, shows_all=shows_all, typed=typed, overtaken=overtaken),
        "shows_all": shows_all,
        "problems": problems or [],
        "before": page.before,
        "after": page.after,
        "left": correctable(lead_import).count(),
        "step": 4,
    }
    return render_page(request, "intake/imports/correct.html", context, status=status)
