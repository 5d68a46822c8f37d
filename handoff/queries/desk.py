"""What routes are decided from: the rules in force, what they say of each lead, and who is there to take it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Window
from django.db.models.functions import RowNumber

from accounts.models import Team, User
from handoff.enums import PolicySection
from handoff.models import HandoffStep, Policy, PolicyVersion, PoolTurn
from handoff.policy.routing import Routing, read_routing
from handoff.queries.availability import availability
from handoff.routing import WORKERS, Availability, Desk, Route, route
from leads.models import Lead
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.conditions import conditions_met

DECLINED = ("released",)  # steps by which a person gives a lead back
TAKEN_BACK = "taken_back"  # the step by which a lead is taken from who did not contact it; `person` is whom


@dataclass(frozen=True, kw_only=True)
class RoutePlan:
    """The routes of a batch of leads, one after the other: each finds the desk as the one before has left it."""

    routing: Routing
    version: int
    desk: Desk
    met: dict[int, tuple[bool, ...]]
    declined: dict[int, set[int]]

    def next(self, lead: Lead) -> Route | None:
        """Where this lead goes; None where no team is active."""
        verdicts = iter(self.met.get(lead.pk, ()))
        met = [rule.when is None or next(verdicts, False) for rule in self.routing.rules]
        found = route(lead, self.routing, met, self.desk, self.declined.get(lead.pk, set()))
        if found is not None:
            self.desk.give(lead, found)
        return found

    def fallback(self, lead: Lead) -> Team:
        """The team of a lead that nobody has to work on: its own, else the one of all others."""
        team = self.desk.teams.get(lead.team_id or 0) or self.desk.default_team()
        assert team is not None, "there is a team"
        return team


def version_in_force(section: str) -> PolicyVersion | None:
    """The published version of a section of the policy."""
    policy = Policy.objects.filter(section=section).select_related("current").first()
    return policy.current if policy else None


def route_plan(
    leads: Sequence[Lead],
    *,
    model: ScoringModel,
    now: datetime,
    routing: Routing | None = None,
    within_limits: bool = True,
) -> RoutePlan:
    """What the rules say of these leads under a model; by default the rules in force.

    Without `within_limits`, everybody is taken to be there with room for more: that shows whom it would be too much
    for.
    """
    version = 0
    if routing is None:
        current = version_in_force(PolicySection.ROUTING)
        routing = read_routing(current.document if current else {}, catalog())
        version = current.number if current else 0
    conditions = [rule.when for rule in routing.rules if rule.when is not None]
    met = conditions_met(conditions, leads=[lead.pk for lead in leads], model=model, t=now) if conditions else {}
    desk = desk_of(leads, routing, now)
    if not within_limits:
        desk = replace(desk, here=Availability(is_limited=False))
    return RoutePlan(routing=routing, version=version, met=met, desk=desk, declined=_declined(leads))


def desk_of(leads: Iterable[Lead], routing: Routing, now: datetime) -> Desk:
    """The teams and people as they are, who has which of the leads' companies, and the turns of the pools."""
    rows = list(leads)
    teams = {team.pk: team for team in Team.objects.filter(is_active=True)}
    company_owners = _company_owners({lead.company_id for lead in rows if lead.company_id})
    named = {key for pool in routing.pools for key, _weight in pool.members}
    named |= {rule.to.person for rule in routing.rules if rule.to.person}
    owners = [lead.owner for lead in rows if lead.owner is not None]
    colleagues = [owner for owned in company_owners.values() for owner in owned.values()]
    people = User.objects.in_bulk(named) | {person.pk: person for person in (*colleagues, *owners)}
    standings: dict[str, dict[int, int]] = {}
    for turn in PoolTurn.objects.filter(pool__in=[pool.name for pool in routing.pools]):
        standings.setdefault(turn.pool, {})[turn.person_id] = turn.credit
    here = availability(teams, people.values(), now)
    return Desk(teams=teams, people=people, here=here, company_owners=company_owners, standings=standings)


def _company_owners(companies: Collection[int]) -> dict[int, dict[int, User]]:
    """Who in sales has the newest two leads of each company that somebody has, by lead."""
    newest = Window(RowNumber(), partition_by="company", order_by="-pk")
    rows = Lead.objects.filter(company__in=companies, owner__role__in=WORKERS, merged_into=None)
    found: dict[int, dict[int, User]] = {}
    for lead in rows.annotate(place=newest).filter(place__lte=2).select_related("owner"):
        if lead.company_id and lead.owner:
            found.setdefault(lead.company_id, {})[lead.pk] = lead.owner
    return found


def _declined(leads: Iterable[Lead]) -> dict[int, set[int]]:
    """Who gave each of these leads back, or had it taken back, since its open hand-off began."""
    steps = HandoffStep.objects.filter(
        kind__in=(*DECLINED, TAKEN_BACK), handoff__lead__in=[lead.pk for lead in leads], handoff__closed_at=None
    )
    declined: dict[int, set[int]] = {}
    for lead, by, params in steps.values_list("handoff__lead", "by", "params"):
        if person := by or params.get("person"):
            declined.setdefault(lead, set()).add(person)
    return declined
