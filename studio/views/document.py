"""The rules as a file: to keep, to review, to bring back. A file is compared with the draft before it replaces it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename

import engine
from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from scoring import yaml_text
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.validation import tidy
from studio.access import model_for, version_for
from studio.draft.store import draft_token, working_document
from studio.forms.document import DocumentFileForm, DocumentTextForm
from studio.queries.document_diff import changes
from studio.views.draft_pages import edit_page, sent_draft
from web.pages import render_page


@guarded("scoring.rules.view")
def document_file(request: UserRequest, pk: int) -> HttpResponse:
    """What is being worked on, as YAML."""
    model = model_for(pk)
    version = f"v{model.current_version.number}" if model.current_version and model.draft is None else "draft"
    return _file(model, version, working_document(model))


@guarded("scoring.rules.view")
def version_file(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """A published version, as YAML."""
    model = model_for(pk)
    return _file(model, f"v{number}", version_for(model, number).document)


def _file(model: ScoringModel, version: str, document: dict[str, Any]) -> HttpResponse:
    """Named after the model and the version, so that two of them lie side by side."""
    name = f"{get_valid_filename(f'm {model.name}')[2:] or model.pk}-{version}.yaml"
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(
        yaml_text.write(tidy(document)), content_type="application/yaml; charset=utf-8", headers=headers
    )


@guarded("scoring.rules.edit", POST)
def document_upload(request: UserRequest, pk: int) -> HttpResponse:
    """What a file would change in the draft, or every problem in it with its line. Nothing is saved by it."""
    model = model_for(pk)
    upload = DocumentFileForm(request.POST, request.FILES)
    context: dict[str, Any] = {"model": model, "upload": upload, "seen": draft_token(model)}
    if upload.is_valid():
        form = DocumentTextForm({"text": upload.text}, catalog=catalog())
        context |= {"form": form, "file_name": upload.cleaned_data["file"].name}
        if form.is_valid():
            brought = form.result | {"model": model.name}  # the file may come from another model
            before, after = (engine.parse(raw).document for raw in (working_document(model), brought))
            context |= {"is_sound": True, "changes": changes(before, after) if after else []}
    failed = not context.get("is_sound")
    return render_page(request, "studio/upload.html", context, status=422 if failed else 200)


@guarded("scoring.rules.edit", *FORM)
def document_text(request: UserRequest, pk: int) -> HttpResponse:
    """The whole draft as text."""
    draft = sent_draft(request, model_for(pk))
    form = DocumentTextForm(request.POST or None, catalog=catalog(), written=tidy(draft.document))
    return edit_page(request, draft, form, "studio/text.html", {})
