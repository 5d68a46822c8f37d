"""Versions: published, brought back, and the model that lists go by. A published version never changes."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

import engine
from accounts.models import User
from accounts.policies import is_allowed
from engine import Document, Problem
from scoring import policies
from scoring.actions.rescoring import start_rescore
from scoring.errors import ScoringError
from scoring.models import ScoringModel, Version
from scoring.queries.documents import DEFAULT_NAME, blank_document, check_document, document_of, thresholds
from scoring.signals import episodes_changed
from scoring.starters import LANGUAGES, starters


class DraftConflictError(ScoringError):
    """Somebody else saved the draft meanwhile; `model` is how it is now."""

    def __init__(self, model: ScoringModel) -> None:
        super().__init__(
            _("%(name)s saved this draft in the meantime. Reload to see it.") % {"name": model.draft_by or "?"}
        )
        self.model = model


class UnpublishableError(ScoringError):
    """The document cannot be published; `problems` are all the reasons."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{problem.path}: {problem.text()}" for problem in problems))
        self.problems = problems


class NothingToPublishError(ScoringError):
    """The model has no draft, or the draft says what the current version says already."""


class ThresholdsRefusedError(ScoringError, PermissionDenied):
    """Bands, grades and hot definitions decide what sales gets: only an administrator publishes a change of them."""


@transaction.atomic
def set_primary(*, model: ScoringModel) -> None:
    """Make `model` the one that lists and queues go by."""
    locked = ScoringModel.objects.select_for_update().order_by("pk").values_list("pk", flat=True)
    others = [pk for pk in locked if pk != model.pk]
    ScoringModel.objects.filter(pk__in=others, is_primary=True).update(is_primary=False)
    ScoringModel.objects.filter(pk=model.pk).update(is_primary=True)
    model.is_primary = True


@transaction.atomic
def set_hands_over(*, model: ScoringModel, on: bool, now: datetime) -> None:
    """Have sales asked to answer the leads that are hot by a model now or from now on, or not."""
    since = now if on else model.hands_over_from
    ScoringModel.objects.filter(pk=model.pk).update(hands_over=on, hands_over_from=since)
    model.hands_over, model.hands_over_from = on, since
    transaction.on_commit(lambda: episodes_changed.send(sender=None))


@transaction.atomic
def publish_version(
    *,
    model: ScoringModel,
    by: User | None,
    note: str,
    now: datetime,
    revision: int | None = None,
    is_agreed: bool = False,
) -> Version:
    """Make the draft the current version and have everybody re-scored.

    `revision` is the draft that the publisher saw; `is_agreed` says that somebody who may has agreed to the thresholds
    that it changes. Raises DraftConflictError, UnpublishableError with every problem,
    ThresholdsRefusedError, or NothingToPublishError.
    """
    locked = _locked(model)
    if revision is not None and locked.draft_revision != revision:
        raise DraftConflictError(locked)
    if locked.draft is None:
        raise NothingToPublishError(_("There’s no draft to publish. Change the rules first."))
    version = _publish(locked, locked.draft, by=by, note=note, now=now, is_agreed=is_agreed)
    ScoringModel.objects.filter(pk=locked.pk).update(
        draft=None, draft_revision=F("draft_revision") + 1, draft_by=by, draft_at=now
    )
    return version


@transaction.atomic
def rollback_to(*, version: Version, by: User | None, now: datetime, note: str = "") -> Version:
    """Publish again what `version` said, under a new number: history keeps every step. A draft stays as it is."""
    locked = _locked(version.model)
    words = note or _("Rolled back to version %(number)s.") % {"number": version.number}
    return _publish(locked, version.document, by=by, note=words, now=now)


def _locked(model: ScoringModel) -> ScoringModel:
    # Not FOR UPDATE: scorers refer to the model by foreign key and must not wait for a publisher who waits for them.
    return (
        ScoringModel.objects.select_for_update(of=("self",), no_key=True)
        .select_related("current_version")
        .get(pk=model.pk)
    )


def _publish(
    model: ScoringModel, raw: Any, *, by: User | None, note: str, now: datetime, is_agreed: bool = False
) -> Version:
    document, problems = check_document(raw)
    if document is None:
        raise UnpublishableError(problems)
    if not is_agreed:
        refuse_thresholds(model, document, by)
    if model.current_version and document_of(model.current_version) == document:
        raise NothingToPublishError(
            _("The draft is the same as the published version. Change the rules before publishing.")
        )
    newest = Version.objects.filter(model=model).aggregate(newest=Max("number"))["newest"] or 0
    version = Version.objects.create(
        model=model,
        number=newest + 1,
        document=engine.dump(document),
        note=note,
        published_by=by,
        published_at=now,
        job=start_rescore(by=by, now=now, subject=subject_of(model)),
    )
    # The switch comes first: batches that score from now on use the new version, the job brings the others after.
    ScoringModel.objects.filter(pk=model.pk).update(current_version=version)
    model.current_version = version
    return version


def subject_of(model: ScoringModel) -> str:
    """The model as the subject of its jobs."""
    return f"scoring.model:{model.pk}"


def refuse_thresholds(model: ScoringModel, document: Document, by: User | None) -> None:
    """Raise ThresholdsRefusedError where `by` would change what only administrators may change."""
    if needs_admin(model, document, by):
        raise ThresholdsRefusedError(
            _(
                "Interest levels, grades, hot definitions and stages need the approval of an administrator or of "
                "sales. Request it where you publish."
            )
        )


def needs_admin(model: ScoringModel, document: Document, by: User | None) -> bool:
    """Whether `document` has other thresholds than those in force, and `by` may not say so.

    A model's first version may have those of any model that ships to begin with: who starts from one changes nothing.
    """
    if by is None or is_allowed(by, policies.EDIT_THRESHOLDS):
        return False
    if model.current_version:
        return thresholds(document_of(model.current_version)) != thresholds(document)
    return thresholds(document) not in _shipped()


@cache
def _shipped() -> list[tuple[Any, ...]]:
    raws = [blank_document(DEFAULT_NAME), *(starter.document for code in LANGUAGES for starter in starters(code))]
    return [thresholds(document) for raw in raws if (document := engine.parse(raw).document)]
