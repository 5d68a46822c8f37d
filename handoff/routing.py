"""Who gets a hot lead, and why. Decided from what is given; the reasons are codes that are shown in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from accounts.enums import Role
from accounts.models import Team, User
from leads.models import Lead

WORKERS = (Role.REP, Role.MANAGER)
SKIPPED = ("joined_open", "disqualified", "forbidden")  # routes of episodes that nobody has to work on
OVERFLOW = "overflow"


class Passed(NamedTuple):
    """Somebody who was passed over: inactive, absent (until when) or full (with how many open leads, of how many)."""

    person: User
    reason: str
    until: datetime | None = None
    open_leads: int = 0

    def params(self) -> dict[str, Any]:
        """As the history of the hand-off keeps it, whatever becomes of the person."""
        until = self.until.isoformat() if self.until else ""
        kept = {"name": str(self.person), "reason": self.reason, "until": until}
        return kept | ({"open": self.open_leads, "limit": self.person.capacity} if self.reason == "full" else {})


class Route(NamedTuple):
    """A team, perhaps one person of it, the code of the reason, and who was passed over."""

    team: Team
    owner: User | None
    reason: str
    passed: tuple[Passed, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Availability:
    """Who works, who of them is away until when, and how many open leads each has."""

    workers: Sequence[User] = ()
    absent_until: dict[int, datetime] = field(default_factory=dict)
    open_leads: dict[int, int] = field(default_factory=dict)

    def why_not(self, person: User) -> Passed | None:
        """Why this person cannot be given one more lead now; None if nothing is in the way."""
        if not person.is_active:
            return Passed(person, "inactive")
        if until := self.absent_until.get(person.pk):
            return Passed(person, "absent", until=until)
        open_leads = self.open_leads.get(person.pk, 0)
        return Passed(person, "full", open_leads=open_leads) if open_leads >= person.capacity else None

    def give(self, person: User) -> None:
        """Count one more lead, so that a batch fills nobody beyond the limit."""
        self.open_leads[person.pk] = self.open_leads.get(person.pk, 0) + 1

    def nobody_of(self, team: Team) -> tuple[Passed, ...]:
        """Why nobody of a team can take a lead, person by person; empty where somebody can, or nobody works there."""
        members = [person for person in self.workers if person.team_id == team.pk and person.is_active]
        passed = [self.why_not(person) for person in members]
        return tuple(each for each in passed if each) if all(passed) else ()


def route(lead: Lead, teams: Sequence[Team], availability: Availability) -> Route | None:
    """The lead's owner if there is one in sales who is here and has room, else the queue of a team.

    The team is the owner's, else the lead's, else the default one. Where nobody of it can take a lead, the route is
    OVERFLOW: the lead waits in that queue and somebody has to be told. `teams` are the active ones. None: there is no
    team at all, and the lead waits until there is one.
    """
    by_id = {team.pk: team for team in teams}
    owner, passed = lead.owner, []
    if owner is not None and owner.role in WORKERS:
        in_the_way = availability.why_not(owner)
        if in_the_way is None and owner.team_id in by_id:
            return Route(by_id[owner.team_id], owner, "lead_owner")
        passed = [in_the_way] if in_the_way else []
    found = _team(lead, by_id, passed)
    if found is None:
        return None
    team, reason = found
    if nobody := availability.nobody_of(team):
        others = [each for each in nobody if all(each.person != before.person for before in passed)]
        return Route(team, None, OVERFLOW, (*passed, *others))
    return Route(team, None, reason, tuple(passed))


def _team(lead: Lead, by_id: dict[int, Team], passed: Sequence[Passed]) -> tuple[Team, str] | None:
    """Whose queue the lead waits in, and why: that of an owner who is away or full, the lead's own, the default."""
    for each in passed:
        if each.reason != "inactive" and each.person.team_id in by_id:
            return by_id[each.person.team_id], f"owner_{each.reason}"
    if lead.team_id in by_id:
        return by_id[lead.team_id], "lead_team"
    default = next((team for team in by_id.values() if team.is_default), None)
    if default is not None:
        return default, "default_team"
    return (next(iter(by_id.values())), "only_team") if by_id else None
