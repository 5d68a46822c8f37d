"""The versions there were: what each said and did, who read it, any two against each other, and going back to one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import FORM, POST, guarded, is_allowed
from accounts.requests import UserRequest
from scoring import policies
from scoring.actions.versions import NothingToPublishError, ThresholdsRefusedError, UnpublishableError
from scoring.models import ScoringModel, Version
from scoring.queries.documents import document_of
from scoring.queries.validation import language
from studio.access import model_for, version_for
from studio.actions.publication import go_back
from studio.actions.sign_off import confirm_read
from studio.forms.publication import CompareForm, RollBackForm
from studio.queries.definition import definition_of
from studio.queries.document_diff import changes
from studio.queries.effect import EffectTimeoutError
from studio.queries.readers import readers_of
from studio.queries.rollback_effect import rollback_effect_of
from studio.queries.versions import numbers_of, version_rows
from studio.views.handoff_question import question_about
from web.pages import redirect_to, render_page, render_part
from web.paging import Cursor


@guarded("scoring.rules.view")
def versions(request: UserRequest, pk: int) -> HttpResponse:
    model = model_for(pk)
    cursor = Cursor.of(request.GET)
    page, known = version_rows(model, cursor), _numbered(model)
    context = {
        "model": model,
        "page": page,
        "rows": page.rows,
        "form": CompareForm(versions=known) if len(known) > 1 else None,
        "may_publish": is_allowed(request.user, policies.PUBLISH),
    }
    return render_page(request, "studio/versions.html", context)


@guarded("scoring.rules.view")
def compare(request: UserRequest, pk: int) -> HttpResponse:
    """Any two versions, in words."""
    model = model_for(pk)
    form = CompareForm(request.GET or None, versions=_numbered(model))
    context: dict[str, Any] = {"model": model, "form": form}
    if form.is_valid():
        one, other = (get_object_or_404(model.versions, number=form.cleaned_data[key]) for key in ("one", "other"))
        compared = changes(document_of(one), document_of(other))
        context |= {"one": one, "other": other, "changes": compared, "compared": True}
    return render_page(request, "studio/compare.html", context, status=422 if form.errors else 200)


def _numbered(model: ScoringModel) -> list[Version]:
    """All versions to choose from, without what they say."""
    return list(model.versions.only("model", "number").order_by("-number"))


@guarded("scoring.rules.view")
def version(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """A published version as it was, to read."""
    model = model_for(pk)
    shown = version_for(model, number)
    before = model.versions.filter(number=number - 1).first()
    context: dict[str, Any] = {
        "model": model,
        "version": shown,
        "is_current": shown.pk == model.current_version_id,
        "changes": changes(document_of(before) if before else None, document_of(shown)),
        "definition": definition_of(shown),
        "may_publish": is_allowed(request.user, policies.PUBLISH),
        **_readers(request, shown),
        **_outcome(shown),
    }
    return render_page(request, "studio/version.html", context)


def _readers(request: UserRequest, version: Version) -> dict[str, Any]:
    readers = readers_of(version)
    own = next((reader for reader in readers if reader.user.pk == request.user.pk), None)
    return {
        "readers": readers,
        "unread": sum(reader.at is None for reader in readers),
        "may_confirm": own is None or own.at is None,
    }


def _outcome(version: Version) -> dict[str, Any]:
    is_open = version.job is not None and version.job.state in ("waiting", "running")
    return {"numbers": numbers_of(version), "is_open": is_open, "job": version.job}


@guarded("scoring.rules.view")
def outcome(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """How far the re-score is, then the numbers of that day; asks again until they are there."""
    model = model_for(pk)
    shown = version_for(model, number)
    return render_part(request, "studio/_outcome.html", {"model": model, "version": shown, **_outcome(shown)})


@guarded("scoring.read", POST)
def read(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """Read and understood: one press."""
    model = model_for(pk)
    shown = version_for(model, number)
    confirm_read(version=shown, by=request.user, now=timezone.now())
    return render_part(request, "studio/_readers.html", {"model": model, "version": shown, **_readers(request, shown)})


# --- going back ------------------------------------------------------------------------------------------------------


@guarded("scoring.publish", *FORM)
def roll_back(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """What going back would change, a reason, and the button. It makes a new version equal to the old."""
    model = model_for(pk)
    target = version_for(model, number)
    form = RollBackForm(
        request.POST or None, initial={"note": _("Rolled back to version %(number)s.") % {"number": number}}
    )
    question = None
    if request.method == "POST" and form.is_valid():
        question = question_about(request, document_of(target), model)
        new = None if question else published_again(target, form, by=request.user)
        if new is not None:
            words = _("Version %(new)s, with the contents of version %(old)s, is published. Rescoring all leads.")
            messages.success(request, words % {"new": new.number, "old": target.number})
            return redirect_to(request, new.get_absolute_url())
    current = document_of(model.current_version) if model.current_version else None
    context = {
        "model": model,
        "version": target,
        "form": form,
        "question": question,
        "changes": changes(current, document_of(target)),
    }
    return render_page(request, "studio/roll_back.html", context, status=422 if form.errors or question else 200)


def published_again(target: Version, form: RollBackForm, *, by: User) -> Version | None:
    """The version that says again what `target` said; None where the form says why it is not published."""
    try:
        return go_back(version=target, by=by, note=form.cleaned_data["note"], now=timezone.now())
    except (NothingToPublishError, ThresholdsRefusedError) as error:
        form.add_error(None, str(error))
    except UnpublishableError as error:
        words = _("This version refers to things that no longer exist: %(problems)s")
        problems = " ".join(problem.text(language()) for problem in error.problems)
        form.add_error(None, words % {"problems": problems})
    return None


@guarded("scoring.publish")
def consequence(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """Whom going back would touch; asked for after the page, since it reads every lead."""
    model = model_for(pk)
    target = version_for(model, number)
    context: dict[str, Any] = {"model": model, "version": target}
    try:
        context["found"] = rollback_effect_of(document_of(target), model=model, now=timezone.now())
    except EffectTimeoutError:
        context["took_too_long"] = True
    return render_part(request, "studio/_consequence.html", context)
