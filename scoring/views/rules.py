"""One rule of the draft: by form, as text, or by one press."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.policies import may
from leadqual.web import UserRequest, redirect_to, render_page, render_part
from scoring import drafting
from scoring.actions.editing import edit_draft
from scoring.actions.versions import ConflictError
from scoring.drafting import Document, Entry, Place
from scoring.forms.choices import guide
from scoring.forms.condition import DoesNotFit
from scoring.forms.document import RuleTextForm
from scoring.forms.rule import RuleForm
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.judging import canonical, read_rule
from scoring.queries.studio import working_document
from scoring.queries.words import details_in_words, most_of, reader, rule_in_words, rule_words
from scoring.views.models import model_for, revision_of, say_conflict, seen


def save(request: UserRequest, model: ScoringModel, document: Document) -> None:
    """Keep the edited document. Raises ConflictError when the sender saw an older one."""
    revision = revision_of(request, model)
    edit_draft(model=model, document=document, revision=revision, by=request.user, now=timezone.now())


@dataclass(kw_only=True)
class Desk:
    """One rule being edited: where it stands now, and what it was called when the editor opened."""

    request: UserRequest
    model: ScoringModel
    group: int
    at: Place | None = None
    as_text: bool = False

    @property
    def document(self) -> Document:
        return working_document(self.model)

    @property
    def entry(self) -> Entry | None:
        return drafting.rule_at(self.document, self.at) if self.at else None

    @property
    def group_name(self) -> str:
        groups = drafting.groups_of(self.document)
        if not 0 <= self.group < len(groups):
            raise Http404
        return str(groups[self.group].get("name", ""))

    def form(self) -> RuleForm | RuleTextForm:
        """The form, or the text box for a rule that the form cannot show."""
        options = {"catalog": catalog(), "document": self.document, "at": self.at, "group": self.group}
        data = self.request.POST if self.request.method == "POST" else None
        if not self.as_text:
            try:
                return RuleForm(data, rule=None if data else self.entry, **options)
            except DoesNotFit:
                self.as_text = True
        entry = self.entry or drafting.EXAMPLE
        return RuleTextForm(data, rule=canonical(entry) if read_rule(entry) else entry, **options)

    def address(self, *, as_text: bool) -> str:
        """Where this rule is edited."""
        name = ("rule" if self.at else "new_rule") + ("_text" if as_text else "")
        return reverse(f"scoring:{name}", args=[self.model.pk, self.group, *([self.at.rule] if self.at else [])])

    def moved_to(self, model: ScoringModel) -> Desk:
        """The same rule in the draft as somebody else left it: found by its name, or new when it is gone."""
        document, posted = working_document(model), self.request.POST
        at = drafting.place_of(document, posted.get("was_group", ""), posted.get("was_rule", ""))
        named = drafting.group_called(document, posted.get("was_group", ""))
        return Desk(request=self.request, model=model, group=at.group if at else named, at=at, as_text=self.as_text)


def _page(desk: Desk, form: Any, *, conflict: bool = False) -> HttpResponse:
    entry = desk.entry
    context = {
        "desk": desk,
        "model": desk.model,
        "form": form,
        "seen": seen(desk.model),
        "was_group": desk.group_name,
        "was_rule": str((entry or {}).get("name", "")),
        "conflict": conflict,
        **(_versus(entry, form) if conflict else {}),
        "here": desk.address(as_text=desk.as_text),
        "other": desk.address(as_text=not desk.as_text),
        "guide": guide(catalog()),
    }
    status = 409 if conflict else 422 if form.errors else 200
    return render_page(desk.request, "scoring/rule.html", context, status=status)


def _versus(entry: Entry | None, form: Any) -> dict[str, str]:
    """The rule as it stands in the draft now, and as it was typed, both in words where they can be read."""
    words, theirs = reader(), read_rule(entry) if entry else None
    mine = read_rule(form.raw) if form.is_valid() and isinstance(form, RuleForm) else None
    return {
        "theirs_name": theirs.name if theirs else "",
        "theirs": rule_words(words, theirs) if theirs else "",
        "mine_name": mine.name if mine else "",
        "mine": rule_words(words, mine) if mine else "",
    }


def _edit(desk: Desk) -> HttpResponse:
    """Show the form; keep what it says; or show what somebody else made of the draft beside what was typed."""
    if desk.request.method != "POST":
        return _page(desk, desk.form())
    if desk.request.POST.get("seen") != seen(desk.model):
        return _conflict(desk, desk.model)
    form = desk.form()
    if not form.is_valid():
        return _page(desk, form)
    try:
        save(desk.request, desk.model, form.result)
    except ConflictError as conflict:
        return _conflict(desk, conflict.model)
    messages.success(desk.request, _("The draft is saved."))
    return _back(desk.request, desk.model, form.place)


def _conflict(desk: Desk, model: ScoringModel) -> HttpResponse:
    moved = desk.moved_to(model)
    return _page(moved, moved.form(), conflict=True)


def _back(request: UserRequest, model: ScoringModel, place: Place | None) -> HttpResponse:
    anchor = f"#rule-{place.group}-{place.rule}" if place else ""
    return redirect_to(request, f"{model.get_absolute_url()}{anchor}")


def _desk(request: UserRequest, pk: int, group: int, rule: int | None, *, as_text: bool) -> Desk:
    at = None if rule is None else Place(group=group, rule=rule)
    desk = Desk(request=request, model=model_for(pk), group=group, at=at, as_text=as_text)
    gone = desk.group_name is None or (at is not None and desk.entry is None)
    if gone and request.method != "POST":
        raise Http404
    return desk


@may("scoring.rules.edit")
def new_rule(request: UserRequest, pk: int, group: int) -> HttpResponse:
    return _edit(_desk(request, pk, group, None, as_text=False))


@may("scoring.rules.edit")
def new_rule_text(request: UserRequest, pk: int, group: int) -> HttpResponse:
    return _edit(_desk(request, pk, group, None, as_text=True))


@may("scoring.rules.edit")
def rule(request: UserRequest, pk: int, group: int, rule: int) -> HttpResponse:
    return _edit(_desk(request, pk, group, rule, as_text=False))


@may("scoring.rules.edit")
def rule_text(request: UserRequest, pk: int, group: int, rule: int) -> HttpResponse:
    return _edit(_desk(request, pk, group, rule, as_text=True))


@require_POST
@may("scoring.rules.edit")
def preview(request: UserRequest, pk: int, group: int) -> HttpResponse:
    """The rule in words, while it is being typed; nothing where it cannot be read yet."""
    typed = request.POST.copy()
    typed["name"] = typed.get("name") or "-"
    groups = [{**each, "rules": []} for each in drafting.groups_of(working_document(model_for(pk)))]
    form = RuleForm(typed, catalog=catalog(), document={"model": "-", "groups": groups}, group=group)
    node = read_rule(form.raw) if form.is_valid() else None
    if node is None:
        return render_part(request, "scoring/_preview.html")
    words = reader()
    said = {"sentence": rule_in_words(words, node), "details": details_in_words(words, node)}
    context = {**said, "points": most_of(node)}
    return render_part(request, "scoring/_preview.html", context)


# --- by one press ----------------------------------------------------------------------------------------------------


def _copied(document: Document, place: Place) -> Document:
    entry = drafting.rule_at(document, place) or {}
    return drafting.with_rule_copied(document, place, _("%(name)s (copy)") % {"name": entry.get("name", "")})


PRESSES = {
    "delete": drafting.without_rule,
    "duplicate": _copied,
    "switch": drafting.with_rule_switched,
    "up": lambda document, place: drafting.with_rule_moved(document, place, -1),
    "down": lambda document, place: drafting.with_rule_moved(document, place, 1),
}


@require_POST
@may("scoring.rules.edit")
def press(request: UserRequest, pk: int, group: int, rule: int, do: str) -> HttpResponse:
    """Delete, duplicate, switch off and on, or move a rule."""
    model, place = model_for(pk), Place(group=group, rule=rule)
    document = working_document(model)
    if do not in PRESSES:
        raise Http404
    if drafting.rule_at(document, place) is None:
        say_conflict(request, ConflictError(model))
        return _back(request, model, None)
    try:
        save(request, model, PRESSES[do](document, place))
        _tell(request, do)
    except ConflictError as conflict:
        say_conflict(request, conflict)
    return _back(request, model, place)


def _tell(request: UserRequest, do: str) -> None:
    words = {"delete": _("The rule is deleted. Undo brings it back."), "duplicate": _("The rule is duplicated.")}
    if do in words:
        messages.success(request, words[do])
