"""Who is told about a hand-off. Somebody always is: where the first in question are gone, the next are asked."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.audience import administrators, first_present
from accounts.enums import Role
from accounts.models import User
from handoff.models import Handoff


def reps_of(team_id: int) -> QuerySet[User]:
    return User.objects.filter(team_id=team_id, role=Role.REP, is_active=True)


def managers_of(team_id: int) -> QuerySet[User]:
    return User.objects.filter(team_id=team_id, role=Role.MANAGER, is_active=True)


def marketers() -> list[User]:
    """Those who learn from what sales says, else the administrators."""
    return first_present(User.objects.filter(role=Role.MARKETER, is_active=True), administrators())


def managers_or_admins(team_id: int) -> list[User]:
    return first_present(managers_of(team_id), administrators())


def told_of_held_back(role: str, team_id: int) -> list[User]:
    """Those of a role who learn that a lead of the team is held back, else the administrators."""
    if role == Role.MARKETER:
        return marketers()
    chosen = {Role.MANAGER: managers_of(team_id), Role.REP: reps_of(team_id)}.get(Role(role), administrators())
    return first_present(chosen, administrators())


def owner_or_team(handoff: Handoff) -> list[User]:
    """Whoever has to act: the owner, else all of the team who could claim it, else who can give it to somebody."""
    owner = User.objects.filter(pk=handoff.owner_id or 0, is_active=True)
    return first_present(owner, reps_of(handoff.team_id), managers_of(handoff.team_id), administrators())


def owner_team_and_managers(handoff: Handoff) -> list[User]:
    """Those who have to act, and the managers who have to know."""
    people = {person.pk: person for person in [*owner_or_team(handoff), *managers_of(handoff.team_id)]}
    return list(people.values())
