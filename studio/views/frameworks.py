"""Frameworks: the questions that sales asks, and the answers there are."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.policies import FORM, POST, guarded, is_allowed
from accounts.requests import UserRequest
from scoring import policies
from scoring.models import Criterion, Framework, Option, ScoringModel
from studio.actions.frameworks import InUseError, delete_row, edit_framework, move_row, start_framework
from studio.draft.document import with_group
from studio.draft.store import open_draft
from studio.forms.frameworks import FrameworkForm, NewFrameworkForm
from studio.queries.frameworks import FrameworkItem, group_of
from studio.views.draft_pages import save_pressed
from web.formats import listed, number
from web.pages import redirect_to, render_page

PRESSES = ("up", "down", "delete")


@guarded("scoring.rules.view")
def frameworks(request: UserRequest) -> HttpResponse:
    shown = Framework.objects.prefetch_related("criteria__options").order_by("-is_active", "code")
    may_edit = is_allowed(request.user, policies.EDIT_RULES)
    models = ScoringModel.objects.order_by("-is_primary", "name") if may_edit else []
    context = {"frameworks": shown, "models": models, "may_edit": may_edit}
    return render_page(request, "studio/frameworks.html", context)


@guarded("scoring.rules.edit", *FORM)
def new_framework(request: UserRequest) -> HttpResponse:
    form = NewFrameworkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = start_framework(by=request.user, **form.cleaned_data)
        return redirect_to(request, reverse("studio:framework", args=[made.pk]))
    return render_page(request, "studio/new_framework.html", {"form": form}, status=422 if form.errors else 200)


@guarded("scoring.rules.edit", *FORM)
def framework(request: UserRequest, pk: int) -> HttpResponse:
    """Names, points, weights and ages; filling an empty row adds it."""
    framework = get_object_or_404(Framework, pk=pk)
    form = FrameworkForm(request.POST or None, framework=framework)
    if request.method == "POST" and form.is_valid():
        edit_framework(framework=framework, edits=form.edits, by=request.user)
        messages.success(request, _("Framework saved."))
        return redirect_to(request, reverse("studio:framework", args=[pk]))
    return _page(request, form)


def _page(request: UserRequest, form: FrameworkForm) -> HttpResponse:
    context = {"framework": form.framework, "form": form}
    return render_page(request, "studio/framework.html", context, status=422 if form.errors else 200)


@guarded("scoring.rules.edit", POST)
def press_framework(request: UserRequest, pk: int, kind: str, row: int, do: str) -> HttpResponse:
    """Move a question or an answer, or delete it or the whole framework. What was typed beside it is kept."""
    framework = get_object_or_404(Framework, pk=pk)
    item = item_for(framework, kind, row)
    if do not in PRESSES:
        raise Http404
    if "framework_en" in request.POST:
        form = FrameworkForm(request.POST, framework=framework)
        if not form.is_valid():
            return _page(request, form)
        edit_framework(framework=framework, edits=form.edits, by=request.user)
    if do == "delete":
        return _delete(request, framework, item)
    if not isinstance(item, Framework):
        move_row(row=item, by_places=-1 if do == "up" else 1, by=request.user)
    return redirect_to(request, reverse("studio:framework", args=[framework.pk]))


def _delete(request: UserRequest, framework: Framework, item: FrameworkItem) -> HttpResponse:
    """Delete it, or say why it stays and what to do instead."""
    here = reverse("studio:framework", args=[framework.pk])
    try:
        delete_row(row=item, by=request.user)
    except InUseError as error:
        reasons = []
        if error.answers:
            words = ngettext("%(number)s answer recorded", "%(number)s answers recorded", error.answers)
            reasons.append(words % {"number": number(error.answers)})
        if error.models:
            reasons.append(_("used by rules of %(models)s") % {"models": listed(error.models)})
        words = _("“%(name)s” can’t be deleted: %(why)s. Deactivate it instead, and it won’t be asked anymore.")
        messages.error(request, words % {"name": error.row, "why": listed(reasons)})
        return redirect_to(request, here)
    messages.success(request, _("“%(name)s” deleted.") % {"name": item})
    return redirect_to(request, reverse("studio:frameworks") if isinstance(item, Framework) else here)


def item_for(framework: Framework, kind: str, pk: int) -> FrameworkItem:
    """The framework itself, or its question or answer `pk`. Raises Http404."""
    if kind == "criterion":
        return get_object_or_404(Criterion, pk=pk, framework=framework)
    if kind == "option":
        return get_object_or_404(Option, pk=pk, criterion__framework=framework)
    if kind == "framework" and pk == framework.pk:
        return framework
    raise Http404


@guarded("scoring.rules.edit", POST)
def add_to_model(request: UserRequest, pk: int) -> HttpResponse:
    """A group with a rule for each question, at the end of the draft of a model."""
    framework, chosen = get_object_or_404(Framework, pk=pk), request.POST.get("model", "")
    model = get_object_or_404(ScoringModel, pk=int(chosen) if chosen.isdecimal() and len(chosen) < 10 else 0)
    draft = open_draft(model)
    group = group_of(framework, draft.document)
    if not group["rules"]:
        messages.error(
            request,
            _("“%(name)s” has no answers that could give points yet. Add answers with points first.")
            % {"name": framework},
        )
        return redirect_to(request, reverse("studio:framework", args=[pk]))
    done = _("“%(name)s” added to the draft. Leads are scored with it once you publish.") % group
    save_pressed(request, draft, with_group(draft.document, group), done)
    return redirect_to(request, model.get_absolute_url())
