"""A draft is published: predicted first, announced with the fact to everybody who works with the model."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from notices.actions import tell
from notices.enums import Channel
from scoring.actions.versions import publish_version, rollback_to
from scoring.models import ScoringModel, Version
from studio.actions.effects import keep_prediction, predict
from studio.errors import StudioError
from studio.models import Effect, VersionReading
from studio.queries.readers import audience


class ApprovalNeededError(StudioError):
    """Publishing this model needs the approval of sales."""

    def __init__(self) -> None:
        super().__init__(_("Publishing this model needs approval by sales. Request it."))


def publish_draft(*, model: ScoringModel, by: User | None, note: str, now: datetime, revision: int) -> Version:
    """Publish the draft `revision`, keep what it was predicted to do, and announce it.

    Raises ApprovalNeededError where sales has to agree first, and whatever `publish_version` raises.
    """
    if ScoringModel.objects.filter(pk=model.pk, needs_approval=True).exists():
        raise ApprovalNeededError
    predicted = predicted_of(model=model, revision=revision, now=now)
    return publish_predicted(model=model, predicted=predicted, by=by, note=note, now=now, revision=revision)


def predicted_of(*, model: ScoringModel, revision: int, now: datetime) -> Effect | None:
    """What the draft `revision` would do. It reads every lead: before anything is locked."""
    return predict(model=model, raw=model.draft, now=now) if revision == model.draft_revision else None


@transaction.atomic
def publish_predicted(
    *,
    model: ScoringModel,
    predicted: Effect | None,
    by: User | None,
    note: str,
    now: datetime,
    revision: int,
    is_agreed: bool = False,
) -> Version:
    """Publish a draft; `is_agreed` where somebody with the right has agreed to it, also to other thresholds."""
    version = publish_version(model=model, by=by, note=note, now=now, revision=revision, is_agreed=is_agreed)
    _announce(version, predicted, by, now)
    return version


def go_back(*, version: Version, by: User | None, note: str, now: datetime) -> Version:
    """Publish again what `version` said. It was in force before: nobody has to agree again."""
    predicted = predict(model=version.model, raw=version.document, now=now)
    with transaction.atomic():
        back = rollback_to(version=version, by=by, note=note, now=now)
        _announce(back, predicted, by, now)
    return back


def _announce(version: Version, predicted: Effect | None, by: User | None, now: datetime) -> None:
    """Keep what was predicted, and tell everybody who works with the model."""
    keep_prediction(effect=predicted, version=version)
    if by is not None:  # who wrote it has read it
        VersionReading.objects.create(version=version, user=by, at=now)
    people = audience().exclude(pk=by.pk) if by is not None else audience()
    tell(
        people=people,
        kind="scoring.published",
        key=f"scoring.published:{version.pk}",
        now=now,
        params={
            "model": version.model.name, "number": version.number, "by": str(by or "leadqual"),
            "note": version.note[:200],
        },
        url=version.get_absolute_url(),
        channels=[Channel.IN_APP],
    )  # fmt: skip
