"""A group of the draft: its name and bounds, and moving or deleting it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from scoring.actions.versions import ConflictError
from scoring.enums import Dimension
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.validation import tidy
from studio.draft import document as draft_document
from studio.forms.document import DocumentTextForm
from studio.forms.group import GroupForm
from studio.views.drafts import base_of, save_together
from studio.views.models import model_for, say_conflict, seen
from web.pages import redirect_to, render_page


def keep(request: UserRequest, model: ScoringModel, form: Any, template: str, context: dict[str, Any]) -> HttpResponse:
    """Show a form over `base_of` and keep what it says beside what others changed since.

    Where they changed the same thing, the form comes back with what was typed.
    """
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            save_together(request, model, form.result)
        except ConflictError as error:
            model = conflict = error.model
        else:
            messages.success(request, _("The draft is saved."))
            return redirect_to(request, model.get_absolute_url())
    shown = {"model": model, "form": form, "seen": seen(model), "conflict": conflict, "now": timezone.now(), **context}
    return render_page(request, template, shown, status=409 if conflict else 422 if form.errors else 200)


@guarded("scoring.rules.edit", *FORM)
def new_group(request: UserRequest, pk: int) -> HttpResponse:
    model = model_for(pk)
    asked = request.GET.get("dimension", "")
    dimension = asked if asked in Dimension.values else Dimension.ENGAGEMENT
    form = GroupForm(request.POST or None, document=base_of(request, model), dimension=dimension)
    return keep(request, model, form, "studio/group.html", {"is_new": True})


@guarded("scoring.rules.edit", *FORM)
def group(request: UserRequest, pk: int, group: int) -> HttpResponse:
    model = model_for(pk)
    document = base_of(request, model)
    names = [str(each.get("name", "")) for each in draft_document.groups_of(document)]
    was = request.POST.get("was", names[group] if group < len(names) else "")
    if was not in names and request.method != "POST":
        raise Http404
    at = names.index(was) if was in names else None  # gone since the form was opened: what was typed is a new group
    form = GroupForm(request.POST or None, document=document, at=at)
    return keep(request, model, form, "studio/group.html", {"was": was})


@guarded("scoring.rules.edit", *FORM)
def document_text(request: UserRequest, pk: int) -> HttpResponse:
    """The whole draft as text."""
    model = model_for(pk)
    form = DocumentTextForm(request.POST or None, catalog=catalog(), written=tidy(base_of(request, model)))
    return keep(request, model, form, "studio/text.html", {})


PRESSES = {
    "delete": draft_document.without_group,
    "up": lambda document, at: draft_document.with_group_moved(document, at, -1),
    "down": lambda document, at: draft_document.with_group_moved(document, at, 1),
}


@guarded("scoring.rules.edit", POST)
def press_group(request: UserRequest, pk: int, group: int, do: str) -> HttpResponse:
    """Delete a group with its rules, or move it."""
    model = model_for(pk)
    document = base_of(request, model)
    if do not in PRESSES or group >= len(draft_document.groups_of(document)):
        raise Http404
    try:
        save_together(request, model, PRESSES[do](document, group))
        if do == "delete":
            messages.success(request, _("The group is deleted with its rules. Undo brings it back."))
    except ConflictError as conflict:
        say_conflict(request, conflict)
    return redirect_to(request, model.get_absolute_url())
