"""The sections of the hand-off policy: drafts that people work on, versions that are in force."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from handoff.actions.outcome_changes import follow_outcomes
from handoff.actions.sla_moves import follow_version
from handoff.enums import PolicySection
from handoff.errors import PolicyConflictError, PolicyProblemsError, RefusedError
from handoff.models import Policy, PolicyVersion
from handoff.queries.policy import problems_of, working_document


@transaction.atomic
def save_policy_draft(*, policy: Policy, document: dict[str, Any], seen: str, by: User | None, now: datetime) -> Policy:
    """Replace the draft by `document`, which may still have problems.

    Raises PolicyConflictError where somebody has changed it since it was `seen` (Policy.token).
    """
    locked = _locked(policy)
    if locked.token != seen:
        raise PolicyConflictError
    in_force = locked.current.document if locked.current else None
    return _write(locked, None if document == in_force else document, by, now)


@transaction.atomic
def discard_policy_draft(*, policy: Policy, by: User, now: datetime) -> None:
    """Throw the draft away; the version in force stays."""
    _write(_locked(policy), None, by, now)


@transaction.atomic
def publish_policy(
    *, policy: Policy, by: User | None, note: str, now: datetime, seen: str = "", moves_open: bool = False
) -> PolicyVersion:
    """Put the draft in force as a new version. Running clocks and hand-offs keep what they began with; those of an SLA
    whose leads nobody has contacted follow the new version with `moves_open`.

    Raises PolicyProblemsError where something is wrong with it, PolicyConflictError where it is no longer what was
    `seen`.
    """
    locked = _locked(policy)
    if seen and locked.token != seen:
        raise PolicyConflictError
    if locked.draft is None:
        raise RefusedError(_("There’s no draft to publish. Change something first."))
    document = working_document(locked)
    if problems := problems_of(locked.section, document):
        raise PolicyProblemsError(problems)
    version = _put_in_force(locked, document, note, by, now)
    if moves_open and locked.section == PolicySection.SLA:
        follow_version(version=version, by=by, now=now)
    return version


@transaction.atomic
def roll_back_policy(*, policy: Policy, to: PolicyVersion, by: User, note: str, now: datetime) -> PolicyVersion:
    """Put an earlier version in force again, as a new version. The draft is kept."""
    locked = _locked(policy)
    if problems := problems_of(locked.section, to.document):
        raise PolicyProblemsError(problems)
    draft = locked.draft
    version = _put_in_force(locked, to.document, note, by, now)
    _write(locked, draft, locked.draft_by, now)
    return version


def _locked(policy: Policy) -> Policy:
    return Policy.objects.select_for_update(of=("self",)).select_related("current").get(pk=policy.pk)


def _put_in_force(policy: Policy, document: dict[str, Any], note: str, by: User | None, now: datetime) -> PolicyVersion:
    last = policy.versions.order_by("-number").values_list("number", flat=True).first() or 0
    policy.current = PolicyVersion.objects.create(
        policy=policy, number=last + 1, document=document, note=note, published_at=now, published_by=by
    )
    if policy.section == PolicySection.OUTCOMES:
        follow_outcomes(document, now)
    _write(policy, None, by, now)
    return policy.current


def _write(policy: Policy, draft: dict[str, Any] | None, by: User | None, now: datetime) -> Policy:
    policy.draft, policy.draft_revision = draft, policy.draft_revision + 1
    policy.draft_by, policy.draft_at = by, now
    policy.save()
    return policy
