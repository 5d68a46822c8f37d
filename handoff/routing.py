"""Who gets a hot lead, and why. Decided from what is given; the reason is a code that is shown in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from accounts.enums import Role
from accounts.models import Team, User
from leads.models import Lead

WORKERS = (Role.REP, Role.MANAGER)
SKIPPED = ("joined_open", "disqualified", "forbidden")  # routes of episodes that nobody has to work on


class Route(NamedTuple):
    """A team, perhaps one person of it, and the code of the reason."""

    team: Team
    owner: User | None
    reason: str


def route(lead: Lead, teams: Sequence[Team]) -> Route | None:
    """The owner's team if the lead has an active owner in sales, else the lead's team, else the default one.

    `teams` are the active ones. None: there is no team at all, and the lead waits until there is one.
    """
    by_id = {team.pk: team for team in teams}
    owner = lead.owner
    if owner is not None and owner.is_active and owner.role in WORKERS and owner.team_id in by_id:
        return Route(by_id[owner.team_id], owner, "lead_owner")
    if lead.team_id in by_id:
        return Route(by_id[lead.team_id], None, "lead_team")
    default = next((team for team in teams if team.is_default), None)
    if default is not None:
        return Route(default, None, "default_team")
    return Route(teams[0], None, "only_team") if teams else None
