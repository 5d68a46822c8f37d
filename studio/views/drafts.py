"""A draft as a whole: undone, redone, discarded, and who else has it open."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import POST, guarded
from accounts.requests import UserRequest
from scoring.actions.versions import DraftConflictError
from scoring.models import ScoringModel
from studio.access import model_for
from studio.draft.store import NothingToUndoError, discard_draft, draft_token, redo_edit, undo_edit
from studio.presence import arrive, others_at
from studio.views.draft_pages import redrawn_rules, sent_draft, warn_of_conflict
from studio.views.models import studio_context
from web.pages import redirect_to, render_part


@guarded("scoring.rules.view")
def rules(request: UserRequest, pk: int) -> HttpResponse:
    """The rules alone, for a page whose draft was saved."""
    return render_part(request, "studio/_edited.html", studio_context(request, model_for(pk)))


@guarded("scoring.rules.edit", POST)
def discard(request: UserRequest, pk: int) -> HttpResponse:
    model = model_for(pk)
    try:
        discard_draft(sent_draft(request, model), by=request.user, now=timezone.now())
        messages.success(request, _("Draft discarded. You can undo this."))
    except DraftConflictError as error:
        warn_of_conflict(request, error.model)
    return redirect_to(request, model.get_absolute_url())


@guarded("scoring.rules.edit", POST)
def undo(request: UserRequest, pk: int) -> HttpResponse:
    return _step(request, pk, undo_edit, _("Your last change was undone."), _("Nothing to undo."))


@guarded("scoring.rules.edit", POST)
def redo(request: UserRequest, pk: int) -> HttpResponse:
    return _step(request, pk, redo_edit, _("Change redone."), _("Nothing to redo."))


def _step(request: UserRequest, pk: int, action: Callable[..., ScoringModel], done: str, nothing: str) -> HttpResponse:
    """Undo or redo, say `done` or `nothing`, and draw the rules anew."""
    model = model_for(pk)
    try:
        action(model=model, by=request.user, now=timezone.now())
        messages.success(request, done)
    except DraftConflictError as error:
        warn_of_conflict(request, error.model)
    except NothingToUndoError:
        messages.info(request, nothing)
    return redrawn_rules(request, model)


@guarded("scoring.rules.edit")
def presence(request: UserRequest, pk: int) -> HttpResponse:
    """Asked for by every open page of a model: who else is there, and whether the draft was saved meanwhile."""
    model = model_for(pk)
    arrive(model, request.user)
    token = draft_token(model)
    context = {
        "model": model,
        "version": model.current_version,
        "seen": token,
        "may_edit": True,
        "others": others_at(model, request.user),
    }
    response = render_part(request, "studio/_draft_state.html", context)
    if request.GET.get("seen") != token:
        response["HX-Trigger"] = "lq:rules, lq:draft"
    return response
