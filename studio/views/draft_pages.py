"""What every page that edits a draft has in common: the draft as its sender saw it, and what is said after an edit."""

from __future__ import annotations

from typing import Any, Protocol

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.requests import UserRequest
from scoring.actions.versions import DraftConflictError
from scoring.models import ScoringModel
from studio.access import model_for
from studio.draft.document import Document
from studio.draft.store import OpenDraft, draft_token, open_draft, save_edit
from studio.views.models import studio_context
from web.pages import redirect_to, render_page, render_part, wants_part


class DraftForm(Protocol):
    """A form over a draft; `result` is the whole document with what it says, once it is valid."""

    result: Document

    @property
    def errors(self) -> Any: ...

    def is_valid(self) -> bool: ...


def sent_draft(request: UserRequest, model: ScoringModel) -> OpenDraft:
    """The draft as the sender of a form saw it; the present one for who asks for a form."""
    return open_draft(model, request.POST.get("seen", "") if request.method == "POST" else None)


def edit_page(
    request: UserRequest, draft: OpenDraft, form: DraftForm, template: str, context: dict[str, Any]
) -> HttpResponse:
    """Show a form over `draft` and save what it says. After a conflict it comes back with what was typed."""
    model, conflict = draft.model, None
    if request.method == "POST" and form.is_valid():
        try:
            save_edit(draft, form.result, by=request.user, now=timezone.now())
        except DraftConflictError as error:
            model = conflict = error.model
        else:
            messages.success(request, _("Draft saved."))
            return redirect_to(request, model.get_absolute_url())
    shown = {"model": model, "form": form, "seen": draft_token(model), "conflict": conflict, **context}
    return render_page(request, template, shown, status=409 if conflict else 422 if form.errors else 200)


def save_pressed(request: UserRequest, draft: OpenDraft, document: Document, done: str = "") -> None:
    """Save what one press makes of the draft, and say `done`, or that somebody was quicker."""
    try:
        save_edit(draft, document, by=request.user, now=timezone.now())
    except DraftConflictError as error:
        warn_of_conflict(request, error.model)
    else:
        if done:
            messages.success(request, done)


def warn_of_conflict(request: UserRequest, model: ScoringModel) -> None:
    """Say that somebody was quicker, and that nothing was done."""
    name = model.draft_by or _("Someone")
    messages.warning(
        request,
        _("%(name)s changed this draft in the meantime. Nothing was changed. This is the current draft.")
        % {"name": name},
    )


def redrawn_rules(request: UserRequest, model: ScoringModel, *, anchor: str = "") -> HttpResponse:
    """The rules as they stand after an edit in place; the page of the model for whoever has no htmx."""
    if not wants_part(request):
        return redirect_to(request, f"{model.get_absolute_url()}{anchor}")
    response = render_part(request, "studio/_edited.html", studio_context(request, model_for(model.pk)))
    response["HX-Trigger"] = "lq:close, lq:draft"
    response["HX-Retarget"] = "#rules"
    response["HX-Reswap"] = "outerMorph"
    return response
