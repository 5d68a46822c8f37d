"""One rule of the draft: by form, as text, or by one press."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from scoring.actions.versions import ConflictError
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.validation import canonical, read_rule
from scoring.queries.words import details_in_words, most_of, reader, rule_in_words, rule_words
from studio.draft import document as draft_document
from studio.draft.document import Document, Entry, RulePlace
from studio.forms.choices import guide
from studio.forms.condition import FormCannotShowError
from studio.forms.document import RuleTextForm
from studio.forms.rule import RuleForm
from studio.queries.choice_counts import leads_by_choice
from studio.queries.decay_curve import decay_curve
from studio.queries.drafts import seen
from studio.queries.rule_panels import working_document
from studio.views.drafts import began, edited, save_together
from studio.views.models import model_for
from web.pages import render_page, render_part, wants_part


@dataclass(kw_only=True)
class Desk:
    """One rule being edited: the draft as its editor saw it, and where the rule stands in it."""

    request: UserRequest
    model: ScoringModel
    group: int
    document: Document
    at: RulePlace | None = None
    as_text: bool = False

    @property
    def entry(self) -> Entry | None:
        return draft_document.rule_at(self.document, self.at) if self.at else None

    @property
    def group_name(self) -> str:
        groups = draft_document.groups_of(self.document)
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
            except FormCannotShowError:
                self.as_text = True
        entry = self.entry or draft_document.EXAMPLE
        return RuleTextForm(data, rule=canonical(entry) if read_rule(entry) else entry, **options)

    @property
    def here(self) -> str:
        return self.address(as_text=self.as_text)

    def address(self, *, as_text: bool) -> str:
        """Where this rule is edited."""
        name = ("rule" if self.at else "new_rule") + ("_text" if as_text else "")
        return reverse(f"studio:{name}", args=[self.model.pk, self.group, *([self.at.rule] if self.at else [])])

    def moved_to(self, model: ScoringModel) -> Desk:
        """The same rule in the draft as somebody else left it: found by its name, or new when it is gone."""
        document, posted = working_document(model), self.request.POST
        at = draft_document.place_of(document, posted.get("was_group", ""), posted.get("was_rule", ""))
        named = draft_document.group_called(document, posted.get("was_group", ""))
        place = {"group": at.group if at else named, "at": at}
        return Desk(request=self.request, model=model, document=document, as_text=self.as_text, **place)


def _page(desk: Desk, form: Any, *, conflict: bool = False) -> HttpResponse:
    entry = desk.entry
    context = {
        "desk": desk,
        "model": desk.model,
        "form": form,
        "seen": seen(desk.model),
        "was_group": desk.group_name,
        "was_rule": str((entry or {}).get("name", "")),
        "sitting": desk.request.POST.get("sitting") or uuid4().hex,
        "conflict": conflict,
        "in_place": wants_part(desk.request),
        **(_versus(entry, form) if conflict else {}),
        "here": desk.here,
        "other": desk.address(as_text=not desk.as_text),
        "guide": guide(catalog()),
    }
    response = render_page(
        desk.request, "studio/rule.html", context, part="studio/_editor.html", status=_status(form, conflict)
    )
    if wants_part(desk.request):
        response["HX-Retarget"] = "#dialog"
    return response


def _status(form: Any, conflict: bool) -> int:
    """What is typed wrongly, or meanwhile overtaken, comes back with its code."""
    return 409 if conflict else 422 if form.errors else 200


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
    """Show the form; keep what it says; or show what somebody else made of the rule beside what was typed."""
    request = desk.request
    if request.method != "POST":
        return _page(desk, desk.form())
    form = desk.form()
    by_itself = "by_itself" in request.POST
    if not form.is_valid():
        return _noted(desk, form, _("Not saved yet: some fields are not right.")) if by_itself else _page(desk, form)
    try:
        model = save_together(request, desk.model, form.result, sitting=request.POST.get("sitting", "")[:40])
    except ConflictError as conflict:
        words = _("Not saved: somebody changed this rule meanwhile. Press “Done” to see both.")
        return _noted(desk, form, words) if by_itself else _conflict(desk, conflict.model)
    if by_itself:
        return _saved(request, model, form)
    messages.success(request, _("The draft is saved."))
    place = form.place
    return edited(request, model, anchor=f"#rule-{place.group}-{place.rule}" if place else "")


def _noted(desk: Desk, form: Any, words: str) -> HttpResponse:
    """Why what is being typed did not save itself; the form goes on from where it began."""
    kept = {key: desk.request.POST.get(key, "") for key in ("seen", "was_group", "was_rule", "sitting")}
    return render_part(desk.request, "studio/_saved.html", {**kept, "words": words, "here": desk.here})


def _saved(request: UserRequest, model: ScoringModel, form: Any) -> HttpResponse:
    """The form goes on from the draft that it just saved by itself."""
    place, document = form.place, form.result
    context = {
        "here": reverse(
            f"studio:rule{'_text' * isinstance(form, RuleTextForm)}", args=[model.pk, place.group, place.rule]
        ),
        "seen": seen(model),
        "was_group": draft_document.groups_of(document)[place.group].get("name", ""),
        "was_rule": (draft_document.rule_at(document, place) or {}).get("name", ""),
        "sitting": request.POST.get("sitting", ""),
        "at": model.draft_at,
    }
    response = render_part(request, "studio/_saved.html", context)
    response["HX-Trigger"] = "lq:draft, lq:rules"
    return response


def _conflict(desk: Desk, model: ScoringModel) -> HttpResponse:
    moved = desk.moved_to(model)
    return _page(moved, moved.form(), conflict=True)


def _desk(request: UserRequest, pk: int, group: int, rule: int | None, *, as_text: bool) -> Desk:
    model = model_for(pk)
    document = (began(request, model) if request.method == "POST" else None) or working_document(model)
    at = _named(request, document) or (None if rule is None else RulePlace(group=group, rule=rule))
    desk = Desk(
        request=request, model=model, document=document, group=at.group if at else group, at=at, as_text=as_text
    )
    if at is not None and desk.entry is None:
        if request.method != "POST":
            raise Http404
        desk.at = None
    return desk


def _named(request: UserRequest, document: Document) -> RulePlace | None:
    """Where the rule stands that the form says it edits: a rule that saved itself keeps its place under a new name."""
    name = request.POST.get("was_rule", "")
    return draft_document.place_of(document, request.POST.get("was_group", ""), name) if name else None


@guarded("scoring.rules.edit", *FORM)
def new_rule(request: UserRequest, pk: int, group: int) -> HttpResponse:
    return _edit(_desk(request, pk, group, None, as_text=False))


@guarded("scoring.rules.edit", *FORM)
def new_rule_text(request: UserRequest, pk: int, group: int) -> HttpResponse:
    return _edit(_desk(request, pk, group, None, as_text=True))


@guarded("scoring.rules.edit", *FORM)
def rule(request: UserRequest, pk: int, group: int, rule: int) -> HttpResponse:
    return _edit(_desk(request, pk, group, rule, as_text=False))


@guarded("scoring.rules.edit", *FORM)
def rule_text(request: UserRequest, pk: int, group: int, rule: int) -> HttpResponse:
    return _edit(_desk(request, pk, group, rule, as_text=True))


@guarded("scoring.rules.edit", POST)
def preview(request: UserRequest, pk: int, group: int) -> HttpResponse:
    """The rule in words, while it is being typed; nothing where it cannot be read yet."""
    typed = request.POST.copy()
    typed["name"] = typed.get("name") or "-"
    groups = [{**each, "rules": []} for each in draft_document.groups_of(working_document(model_for(pk)))]
    form = RuleForm(typed, catalog=catalog(), document={"model": "-", "groups": groups}, group=group)
    node = read_rule(form.raw) if form.is_valid() else None
    if node is None:
        return render_part(request, "studio/_preview.html")
    words = reader()
    said = {"sentence": rule_in_words(words, node), "details": details_in_words(words, node)}
    context = {**said, "points": most_of(node), "fading": decay_curve(node)}
    return render_part(request, "studio/_preview.html", context)


@guarded("scoring.rules.edit")
def choice_counts(request: UserRequest) -> JsonResponse:
    """How many leads have each choice of a field, by its code; nothing for a field without choices."""
    field = catalog().fields.get(request.GET.get("field", ""))
    return JsonResponse(leads_by_choice(field) if field else {})
