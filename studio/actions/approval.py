"""A draft that somebody else has to agree to: asked for, approved (which publishes it), or sent back with a reason."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import require
from notices.actions import tell
from scoring import policies
from scoring.actions.versions import DraftConflictError, NothingToPublishError, UnpublishableError
from scoring.enums import ProposalState
from scoring.models import ScoringModel, Version
from scoring.queries.documents import check_document
from studio.actions.publication import predicted_of, publish_predicted
from studio.errors import StudioError
from studio.models import Proposal
from studio.queries.readers import answered, approvers


class DecidedError(StudioError):
    """Somebody else has decided, or another request has taken its place."""


class NobodyToApproveError(StudioError):
    """Whoever may agree to a draft has left or lost the role: the request would wait for ever."""

    def __init__(self) -> None:
        super().__init__(_("No one else can approve this. Make someone a sales manager or administrator first."))


class OwnProposalError(StudioError, PermissionDenied):
    """Nobody approves what they asked for themselves."""


@transaction.atomic
def set_approval(*, model: ScoringModel, needed: bool, by: User) -> None:
    """Whether publishing needs the approval of sales."""
    require(by, policies.EDIT_THRESHOLDS)
    ScoringModel.objects.filter(pk=model.pk).update(needs_approval=needed)


@transaction.atomic
def ask_approval(*, model: ScoringModel, by: User, note: str, now: datetime, revision: int) -> Proposal:
    """Ask sales and the administrators to agree to the draft `revision`; an earlier request that waits is replaced.

    Refuses what could not be published, DraftConflictError, NothingToPublishError, UnpublishableError; and what nobody
    could ever agree to, NobodyToApproveError.
    """
    require(by, policies.PUBLISH)
    people = approvers(by=by)
    if not people:
        raise NobodyToApproveError
    locked = _locked(model.pk)
    if locked.draft_revision != revision:
        raise DraftConflictError(locked)
    if locked.draft is None:
        raise NothingToPublishError(_("There’s no draft to publish. Change the rules first."))
    document, problems = check_document(locked.draft)
    if document is None:
        raise UnpublishableError(problems)
    waiting = Proposal.objects.filter(model=locked, state=ProposalState.WAITING)
    waiting.update(state=ProposalState.REPLACED, decided_at=now)
    proposal = Proposal.objects.create(model=locked, revision=revision, note=note, by=by, at=now)
    tell(
        people=people,
        kind="scoring.approval_wanted",
        key=f"scoring.approval_wanted:{proposal.pk}",
        now=now,
        params={"by": str(by), "model": locked.name, "note": note[:200]},
        url=proposal.get_absolute_url(),
    )
    return proposal


def approve(*, proposal: Proposal, by: User, now: datetime) -> Version:
    """Agree, and publish in the name of whoever asked.

    Raises DraftConflictError when the draft is not what was asked for, DecidedError when it was decided meanwhile, and
    OwnProposalError.
    """
    _refuse_others(proposal, by)
    model = ScoringModel.objects.select_related("current_version").get(pk=proposal.model_id)
    predicted = predicted_of(model=model, revision=proposal.revision, now=now)
    with transaction.atomic():
        _locked(model.pk)
        _decide(proposal, ProposalState.APPROVED, by, now)
        version = publish_predicted(
            model=model,
            predicted=predicted,
            by=proposal.by,
            note=proposal.note,
            now=now,
            revision=proposal.revision,
            is_agreed=True,
        )
        Proposal.objects.filter(pk=proposal.pk).update(version=version)
    return version


@transaction.atomic
def send_back(*, proposal: Proposal, by: User, reason: str, now: datetime) -> None:
    """Do not agree, and say why. The draft stays as it is."""
    _refuse_others(proposal, by)
    _decide(proposal, ProposalState.SENT_BACK, by, now, reason)
    tell(
        people=answered(proposal.by),
        kind="scoring.sent_back",
        key=f"scoring.sent_back:{proposal.pk}",
        now=now,
        params={"by": str(by), "model": proposal.model.name, "reason": reason[:200]},
        url=proposal.get_absolute_url(),
    )


def _locked(pk: int) -> ScoringModel:
    """The model before its requests, always in this order."""
    return ScoringModel.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)


def _refuse_others(proposal: Proposal, by: User) -> None:
    require(by, policies.APPROVE)
    if proposal.by_id == by.pk:
        raise OwnProposalError(policies.APPROVE)


def _decide(proposal: Proposal, state: str, by: User, now: datetime, reason: str = "") -> None:
    waiting = Proposal.objects.filter(pk=proposal.pk, state=ProposalState.WAITING)
    if not waiting.update(state=state, decided_by=by, decided_at=now, reason=reason):
        raise DecidedError
