"""A draft as it is kept: opened as its editor saw it, saved beside what others changed, undone, redone, discarded.

The model's row is locked for the moment of a change, so that nobody's edit slips in between. An edit that began with an
older draft is merged with what was saved since, as long as both did not change the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import transaction
from django.db.models import F, QuerySet

from accounts.models import User
from accounts.policies import require
from scoring import policies
from scoring.actions.versions import DraftConflictError
from scoring.models import ScoringModel
from scoring.queries.documents import blank_document
from studio.draft.document import Document
from studio.draft.merge import MergeConflictError, merge
from studio.errors import StudioError
from studio.models import DraftStep

STEPS_KEPT = 50  # that a person can undo
OLDER = -1  # the revision of a draft that is not the present one


class NothingToUndoError(StudioError):
    """There is no step to undo, or none to redo."""


@dataclass(frozen=True, kw_only=True)
class OpenDraft:
    """The draft of a model as its editor saw it; what stands in force, or a blank document, where none was begun.

    `revision` is OLDER when the draft was saved since. Without `is_known`, nobody remembers what the editor saw:
    `document` is the present one, and an edit of it is a conflict.
    """

    model: ScoringModel
    document: Document
    revision: int
    is_known: bool = True


# --- open ------------------------------------------------------------------------------------------------------------


def draft_token(model: ScoringModel) -> str:
    """The state of the draft and the version under it, for a page to send back with an edit."""
    return f"{model.draft_revision}.{model.current_version_id or 0}"


def open_draft(model: ScoringModel, token: str | None = None) -> OpenDraft:
    """The draft as it is; with the `token` of a page (see `draft_token`), as it was when the page was drawn."""
    if token is None or token == draft_token(model):
        return OpenDraft(model=model, document=working_document(model), revision=model.draft_revision)
    document = _past_document(model, token)
    if document is None:
        return OpenDraft(model=model, document=working_document(model), revision=OLDER, is_known=False)
    return OpenDraft(model=model, document=document, revision=OLDER)


def working_document(model: ScoringModel) -> Document:
    """The draft, else the version in force, else a blank document."""
    return _draft_or_base(model, model.draft if isinstance(model.draft, dict) else None)


def _past_document(model: ScoringModel, token: str) -> Document | None:
    """The working document of an earlier state, out of the audit trail; None for a state that is not in it."""
    revision, _dot, version = token.partition(".")
    if not (revision.isdecimal() and version.isdecimal() and len(revision) < 10 and len(version) < 19):
        return None
    events = apps.get_model("scoring", "ScoringModelEvent").objects.filter(pgh_obj_id=model.pk)
    event = events.filter(draft_revision=int(revision)).order_by("-pgh_id").first()
    if event is None:
        return None
    if isinstance(event.draft, dict):
        return event.draft
    if not int(version):
        return blank_document(model.name)
    return model.versions.filter(pk=version).values_list("document", flat=True).first()


def _draft_or_base(model: ScoringModel, draft: Document | None) -> Document:
    """`draft`, or what an editor begins with where there is none."""
    if draft is not None:
        return draft
    return dict(model.current_version.document) if model.current_version else blank_document(model.name)


# --- begin and replace -----------------------------------------------------------------------------------------------


@transaction.atomic
def start_model(*, name: str, by: User | None, now: datetime, document: Document | None = None) -> ScoringModel:
    """A new model with a draft. The first model is the primary one, and hands its hot leads over to sales."""
    is_first = not ScoringModel.objects.filter(is_primary=True).exists()
    return ScoringModel.objects.create(
        name=name,
        is_primary=is_first,
        hands_over=is_first,
        draft=(document or blank_document(name)) | {"model": name},
        draft_revision=1,
        draft_by=by,
        draft_at=now,
        created_at=now,
    )


def save_draft(
    *, model: ScoringModel, document: Document, revision: int, by: User | None, now: datetime
) -> ScoringModel:
    """Replace the draft `revision` by `document`, which may still have problems. Records no step to undo.

    Raises DraftConflictError when the draft has another revision by now.
    """
    saved = ScoringModel.objects.filter(pk=model.pk, draft_revision=revision).update(
        draft=document | {"model": model.name},
        draft_revision=F("draft_revision") + 1,
        draft_by=by,
        draft_at=now,
    )
    fresh = ScoringModel.objects.select_related("draft_by", "current_version").get(pk=model.pk)
    if not saved:
        raise DraftConflictError(fresh)
    return fresh


# --- edit ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_edit(draft: OpenDraft, document: Document, *, by: User, now: datetime, sitting: str = "") -> ScoringModel:
    """Save `document`, an edit of `draft`, as the draft, with what others saved since; and record the step.

    Saves of one `sitting` in a row are one step, and a later one takes the place of an earlier one.

    Raises DraftConflictError when others changed the same thing, or `draft` is not known, and PermissionDenied when
    `by` may not change what the edit changes.
    """
    require(by, policies.EDIT_RULES)
    model = _locked(draft.model)
    if model.draft_revision != draft.revision:
        began = draft.document if draft.is_known else None
        step = last_step(model, by)
        if not (sitting and step and step.sitting == sitting and step.after == model.draft):
            document = _merged(model, began, document, working_document(model))
        elif draft.revision < step.revision:
            document = _merged(model, began, document, _draft_or_base(model, step.before))
    document = document | {"model": model.name}
    if model.draft == document:
        return model
    saved = save_draft(model=model, document=document, revision=model.draft_revision, by=by, now=now)
    _record_step(model, after=document, by=by, now=now, sitting=sitting)
    return saved


@transaction.atomic
def discard_draft(draft: OpenDraft, *, by: User, now: datetime) -> None:
    """Forget the draft; undo brings it back. Raises DraftConflictError when it was saved since `draft` was opened."""
    require(by, policies.EDIT_RULES)
    model = _locked(draft.model)
    if model.draft_revision != draft.revision:
        raise DraftConflictError(model)
    _clear(model, by, now)
    _record_step(model, after=None, by=by, now=now)


def _locked(model: ScoringModel) -> ScoringModel:
    # Not FOR UPDATE: scorers refer to the model by foreign key and must not wait for an editor.
    related = ScoringModel.objects.select_related("current_version", "draft_by")
    return related.select_for_update(of=("self",), no_key=True).get(pk=model.pk)


def _clear(model: ScoringModel, by: User, now: datetime) -> None:
    ScoringModel.objects.filter(pk=model.pk).update(
        draft=None, draft_revision=F("draft_revision") + 1, draft_by=by, draft_at=now
    )


def _merged(model: ScoringModel, base: Document | None, ours: Document, theirs: Document) -> Document:
    if base is None:
        raise DraftConflictError(model)
    try:
        return merge(base, ours, theirs)
    except MergeConflictError as error:
        raise DraftConflictError(model) from error


# --- undo and redo ---------------------------------------------------------------------------------------------------


@transaction.atomic
def undo_edit(*, model: ScoringModel, by: User, now: datetime) -> ScoringModel:
    """Take back this person's last step, and only that: what others changed since stays.

    Raises NothingToUndoError, DraftConflictError when others changed the same thing since, or PermissionDenied.
    """
    require(by, policies.EDIT_RULES)
    model = _locked(model)
    step = last_step(model, by)
    if step is None:
        raise NothingToUndoError
    DraftStep.objects.filter(pk=step.pk).update(is_undone=True)
    return _revert(model, step.after, step.before, by=by, now=now)


@transaction.atomic
def redo_edit(*, model: ScoringModel, by: User, now: datetime) -> ScoringModel:
    """Take the step again that this person took back first. Raises as `undo_edit`."""
    require(by, policies.EDIT_RULES)
    model = _locked(model)
    step = next_step(model, by)
    if step is None:
        raise NothingToUndoError
    DraftStep.objects.filter(pk=step.pk).update(is_undone=False)
    return _revert(model, step.before, step.after, by=by, now=now)


def last_step(model: ScoringModel, by: User) -> DraftStep | None:
    """The step that undo takes back."""
    return _steps(model, by).filter(is_undone=False).last()


def next_step(model: ScoringModel, by: User) -> DraftStep | None:
    """The step that redo takes again."""
    return _steps(model, by).filter(is_undone=True).first()


def _steps(model: ScoringModel, by: User) -> QuerySet[DraftStep]:
    """This person's steps on the version that the draft stands on, the oldest first."""
    return DraftStep.objects.filter(model=model, by=by, base=model.current_version_id).order_by("pk")


