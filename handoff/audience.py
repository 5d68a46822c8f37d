"""Who is told about a hand-off."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.enums import Role
from accounts.models import User
from handoff.models import Handoff


def reps_of(team_id: int) -> QuerySet[User]:
    return User.objects.filter(team_id=team_id, role=Role.REP, is_active=True)


def managers_of(team_id: int) -> QuerySet[User]:
    return User.objects.filter(team_id=team_id, role=Role.MANAGER, is_active=True)


def owner_or_team(handoff: Handoff) -> QuerySet[User]:
    """Whoever has to act: the owner, else everybody of the team who could claim it."""
    if handoff.owner_id is not None:
        return User.objects.filter(pk=handoff.owner_id, is_active=True)
    return reps_of(handoff.team_id)


def owner_team_and_managers(handoff: Handoff) -> QuerySet[User]:
    """Those who have to act, and the managers who have to know."""
    managers = Q(team_id=handoff.team_id, role=Role.MANAGER, is_active=True)
    return User.objects.filter(Q(pk__in=owner_or_team(handoff).values("pk")) | managers)
