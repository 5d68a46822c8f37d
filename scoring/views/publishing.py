"""Publishing a draft, the versions there were, and going back to one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import is_allowed, may
from leadqual.web import UserRequest, redirect_to, render_page
from scoring import engine, policies
from scoring.actions.effects import keep_prediction, predict
from scoring.actions.versions import (
    ConflictError,
    NothingToPublishError,
    ThresholdsRefusedError,
    UnpublishableError,
    needs_admin,
    publish_version,
    rollback_to,
)
from scoring.engine.nodes import Document
from scoring.enums import Dimension
from scoring.forms.publishing import PublishForm, RollBackForm
from scoring.models import ScoringModel, Version
from scoring.queries.catalog import catalog
from scoring.queries.changes import Change, changes
from scoring.queries.documents import document_of
from scoring.queries.judging import problems_of
from scoring.queries.studio import newest_versions, panels, rule_counts
from scoring.queries.words import band_words, grade_words, hot_words, matrix_words, reader
from scoring.views.models import model_for, revision_of, say_conflict, seen


def _current(model: ScoringModel) -> Document | None:
    return document_of(model.current_version) if model.current_version else None


def _draft_of(model: ScoringModel) -> Document | None:
    return engine.parse(model.draft).document if model.draft is not None else None


def changes_of(model: ScoringModel) -> list[Change]:
    """What the draft would change; nothing while it cannot be read."""
    draft = _draft_of(model)
    return changes(_current(model), draft) if draft else []


@may("scoring.rules.view")
def what_changed(request: UserRequest, pk: int) -> HttpResponse:
    model = model_for(pk)
    context = {"model": model, "changes": changes_of(model), "may_publish": is_allowed(request.user, policies.PUBLISH)}
    return render_page(request, "scoring/changes.html", context)


@may("scoring.publish")
def publish(request: UserRequest, pk: int) -> HttpResponse:
    """The difference in words, a note, and the button; or why it cannot be published."""
    model = model_for(pk)
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _published(request, model, form):
        return redirect_to(request, model.get_absolute_url())
    model = model_for(pk)
    context = {
        "model": model,
        "form": form,
        "seen": seen(model),
        "problems": problems_of(model.draft, catalog()) if model.draft is not None else (),
        "changes": changes_of(model),
        "needs_admin": _needs_admin(request, model),
    }
    return render_page(request, "scoring/publish.html", context, status=422 if form.errors else 200)


def _needs_admin(request: UserRequest, model: ScoringModel) -> bool:
    """Whether the draft changes what only an administrator may publish."""
    draft = _draft_of(model)
    return draft is not None and needs_admin(model, draft, request.user)


def _published(request: UserRequest, model: ScoringModel, form: PublishForm) -> bool:
    now, revision = timezone.now(), revision_of(request, model)
    try:
        predicted = predict(model=model, raw=model.draft, now=now) if revision == model.draft_revision else None
        version = publish_version(
            model=model, by=request.user, note=form.cleaned_data["note"], now=now, revision=revision
        )
        keep_prediction(effect=predicted, version=version)
    except ConflictError as conflict:
        say_conflict(request, conflict)
    except (NothingToPublishError, ThresholdsRefusedError) as refusal:
        form.add_error(None, str(refusal))
    except UnpublishableError:
        form.add_error(None, _("The draft has problems. Nothing was published."))
    else:
        messages.success(
            request, _("Version %(number)d is in force. All leads are being scored again.") % {"number": version.number}
        )
        return True
    return False


# --- versions --------------------------------------------------------------------------------------------------------


@may("scoring.rules.view")
def versions(request: UserRequest, pk: int) -> HttpResponse:
    model = model_for(pk)
    found = list(newest_versions(model)[:200])
    before = {version.number: document_of(version) for version in found}
    rows = [(version, changes(before.get(version.number - 1), before[version.number])) for version in found]
    context = {"model": model, "rows": rows, "may_publish": is_allowed(request.user, policies.PUBLISH)}
    return render_page(request, "scoring/versions.html", context)


def _version(model: ScoringModel, number: int) -> Version:
    return get_object_or_404(model.versions.select_related("published_by", "job", "model"), number=number)


@may("scoring.rules.view")
def version(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """A published version as it was, to read."""
    model = model_for(pk)
    shown = _version(model, number)
    document, words = document_of(shown), reader()
    current = shown.pk == model.current_version_id
    columns = panels(shown.document, published=None, counts=rule_counts(shown) if current else {})
    context: dict[str, Any] = {
        "model": model,
        "version": shown,
        "is_current": current,
        "columns": [(code, label, columns[code]) for code, label in Dimension.choices],
        "bands": band_words(document.bands),
        "grades": grade_words(document.grades),
        "matrix": matrix_words(words, document.matrix) if document.matrix else "",
        "hot": [(definition.name, hot_words(words, definition)) for definition in document.hot],
        "may_publish": is_allowed(request.user, policies.PUBLISH),
    }
    return render_page(request, "scoring/version.html", context)


@may("scoring.publish")
def roll_back(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """What going back would change, a reason, and the button. It makes a new version equal to the old."""
    model = model_for(pk)
    target = _version(model, number)
    form = RollBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            predicted = predict(model=model, raw=target.document, now=now)
            new = rollback_to(version=target, by=request.user, now=now, note=form.cleaned_data["note"])
            keep_prediction(effect=predicted, version=new)
        except (NothingToPublishError, ThresholdsRefusedError) as refusal:
            form.add_error(None, str(refusal))
        except UnpublishableError as refusal:
            form.add_error(
                None, _("This version speaks of things that no longer exist: %(problems)s") % {"problems": refusal}
            )
        else:
            words = _("Version %(new)d says what version %(old)d said. All leads are being scored again.")
            messages.success(request, words % {"new": new.number, "old": target.number})
            return redirect_to(request, model.get_absolute_url())
    context = {
        "model": model,
        "version": target,
        "form": form,
        "changes": changes(_current(model), document_of(target)),
    }
    return render_page(request, "scoring/roll_back.html", context, status=422 if form.errors else 200)