def _revert(
    model: ScoringModel, after: Document | None, before: Document | None, *, by: User, now: datetime
) -> ScoringModel:
    """The draft with one step, from `before` to `after`, taken out of it."""
    if model.draft != after:
        document = _merged(model, _draft_or_base(model, after), _draft_or_base(model, before), working_document(model))
    elif before is not None:
        document = before
    else:
        _clear(model, by, now)
        return _locked(model)
    return save_draft(model=model, document=document, revision=model.draft_revision, by=by, now=now)


def _record_step(model: ScoringModel, *, after: Document | None, by: User, now: datetime, sitting: str = "") -> None:
    """Record the step from `model.draft` to `after`; steps that were taken back before it are lost."""
    steps = _steps(model, by)
    steps.filter(is_undone=True).delete()
    last = steps.last()
    if sitting and last and last.sitting == sitting and last.after == model.draft:
        DraftStep.objects.filter(pk=last.pk).update(after=after, at=now)
        return
    DraftStep.objects.create(
        model=model, base=model.current_version, by=by, at=now, revision=model.draft_revision, sitting=sitting,
        before=model.draft, after=after,
    )  # fmt: skip
    kept = list(steps.order_by("-pk").values_list("pk", flat=True)[:STEPS_KEPT])
    DraftStep.objects.filter(model=model, by=by).exclude(pk__in=kept).delete()
