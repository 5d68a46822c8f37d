"""A rule by one press: deleted, duplicated, switched off and on, or moved within its group and to another one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from scoring.actions.versions import ConflictError
from studio.draft import document as draft_document
from studio.draft.document import Document, RulePlace
from studio.forms.rule_move import MoveForm
from studio.queries.drafts import seen
from studio.queries.rule_panels import working_document
from studio.views.drafts import began, edited, save_together
from studio.views.models import model_for, say_conflict
from web.pages import render_page


def _copied(document: Document, place: RulePlace) -> Document:
    entry = draft_document.rule_at(document, place) or {}
    return draft_document.with_rule_copied(document, place, _("%(name)s (copy)") % {"name": entry.get("name", "")})


PRESSES = {
    "delete": draft_document.without_rule,
    "duplicate": _copied,
    "switch": draft_document.with_rule_switched,
    "up": lambda document, place: draft_document.with_rule_moved(document, place, -1),
    "down": lambda document, place: draft_document.with_rule_moved(document, place, 1),
}


@guarded("scoring.rules.edit", POST)
def press(request: UserRequest, pk: int, group: int, rule: int, do: str) -> HttpResponse:
    """Delete, duplicate, switch off and on, or move a rule, as it stood on the sender's page."""
    model, place = model_for(pk), RulePlace(group=group, rule=rule)
    document = began(request, model)
    if do not in PRESSES:
        raise Http404
    if document is None or draft_document.rule_at(document, place) is None:
        say_conflict(request, ConflictError(model))
        return edited(request, model)
    try:
        model = save_together(request, model, PRESSES[do](document, place))
        _tell(request, do)
    except ConflictError as conflict:
        say_conflict(request, conflict)
    return edited(request, model, anchor=f"#rule-{place.group}-{place.rule}")


def _tell(request: UserRequest, do: str) -> None:
    words = {"delete": _("The rule is deleted. Undo brings it back."), "duplicate": _("The rule is duplicated.")}
    if do in words:
        messages.success(request, words[do])


@guarded("scoring.rules.edit", *FORM)
def move(request: UserRequest, pk: int, group: int, rule: int) -> HttpResponse:
    """A rule to any place of any group: asked in a dialog, or said by whoever dragged it there."""
    model, place = model_for(pk), RulePlace(group=group, rule=rule)
    document = began(request, model) if request.method == "POST" else working_document(model)
    entry = draft_document.rule_at(document, place) if document else None
    if document is None or entry is None:
        if request.method != "POST":
            raise Http404
        say_conflict(request, ConflictError(model))
        return edited(request, model)
    form = MoveForm(request.POST or None, document=document, at=place)
    if not form.is_valid():
        context = {"model": model, "form": form, "seen": seen(model), "place": place, "name": entry.get("name", "")}
        status = 422 if form.errors else 200
        return render_page(request, "studio/move.html", context, part="studio/_move.html", status=status)
    try:
        model = save_together(request, model, form.result)
    except ConflictError as conflict:
        say_conflict(request, conflict)
    return edited(request, model)
