"""A rule by one press: deleted, duplicated, switched off and on, or moved within its group and to another one."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from studio.access import model_for
from studio.draft.document import (
    Document,
    RulePlace,
    rule_at,
    with_rule_duplicated,
    with_rule_moved,
    with_rule_switched,
    without_rule,
)
from studio.draft.store import draft_token
from studio.forms.rule_move import MoveForm
from studio.views.draft_pages import redrawn_rules, save_pressed, sent_draft, warn_of_conflict
from web.pages import render_page

ACTIONS = ("delete", "duplicate", "switch", "up", "down")


@guarded("scoring.rules.edit", POST)
def press(request: UserRequest, pk: int, group: int, rule: int, do: str) -> HttpResponse:
    """Delete, duplicate, switch off and on, or move a rule, as it stood on the sender's page."""
    if do not in ACTIONS:
        raise Http404
    draft, place = sent_draft(request, model_for(pk)), RulePlace(group=group, rule=rule)
    entry = rule_at(draft.document, place) if draft.is_known else None
    if entry is None:
        warn_of_conflict(request, draft.model)
        return redrawn_rules(request, draft.model)
    document = _with_action(draft.document, place, do, _("%(name)s (copy)") % {"name": entry.get("name", "")})
    done = {"delete": _("Rule deleted. Undo restores it."), "duplicate": _("Rule duplicated.")}
    save_pressed(request, draft, document, done.get(do, ""))
    return redrawn_rules(request, draft.model, anchor=f"#rule-{place.group}-{place.rule}")


def _with_action(document: Document, place: RulePlace, do: str, copy_name: str) -> Document:
    if do == "delete":
        return without_rule(document, place)
    if do == "duplicate":
        return with_rule_duplicated(document, place, copy_name)
    if do == "switch":
        return with_rule_switched(document, place)
    index = place.rule - 1 if do == "up" else place.rule + 1
    return with_rule_moved(document, place, to=RulePlace(group=place.group, rule=index))


@guarded("scoring.rules.edit", *FORM)
def move(request: UserRequest, pk: int, group: int, rule: int) -> HttpResponse:
    """A rule to any place of any group: asked in a dialog, or said by whoever dragged it there."""
    draft, place = sent_draft(request, model_for(pk)), RulePlace(group=group, rule=rule)
    model = draft.model
    entry = rule_at(draft.document, place) if draft.is_known else None
    if entry is None:
        if request.method != "POST":
            raise Http404
        warn_of_conflict(request, model)
        return redrawn_rules(request, model)
    form = MoveForm(request.POST or None, document=draft.document, at=place)
    if form.is_valid():
        save_pressed(request, draft, form.result)
        return redrawn_rules(request, model)
    name = entry.get("name", "")
    context = {"model": model, "form": form, "seen": draft_token(model), "place": place, "name": name}
    status = 422 if form.errors else 200
    return render_page(request, "studio/move.html", context, part="studio/_move.html", status=status)
