"""A draft that was edited: saved, taken back, discarded; and the studio drawn anew where an edit is made in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import POST, guarded
from accounts.requests import UserRequest
from scoring.actions.versions import ConflictError
from scoring.models import ScoringModel
from studio.draft.document import Document
from studio.draft.store import NothingToUndoError, drop_draft, edit_draft, redo_edit, undo_edit
from studio.presence import arrive, others_at
from studio.queries.drafts import document_seen, seen
from studio.queries.rule_panels import working_document
from studio.views.models import model_for, revision_of, say_conflict, studio_context
from web.pages import redirect_to, render_part, wants_part

EDITED = "lq:close, lq:draft"


def began(request: UserRequest, model: ScoringModel) -> Document | None:
    """What the draft said when the sender's page was drawn; None when nobody knows any more."""
    return document_seen(model, request.POST.get("seen", ""))


def base_of(request: UserRequest, model: ScoringModel) -> Document:
    """What a form over the draft works on: the draft as the sender of the form saw it, else as it is."""
    sent = began(request, model) if request.method == "POST" else None
    return sent or working_document(model)


def save_together(request: UserRequest, model: ScoringModel, document: Document, *, sitting: str = "") -> ScoringModel:
    """Keep a document made from what the sender saw (`began`), with what others changed since. Raises ConflictError
    when they changed the same thing."""
    return edit_draft(
        model=model, document=document, revision=revision_of(request, model), by=request.user, now=timezone.now(),
        began=began(request, model), sitting=sitting,
    )  # fmt: skip


def edited(request: UserRequest, model: ScoringModel, *, anchor: str = "") -> HttpResponse:
    """After an edit: the studio's rules as they stand now, in place; or the page for whoever has no htmx."""
    if not wants_part(request):
        return redirect_to(request, f"{model.get_absolute_url()}{anchor}")
    response = render_part(request, "studio/_edited.html", studio_context(request, model_for(model.pk)))
    response["HX-Trigger"] = EDITED
    response["HX-Retarget"] = "#rules"
    response["HX-Reswap"] = "outerMorph"
    return response


@guarded("scoring.rules.view")
def rules(request: UserRequest, pk: int) -> HttpResponse:
    """The rules alone, for a page whose draft somebody else changed."""
    return render_part(request, "studio/_edited.html", studio_context(request, model_for(pk)))


@guarded("scoring.rules.edit", POST)
def discard(request: UserRequest, pk: int) -> HttpResponse:
    model = model_for(pk)
    try:
        drop_draft(model=model, revision=revision_of(request, model), by=request.user, now=timezone.now())
        messages.success(request, _("The draft is discarded. You can still undo this."))
    except ConflictError as conflict:
        say_conflict(request, conflict)
    return redirect_to(request, model.get_absolute_url())


@guarded("scoring.rules.edit", POST)
def undo(request: UserRequest, pk: int) -> HttpResponse:
    return _turn(request, pk, undo_edit, _("Your last change is undone."), _("There is nothing to undo."))


@guarded("scoring.rules.edit", POST)
def redo(request: UserRequest, pk: int) -> HttpResponse:
    return _turn(request, pk, redo_edit, _("The change is made again."), _("There is nothing to redo."))


def _turn(request: UserRequest, pk: int, turn: Callable[..., Any], done: str, nothing: str) -> HttpResponse:
    model = model_for(pk)
    try:
        turn(model=model, by=request.user, now=timezone.now())
        messages.success(request, done)
    except ConflictError as conflict:
        say_conflict(request, conflict)
    except NothingToUndoError:
        messages.info(request, nothing)
    return edited(request, model)


@guarded("scoring.rules.edit")
def presence(request: UserRequest, pk: int) -> HttpResponse:
    """Asked for by every open page of a model: who else is there, and whether the draft was saved meanwhile."""
    model = model_for(pk)
    arrive(model, request.user)
    context = {"model": model, "version": model.current_version, "seen": seen(model), "may_edit": True}
    context["others"] = others_at(model, request.user)
    response = render_part(request, "studio/_draft_state.html", context)
    if request.GET.get("seen") != seen(model):
        response["HX-Trigger"] = "lq:rules, lq:draft"
    return response
