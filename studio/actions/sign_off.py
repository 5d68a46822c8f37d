"""A version is read, and agreed to as the definition that both departments work by."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.policies import require
from scoring import policies
from scoring.enums import Side
from scoring.models import Version
from studio.errors import StudioError
from studio.models import FirstRunDismissal, SignOff, VersionReading

SIGNERS = {Side.MARKETING: policies.SIGN_FOR_MARKETING, Side.SALES: policies.SIGN_FOR_SALES}


class AlreadySignedError(StudioError):
    """The department has agreed already."""


class BothSidesError(StudioError, PermissionDenied):
    """One person does not agree with themselves: the departments are signed for by two people."""


def confirm_read(*, version: Version, by: User, now: datetime) -> None:
    """Note that `by` has read and understood it; the first time counts."""
    require(by, policies.READ)
    VersionReading.objects.get_or_create(version=version, user=by, defaults={"at": now})


def sign(*, version: Version, side: Side, by: User, comment: str, now: datetime) -> SignOff:
    """Agree to `version` for a department. Raises AlreadySignedError, BothSidesError, or PermissionDenied."""
    require(by, SIGNERS[side])
    if SignOff.objects.filter(version=version, by=by).exclude(side=side).exists():
        raise BothSidesError(SIGNERS[side])
    try:
        with transaction.atomic():
            signed = SignOff.objects.create(version=version, side=side, by=by, at=now, comment=comment)
            confirm_read(version=version, by=by, now=now)
            return signed
    except IntegrityError as error:
        raise AlreadySignedError from error


def dismiss_first_run(*, by: User) -> None:
    """Show this person the list of first steps no more."""
    FirstRunDismissal.objects.get_or_create(user=by)
