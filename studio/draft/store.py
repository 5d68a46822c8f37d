"""Editing a draft by hand: who may change which part of it, two people at once, and steps back and forth.

The model's row is locked for the moment of a save, so that nobody's edit slips in between. An edit that began with an
older draft is put together with what happened since, as long as both did not change the same thing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

import engine
from accounts.models import User
from accounts.policies import is_allowed, require
from scoring import policies
from scoring.actions.versions import ConflictError, discard_draft, save_draft
from scoring.models import ScoringModel
from scoring.queries.documents import blank_document, thresholds
from studio.draft.document import Document
from studio.draft.merge import MergeConflictError, reconciled
from studio.models import DraftStep
from studio.queries.drafts import last_step, next_step, steps_of
from studio.queries.rule_panels import working_document

ADMINS_OWN = ("bands", "grades", "matrix", "hot", "stages")
KEPT = 50  # steps that a person can go back


class NothingToUndoError(Exception):
    """There is no step to take back, or none to take again."""


@transaction.atomic
def edit_draft(
    *,
    model: ScoringModel,
    document: Document,
    revision: int,
    by: User,
    now: datetime,
    began: Document | None = None,
    sitting: str = "",
) -> ScoringModel:
    """Keep `document` as the draft, and the step for undo; saves of one `sitting` in a row are one step.

    `revision` is the draft that the editor saw and `began` what it said: with it, changes that others saved since are
    kept. Raises ConflictError when they changed the same thing (or `began` is unknown), and PermissionDenied when `by`
    may not change what it changes.
    """
    require(by, policies.EDIT_RULES)
    locked = _locked(model)
    if locked.draft_revision != revision:
        own = _own_step(locked, by, sitting)
        if own is None:
            document = _together(locked, began, document)
        elif revision < own.revision:
            document = _together(locked, began, document, theirs=_or_base(locked, own.before))
    return _kept(locked, document, by=by, now=now, sitting=sitting)


@transaction.atomic
def drop_draft(*, model: ScoringModel, revision: int, by: User, now: datetime) -> None:
    """Forget the draft, so that undo brings it back. Raises ConflictError when somebody saved it meanwhile."""
    require(by, policies.EDIT_RULES)
    locked = _locked(model)
    discard_draft(model=locked, revision=revision, by=by, now=now)
    _remember(locked, after=None, by=by, now=now)


@transaction.atomic
def undo_edit(*, model: ScoringModel, by: User, now: datetime) -> ScoringModel:
    """Take back this person's last step, and only that: what others changed since stays.

    Raises NothingToUndoError, ConflictError when others changed the same thing since, or PermissionDenied.
    """
    require(by, policies.EDIT_RULES)
    locked = _locked(model)
    step = last_step(locked, by)
    if step is None:
        raise NothingToUndoError
    turned = _turned(locked, step.after, step.before, by=by, now=now)
    DraftStep.objects.filter(pk=step.pk).update(is_undone=True)
    return turned


@transaction.atomic
def redo_edit(*, model: ScoringModel, by: User, now: datetime) -> ScoringModel:
    """Take the step again that this person took back first. Raises as `undo_edit`."""
    require(by, policies.EDIT_RULES)
    locked = _locked(model)
    step = next_step(locked, by)
    if step is None:
        raise NothingToUndoError
    turned = _turned(locked, step.before, step.after, by=by, now=now)
    DraftStep.objects.filter(pk=step.pk).update(is_undone=False)
    return turned


def _locked(model: ScoringModel) -> ScoringModel:
    # Not FOR UPDATE: scorers refer to the model by foreign key and must not wait for an editor.
    related = ScoringModel.objects.select_related("current_version", "draft_by")
    return related.select_for_update(of=("self",), no_key=True).get(pk=model.pk)


def _own_step(model: ScoringModel, by: User, sitting: str) -> DraftStep | None:
    """What this very sitting saved last, when the draft still says so: a later save of it takes its place."""
    step = last_step(model, by) if sitting else None
    return step if step and step.sitting == sitting and step.after == model.draft else None


def _together(
    model: ScoringModel, began: Document | None, document: Document, *, theirs: Document | None = None
) -> Document:
    """`document` with what was saved since it began. Raises ConflictError."""
    if began is None:
        raise ConflictError(model)
    try:
        return reconciled(began, document, theirs or working_document(model))
    except MergeConflictError as clash:
        raise ConflictError(model) from clash


def _kept(model: ScoringModel, document: Document, *, by: User, now: datetime, sitting: str) -> ScoringModel:
    document = document | {"model": model.name}
    if model.draft == document:
        return model
    _refuse_thresholds(model, document, by)
    saved = save_draft(model=model, document=document, revision=model.draft_revision, by=by, now=now)
    _remember(model, after=document, by=by, now=now, sitting=sitting)
    return saved


def _turned(
    model: ScoringModel, since: Document | None, to: Document | None, *, by: User, now: datetime
) -> ScoringModel:
    """The draft with one step turned round: `since` becomes `to` again."""
    if to is None and model.draft == since:
        discard_draft(model=model, revision=model.draft_revision, by=by, now=now)
        return _locked(model)
    untouched = to is not None and model.draft == since
    document = to if untouched and to else _together(model, _or_base(model, since), _or_base(model, to))
    _refuse_thresholds(model, document, by)
    return save_draft(model=model, document=document, revision=model.draft_revision, by=by, now=now)


def _or_base(model: ScoringModel, document: Document | None) -> Document:
    """The document, or where there was no draft what stood in its place."""
    if document is not None:
        return document
    return dict(model.current_version.document) if model.current_version else blank_document(model.name)


def _remember(model: ScoringModel, *, after: Document | None, by: User, now: datetime, sitting: str = "") -> None:
    """The step from `model.draft` to `after`; a step that was taken back cannot be taken again after another one."""
    mine = steps_of(model, by)
    mine.filter(is_undone=True).delete()
    last = mine.last()
    if sitting and last and last.sitting == sitting and last.after == model.draft:
        DraftStep.objects.filter(pk=last.pk).update(after=after, at=now)
        return
    DraftStep.objects.create(
        model=model, base=model.current_version, by=by, at=now, revision=model.draft_revision, sitting=sitting,
        before=model.draft, after=after,
    )  # fmt: skip
    kept = mine.order_by("-pk").values("pk")[:KEPT]
    DraftStep.objects.filter(model=model, by=by).exclude(pk__in=[each["pk"] for each in kept]).delete()


def _refuse_thresholds(model: ScoringModel, document: Document, by: User) -> None:
    if _differs(working_document(model), document) and not is_allowed(by, policies.EDIT_THRESHOLDS):
        raise PermissionDenied(policies.EDIT_THRESHOLDS)


def _differs(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether a part that belongs to administrators says something else, however it is written."""
    old, new = engine.parse(before).document, engine.parse(after).document
    if old and new:
        return thresholds(old) != thresholds(new)
    return any(before.get(key) != after.get(key) for key in ADMINS_OWN)
