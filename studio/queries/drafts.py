"""The draft as somebody saw it: what an editor began with, from the audit trail, and the steps that can be undone."""

from __future__ import annotations

from django.apps import apps
from django.db.models import QuerySet

from accounts.models import User
from scoring.models import ScoringModel
from scoring.queries.documents import blank_document
from studio.draft.document import Document
from studio.models import DraftStep
from studio.queries.rule_panels import working_document


def seen(model: ScoringModel) -> str:
    """What an editor began with: the state of the draft, and the version under it."""
    return f"{model.draft_revision}.{model.current_version_id or 0}"


def document_seen(model: ScoringModel, token: str) -> Document | None:
    """The working document as it was when the page said `token` (see `seen`); None when nobody knows any more."""
    if token == seen(model):
        return working_document(model)
    revision, _dot, version = token.partition(".")
    if not (revision.isdecimal() and version.isdecimal() and len(revision) < 10 and len(version) < 19):
        return None
    events = apps.get_model("scoring", "ScoringModelEvent").objects.filter(pgh_obj_id=model.pk)
    event = events.filter(draft_revision=int(revision)).order_by("-pgh_id").first()
    if event is None:
        return None
    return event.draft if isinstance(event.draft, dict) else _under(model, int(version))


def _under(model: ScoringModel, version: int) -> Document | None:
    """What stood under a draft that was not begun yet."""
    if not version:
        return blank_document(model.name)
    return model.versions.filter(pk=version).values_list("document", flat=True).first()


def steps_of(model: ScoringModel, by: User) -> QuerySet[DraftStep]:
    """This person's edits of the draft, on the version it stands on; the oldest first."""
    return DraftStep.objects.filter(model=model, by=by, base=model.current_version_id).order_by("pk")


def last_step(model: ScoringModel, by: User) -> DraftStep | None:
    """What undo takes back."""
    return steps_of(model, by).filter(is_undone=False).last()


def next_step(model: ScoringModel, by: User) -> DraftStep | None:
    """What redo does again."""
    return steps_of(model, by).filter(is_undone=True).first()
