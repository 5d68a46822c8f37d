"""Who is told of something. Where the first in question are gone, the next are: a list of receivers is never empty."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import User


def first_present(*groups: Iterable[User]) -> list[User]:
    """The first of the groups in which there is anybody."""
    for group in groups:
        if people := list(group):
            return people
    return []


def administrators() -> QuerySet[User]:
    """There is always one."""
    return User.objects.filter(role=Role.ADMIN, is_active=True)


def themselves(person: User | None) -> QuerySet[User]:
    """The person, or nobody where they have left."""
    return User.objects.filter(pk=person.pk if person else 0, is_active=True)
