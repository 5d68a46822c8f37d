from __future__ import annotations

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import Team, User

MANAGED_ROLES = (Role.REP, Role.OUTSOURCED)


def has_active_team() -> bool:
    """Whether a hot lead can go to anybody: without an active team it waits."""
    return Team.objects.filter(is_active=True).exists()


def visible_people(user: User) -> QuerySet[User]:
    """Admins see everybody, managers their own team, everyone else only themselves."""
    people = User.objects.select_related("team")
    if user.role == Role.ADMIN:
        return people
    if user.role == Role.MANAGER and user.team_id:
        return people.filter(team_id=user.team_id)
    return people.filter(pk=user.pk)


def may_change_person(user: User, person: User) -> bool:
    """Admins change everybody; managers the reps and helpers of their own team, never each other."""
    if user.role == Role.ADMIN:
        return True
    return user.role == Role.MANAGER and person.team_id == user.team_id is not None and person.role in MANAGED_ROLES
