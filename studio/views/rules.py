"""One rule of the draft, by form or as text: shown, saved, and previewed while it is typed."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from scoring.actions.versions import DraftConflictError
from scoring.forms.choices import guide
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.validation import read_rule
from scoring.queries.words import details_in_words, most_of, reader, rule_in_words, rule_laid_out, rule_words
from studio.access import model_for
from studio.draft.document import Document, RuleEdit, RulePlace, group_index, groups_of, place_of, rule_at
from studio.draft.store import OpenDraft, draft_token, open_draft, save_edit, working_document
from studio.forms.rule import RuleForm
from studio.forms.rule_text import RuleTextForm, rule_form
from studio.queries.decay_curve import decay_curve
from web.pages import redirect_to, render_page, render_part, wants_part


@guarded("scoring.rules.edit", *FORM)
def new_rule(request: UserRequest, pk: int, group: int) -> HttpResponse:
    return _edit(request, pk, group, None, as_text=False)


@guarded("scoring.rules.edit", *FORM)
def new_rule_text(request: UserRequest, pk: int, group: int) -> HttpResponse:
    return _edit(request, pk, group, None, as_text=True)


@guarded("scoring.rules.edit", *FORM)
def rule(request: UserRequest, pk: int, group: int, rule: int) -> HttpResponse:
    return _edit(request, pk, group, rule, as_text=False)


@guarded("scoring.rules.edit", *FORM)
def rule_text(request: UserRequest, pk: int, group: int, rule: int) -> HttpResponse:
    return _edit(request, pk, group, rule, as_text=True)


def _edit(request: UserRequest, pk: int, group: int, rule: int | None, *, as_text: bool) -> HttpResponse:
    """Show the form of a rule of the draft, save it, or say why a form that saves itself was not saved."""
    draft = open_draft(model_for(pk), request.POST.get("seen", "") if request.method == "POST" else None)
    at = None if rule is None else RulePlace(group=group, rule=rule)
    if name := request.POST.get("was_rule"):  # whoever else works on the draft may have moved it
        at = place_of(draft.document, request.POST.get("was_group", ""), name) or at
    group = at.group if at else group
    if at and rule_at(draft.document, at) is None:
        if request.method != "POST":
            raise Http404
        at = None
    form = _form(request, draft.document, at, group, as_text=as_text)
    if at is None and "by_itself" in request.POST:
        return _unsaved(request, draft.model, form, _("Not saved yet: a new rule is added when you save it."))
    if request.method == "POST" and form.is_valid() and form.edit:
        return _save(request, draft, form, form.edit)
    if "by_itself" in request.POST:
        return _unsaved(request, draft.model, form, _("Not saved yet: some fields need attention."))
    return _page(request, draft.model, form)


def _form(
    request: UserRequest, document: Document, at: RulePlace | None, group: int, *, as_text: bool
) -> RuleForm | RuleTextForm:
    """Raises Http404 for a group that is not there."""
    if group >= len(groups_of(document)):
        raise Http404
    data = request.POST if request.method == "POST" else None
    return rule_form(data, catalog=catalog(), document=document, at=at, group=group, as_text=as_text)


def _save(request: UserRequest, draft: OpenDraft, form: RuleForm | RuleTextForm, edit: RuleEdit) -> HttpResponse:
    """Save the rule; in a conflict show what somebody else made of it beside what was typed."""
    by_itself, sitting = "by_itself" in request.POST, request.POST.get("sitting", "")[:40]
    try:
        model = save_edit(draft, edit.document, by=request.user, now=timezone.now(), sitting=sitting)
    except DraftConflictError as error:
        if not by_itself:
            return _conflict_page(request, error.model, as_text=form.is_text)
        words = _("Nothing has been saved yet: someone else changed this rule. Press “Done” to compare.")
        return _unsaved(request, draft.model, form, words)
    if by_itself:
        return _self_saved(request, model, form, edit)
    messages.success(request, _("Draft saved."))
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Trigger": "lq:close, lq:draft, lq:rules"})
    return redirect_to(request, f"{model.get_absolute_url()}#rule-{edit.place.group}-{edit.place.rule}")


def _self_saved(
    request: UserRequest, model: ScoringModel, form: RuleForm | RuleTextForm, edit: RuleEdit
) -> HttpResponse:
    """The form goes on from the draft that it just saved by itself."""
    context: dict[str, Any] = {
        "here": rule_url(model, edit.place, edit.place.group, as_text=form.is_text),
        "seen": draft_token(model),
        "was_group": groups_of(edit.document)[edit.place.group].get("name", ""),
        "was_rule": (rule_at(edit.document, edit.place) or {}).get("name", ""),
        "sitting": request.POST.get("sitting", ""),
        "at": model.draft_at,
    }
    response = render_part(request, "studio/_saved.html", context)
    response["HX-Trigger"] = "lq:draft, lq:rules"
    return response


def _unsaved(request: UserRequest, model: ScoringModel, form: RuleForm | RuleTextForm, words: str) -> HttpResponse:
    """Why a form that saves itself was not saved; it goes on from where it began."""
    tokens = {key: request.POST.get(key, "") for key in ("seen", "was_group", "was_rule", "sitting")}
    here = rule_url(model, form.at, form.from_group, as_text=form.is_text)
    return render_part(request, "studio/_saved.html", {**tokens, "words": words, "here": here})


def _conflict_page(request: UserRequest, model: ScoringModel, *, as_text: bool) -> HttpResponse:
    """What was typed over the draft as somebody else left it: at the rule of that name, or new where it is gone."""
    document, group = working_document(model), request.POST.get("was_group", "")
    at = place_of(document, group, request.POST.get("was_rule", ""))
    form = _form(request, document, at, at.group if at else group_index(document, group), as_text=as_text)
    entry = rule_at(document, at) if at else None
    theirs = read_rule(entry) if entry else None
    ours = read_rule(form.raw) if form.is_valid() and isinstance(form, RuleForm) else None
    words = reader()
    versus = {
        "theirs_name": theirs.name if theirs else "",
        "theirs": rule_words(words, theirs) if theirs else "",
        "mine_name": ours.name if ours else "",
        "mine": rule_words(words, ours) if ours else "",
    }
    return _page(request, model, form, versus)


def _page(
    request: UserRequest, model: ScoringModel, form: RuleForm | RuleTextForm, versus: dict[str, str] | None = None
) -> HttpResponse:
    """The editor of a rule, as a page or in a dialog; with `versus`, both sides of a conflict in words."""
    entry = rule_at(form.document, form.at) if form.at else None
    name = str((entry or {}).get("name", ""))
    save_label = pgettext("button", "Done") if wants_part(request) else _("Save to draft")
    if versus is not None:
        save_label = _("Save my changes to the current draft")
    context = {
        "model": model,
        "form": form,
        "title": name if form.at else _("New rule"),
        "seen": draft_token(model),
        "was_group": str(groups_of(form.document)[form.from_group].get("name", "")),
        "was_rule": name,
        "sitting": request.POST.get("sitting") or uuid4().hex,
        "conflict": versus is not None,
        "in_place": wants_part(request),
        "save_label": save_label,
        "here": rule_url(model, form.at, form.from_group, as_text=form.is_text),
        "other": rule_url(model, form.at, form.from_group, as_text=not form.is_text),
        "guide": guide(catalog()),
        **(versus or {}),
    }
    status = 409 if versus is not None else 422 if form.errors else 200
    response = render_page(request, "studio/rule.html", context, part="studio/_editor.html", status=status)
    if wants_part(request):
        response["HX-Retarget"] = "#dialog"
    return response


def rule_url(model: ScoringModel, at: RulePlace | None, group: int, *, as_text: bool) -> str:
    """Where the rule `at` its place, or a new one of `group`, is edited."""
    if at is None:
        return reverse("studio:new_rule_text" if as_text else "studio:new_rule", args=[model.pk, group])
    return reverse("studio:rule_text" if as_text else "studio:rule", args=[model.pk, at.group, at.rule])


@guarded("scoring.rules.edit", POST)
def preview(request: UserRequest, pk: int, group: int) -> HttpResponse:
    """The rule in words, while it is being typed; nothing where it cannot be read yet."""
    typed = request.POST.copy()
    typed["name"] = typed.get("name") or "-"
    groups = [{**entry, "rules": []} for entry in groups_of(working_document(model_for(pk)))]
    form = RuleForm(typed, catalog=catalog(), document={"model": "-", "groups": groups}, group=group)
    node = read_rule(form.raw) if form.is_valid() else None
    if node is None:
        return render_part(request, "studio/_preview.html")
    words = reader()
    context = {
        "sentence": rule_in_words(words, node),
        "when": rule_laid_out(words, node).when,
        "details": details_in_words(words, node),
        "points": most_of(node),
        "fading": decay_curve(node),
    }
    return render_part(request, "studio/_preview.html", context)
