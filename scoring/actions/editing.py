"""Editing a draft by hand: who may change which part of it, and one step back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.policies import is_allowed, require
from scoring import engine, policies
from scoring.actions.versions import discard_draft, save_draft
from scoring.models import ScoringModel
from scoring.queries.documents import thresholds
from scoring.queries.studio import working_document

ADMINS_OWN = ("bands", "grades", "matrix", "hot")


class NothingToUndoError(Exception):
    """The draft has no earlier state."""


def edit_draft(
    *, model: ScoringModel, document: dict[str, Any], revision: int, by: User, now: datetime
) -> ScoringModel:
    """Keep `document` as the draft. Raises PermissionDenied when `by` may not change what it changes, and
    ConflictError when somebody else saved meanwhile."""
    require(by, policies.EDIT_RULES)
    if _differs(working_document(model), document) and not is_allowed(by, policies.EDIT_THRESHOLDS):
        raise PermissionDenied(policies.EDIT_THRESHOLDS)
    return save_draft(model=model, document=document, revision=revision, by=by, now=now)


def _differs(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether a part that belongs to administrators says something else, however it is written."""
    old, new = engine.parse(before).document, engine.parse(after).document
    if old and new:
        return thresholds(old) != thresholds(new)
    return any(before.get(key) != after.get(key) for key in ADMINS_OWN)


def undo_edit(*, model: ScoringModel, revision: int, by: User, now: datetime) -> ScoringModel:
    """The draft as it was before its last save, from the audit trail; a second undo takes the first one back.

    Raises NothingToUndoError, ConflictError, or PermissionDenied when the last save was an administrator's own.
    """
    require(by, policies.EDIT_RULES)
    events = apps.get_model("scoring", "ScoringModelEvent").objects.filter(pgh_obj_id=model.pk)
    before = events.filter(draft_revision=revision - 1).order_by("-pgh_id").first()
    if before is None or (model.draft is None and before.draft is None):
        raise NothingToUndoError
    if before.draft is not None:
        return edit_draft(model=model, document=before.draft, revision=revision, by=by, now=now)
    discard_draft(model=model, revision=revision, by=by, now=now)
    return ScoringModel.objects.get(pk=model.pk)
