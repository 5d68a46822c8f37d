from __future__ import annotations

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import User


def visible_people(user: User) -> QuerySet[User]:
    """Admins see everybody, managers their own team, everyone else only themselves."""
    people = User.objects.select_related("team")
    if user.role == Role.ADMIN:
        return people
    if user.role == Role.MANAGER and user.team_id:
        return people.filter(team_id=user.team_id)
    return people.filter(pk=user.pk)
