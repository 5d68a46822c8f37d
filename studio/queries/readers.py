"""Who works with a model, and who of them has read a version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.audience import administrators, first_present, themselves
from accounts.enums import Role
from accounts.models import User
from scoring.models import Version

# Whoever sees rules; helpers from outside see none.
AUDIENCE = (Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
APPROVERS = (Role.MANAGER, Role.ADMIN)


@dataclass(frozen=True, kw_only=True)
class VersionReader:
    """One person, and when they said that they understood the version; None while they have not."""

    user: User
    at: datetime | None


def audience() -> QuerySet[User]:
    """Everybody to whom a publication is announced."""
    return User.objects.filter(is_active=True, role__in=AUDIENCE)


def approvers(*, by: User) -> list[User]:
    """Who may agree to what `by` asks for: everybody with the right, but nobody to their own request."""
    return list(User.objects.filter(is_active=True, role__in=APPROVERS).exclude(pk=by.pk))


def answered(author: User | None) -> list[User]:
    """Who learns what became of a request: its author, else the marketers, else the administrators."""
    marketers = User.objects.filter(is_active=True, role=Role.MARKETER)
    return first_present(themselves(author), marketers, administrators())


def readers_of(version: Version) -> list[VersionReader]:
    """Who has not read it first, then the latest reading. Of an older version only those are missed who were here."""
    read = {reading.user_id: reading for reading in version.readings.select_related("user")}
    missing = audience().exclude(pk__in=read)
    if version.pk != version.model.current_version_id:
        missing = missing.filter(created_at__lte=version.published_at)
    done = sorted(read.values(), key=lambda reading: reading.at, reverse=True)
    return [
        *(VersionReader(user=user, at=None) for user in missing),
        *(VersionReader(user=reading.user, at=reading.at) for reading in done),
    ]
