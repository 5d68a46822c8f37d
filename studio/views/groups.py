"""A group of the draft: its name and bounds, and moving or deleting it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from scoring.enums import DimensionChoices
from studio.access import model_for
from studio.draft.document import groups_of, with_group_moved, without_group
from studio.forms.group import GroupForm
from studio.views.draft_pages import edit_page, save_pressed, sent_draft
from web.pages import redirect_to

ACTIONS = ("delete", "up", "down")


@guarded("scoring.rules.edit", *FORM)
def new_group(request: UserRequest, pk: int) -> HttpResponse:
    draft = sent_draft(request, model_for(pk))
    asked = request.GET.get("dimension", "")
    dimension = asked if asked in DimensionChoices.values else DimensionChoices.ENGAGEMENT
    form = GroupForm(request.POST or None, document=draft.document, dimension=dimension)
    return edit_page(request, draft, form, "studio/group.html", {"is_new": True})


@guarded("scoring.rules.edit", *FORM)
def group(request: UserRequest, pk: int, group: int) -> HttpResponse:
    draft = sent_draft(request, model_for(pk))
    names = [str(entry.get("name", "")) for entry in groups_of(draft.document)]
    name = request.POST.get("was", names[group] if group < len(names) else "")
    if name not in names and request.method != "POST":
        raise Http404
    at = names.index(name) if name in names else None  # deleted since the form was opened: what was typed is a new one
    form = GroupForm(request.POST or None, document=draft.document, at=at)
    return edit_page(request, draft, form, "studio/group.html", {"was": name})


@guarded("scoring.rules.edit", POST)
def press_group(request: UserRequest, pk: int, group: int, do: str) -> HttpResponse:
    """Delete a group with its rules, or move it."""
    draft = sent_draft(request, model_for(pk))
    if do not in ACTIONS or group >= len(groups_of(draft.document)):
        raise Http404
    if do == "delete":
        done = _("Group and rules deleted. Undo restores them.")
        save_pressed(request, draft, without_group(draft.document, group), done)
    else:
        save_pressed(request, draft, with_group_moved(draft.document, group, -1 if do == "up" else 1))
    return redirect_to(request, draft.model.get_absolute_url())
