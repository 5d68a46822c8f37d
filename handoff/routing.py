"""Who gets a hot lead, and why. Decided from what is given; the reasons are codes that are shown in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from accounts.enums import Role
from accounts.models import Team, User
from handoff.policy.routing import LEAD_LANGUAGE, Aim, Away, Pool, Returns, Routing, RoutingRule, Turns
from handoff.turns import next_turn, next_turn_catching_up
from leads.models import Lead

WORKERS = (Role.REP, Role.MANAGER)
NURTURED, RESTED = "matrix_nurture", "matrix_rest"  # what the policy says of the lead's cell in the decision matrix
PUT_ASIDE = (NURTURED, RESTED)
SKIPPED = ("joined_open", "disqualified", "forbidden", *PUT_ASIDE)  # of episodes that nobody has to work on
OVERFLOW = "overflow"
ELSE = "default_team"
INVALID = "invalid"


class Passed(NamedTuple):
    """Somebody who was passed over, as a code: inactive, external (staff to whom leads are given by hand only),
    not_sales (another role), absent (until when), full (with how many open leads, of how many), full_today (with how
    many new ones), declined, language, skill, turn (another's turn came first)."""

    person: User
    reason: str
    until: datetime | None = None
    counted: int = 0
    limit: int | None = None

    def params(self) -> dict[str, Any]:
        """As the history of the hand-off keeps it, whatever becomes of the person."""
        until = self.until.isoformat() if self.until else ""
        kept = {"name": str(self.person), "reason": self.reason, "until": until}
        return kept if self.limit is None else kept | {"open": self.counted, "limit": self.limit}


class Tried(NamedTuple):
    """A rule that was looked at, as a code: taken, unmet (its condition), nobody (the lead has no such person), away
    (that person is), invalid (whom it names is gone)."""

    name: str
    verdict: str


@dataclass(frozen=True, kw_only=True)
class Route:
    """A team, perhaps one person of it, and why: the code of the reason, the rules that were looked at, who was passed
    over, and where a pool gave it, the credits of its members before and after in billionths of a lead."""

    team: Team
    owner: User | None
    reason: str
    passed: tuple[Passed, ...] = ()
    tried: tuple[Tried, ...] = ()
    pool: str = ""
    turns: tuple[tuple[User, int, int], ...] = ()
    rule: int | None = None
    """The place of the rule that decided; None for no rule."""

    def params(self) -> dict[str, Any]:
        """As the history of the hand-off keeps it."""
        turns = [
            {"name": str(person), "person": person.pk, "before": before, "after": after}
            for person, before, after in self.turns
        ]
        kept: dict[str, Any] = {
            "to": str(self.owner or ""),
            "passed": [each.params() for each in self.passed],
            "rules": [each._asdict() for each in self.tried],
            "pool": self.pool,
            "turns": turns,
        }
        rule = {} if self.rule is None else {"rule": self.rule}
        return {"route": self.reason} | rule | {name: value for name, value in kept.items() if value}


@dataclass(frozen=True, kw_only=True)
class Availability:
    """Who works, who of them is away until when, and how many open leads, and new ones of the day, each has.

    Without `is_limited`, nobody is full.
    """

    workers: Sequence[User] = ()
    absent_until: dict[int, datetime] = field(default_factory=dict)
    open_leads: dict[int, int] = field(default_factory=dict)
    new_today: dict[int, int] = field(default_factory=dict)
    is_limited: bool = True

    def why_not(self, person: User) -> Passed | None:
        """Why this person cannot be given one more lead now; None if nothing is in the way."""
        if not person.is_active:
            return Passed(person, "inactive")
        if until := self.absent_until.get(person.pk):
            return Passed(person, "absent", until=until)
        if person.role not in WORKERS:
            return Passed(person, "external" if person.role == Role.OUTSOURCED else "not_sales")
        if not self.is_limited:
            return None
        open_leads, today = self.open_leads.get(person.pk, 0), self.new_today.get(person.pk, 0)
        if open_leads >= person.capacity:
            return Passed(person, "full", counted=open_leads, limit=person.capacity)
        if person.daily_capacity and today >= person.daily_capacity:
            return Passed(person, "full_today", counted=today, limit=person.daily_capacity)
        return None

    def room(self, person: User) -> int:
        """How many more leads this person can be given today, if they close none."""
        room = person.capacity - self.open_leads.get(person.pk, 0)
        return min(room, person.daily_capacity - self.new_today.get(person.pk, 0)) if person.daily_capacity else room

    def give(self, person: User) -> None:
        """Count one more lead, so that a batch fills nobody beyond the limit."""
        self.open_leads[person.pk] = self.open_leads.get(person.pk, 0) + 1
        self.new_today[person.pk] = self.new_today.get(person.pk, 0) + 1

    def nobody_of(self, team: Team) -> tuple[Passed, ...]:
        """Why nobody of a team can take a lead, person by person; empty where somebody can, or nobody works there."""
        members = [person for person in self.workers if person.team_id == team.pk and person.is_active]
        passed = [self.why_not(person) for person in members]
        return tuple(each for each in passed if each) if all(passed) else ()


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What a route is decided from beside the lead: the teams that are active, people and their availability, who has
    which company's newest leads, by lead, and the credits of each pool by member."""

    teams: dict[int, Team]
    people: dict[int, User] = field(default_factory=dict)
    here: Availability = field(default_factory=Availability)
    company_owners: dict[int, dict[int, User]] = field(default_factory=dict)
    standings: dict[str, dict[int, int]] = field(default_factory=dict)

    def default_team(self) -> Team | None:
        default = next((team for team in self.teams.values() if team.is_default), None)
        return default or next(iter(self.teams.values()), None)

    def give(self, lead: Lead, found: Route) -> None:
        """Remember a route, so that the next lead of a batch finds the desk as if this one had come before it."""
        if found.owner is not None:
            self.here.give(found.owner)
            if lead.company_id:
                self.company_owners.setdefault(lead.company_id, {})[lead.pk] = found.owner

    def colleague_of(self, lead: Lead) -> User | None:
        """Who has another lead of the company; of several the newest lead's owner."""
        others = {
            key: owner for key, owner in self.company_owners.get(lead.company_id or 0, {}).items() if key != lead.pk
        }
        return others[max(others)] if others else None


def route(
    lead: Lead, routing: Routing, met: Sequence[bool], desk: Desk, declined: Collection[int] = frozenset()
) -> Route | None:
    """What the rules say of a lead: the first one that matches and finds somebody, else the team of all others.

    `met` says of each rule whether its condition holds, `declined` who gave this lead back. Where nobody in particular
    gets the lead, it waits in a team's queue; where nobody of that team or pool can take it, or a rule that it reaches
    can no longer be read, the reason is OVERFLOW and somebody has to be told. None: no team is active, and the lead
    waits until one is.
    """
    tried: list[Tried] = []
    passed: list[Passed] = []
    team = desk.teams.get(routing.otherwise or 0) or desk.default_team()
    if team is None:
        return None
    for place, (rule, holds) in enumerate(zip(routing.rules, met, strict=True)):
        verdict, found = _asked(rule, lead, routing, desk, declined) if holds else ("unmet", None)
        tried.append(Tried(rule.label, verdict))
        if verdict == INVALID:
            found = Route(team=team, owner=None, reason=OVERFLOW)
        passed += _new(passed, found.passed if isinstance(found, Route) else found or ())
        if isinstance(found, Route):
            return replace(found, tried=tuple(tried), passed=tuple(passed), rule=place)
    found = _queue_of(team, ELSE if team.is_default or routing.otherwise else "only_team", desk)
    return replace(found, tried=tuple(tried), passed=(*passed, *_new(passed, found.passed)))


Found = tuple[str, Route | Sequence[Passed] | None]  # a verdict, and the route or whom it passed over


def _asked(rule: RoutingRule, lead: Lead, routing: Routing, desk: Desk, declined: Collection[int]) -> Found:
    """What becomes of a lead that meets the rule."""
    target = rule.to
    if rule.is_broken:
        return INVALID, None
    if target.aim == Aim.OWNER:
        return _follow(lead.owner, "owner", target.away, desk, declined)
    if target.aim == Aim.COLLEAGUE:
        return _follow(desk.colleague_of(lead), "colleague", target.away, desk, declined)
    if target.aim == Aim.PERSON:
        return _given_to(desk.people.get(target.person or 0), desk, declined)
    if target.aim == Aim.POOL:
        pool = routing.pool(target.pool)
        return _of_pool(pool, lead, desk, declined) if pool else (INVALID, None)
    team = desk.teams.get((lead.team_id if target.aim == Aim.LEAD_TEAM else target.team) or 0)
    if team is None:
        return (_nobody(lead.team, "no_team") if target.aim == Aim.LEAD_TEAM else INVALID), None
    return "taken", _queue_of(team, "lead_team" if target.aim == Aim.LEAD_TEAM else "team", desk)


def _follow(person: User | None, whose: str, away: Away, desk: Desk, declined: Collection[int]) -> Found:
    """To somebody who has the lead or its company; where they cannot take it, their team or the next rules."""
    if person is None or person.role not in WORKERS or person.team_id not in desk.teams:
        return _nobody(person, f"no_{whose}"), None
    in_the_way = _why_not(person, desk, declined)
    team = desk.teams[person.team_id]
    if in_the_way is None:
        return "taken", Route(team=team, owner=person, reason="lead_owner" if whose == "owner" else whose)
    if away == Away.NEXT or in_the_way.reason not in ("absent", "full", "full_today"):
        return "away", [in_the_way]
    reason = f"{whose}_full" if in_the_way.reason == "full_today" else f"{whose}_{in_the_way.reason}"
    found = _queue_of(team, reason, desk)
    return "taken", replace(found, passed=(in_the_way, *_new([in_the_way], found.passed)))


def _nobody(followed: User | Team | None, code: str) -> str:
    """Why a rule that follows the lead finds nobody: there is nothing to follow, or it can be given no leads."""
    return code if followed is None else "nobody"


def _given_to(person: User | None, desk: Desk, declined: Collection[int]) -> Found:
    """To one person; nobody else is meant, so the lead waits for somebody to decide where they cannot take it."""
    if person is None or person.team_id not in desk.teams:
        return INVALID, None
    team, in_the_way = desk.teams[person.team_id], _why_not(person, desk, declined)
    if in_the_way is None:
        return "taken", Route(team=team, owner=person, reason="person")
    return "taken", Route(team=team, owner=None, reason=OVERFLOW, passed=(in_the_way,))


def _of_pool(pool: Pool, lead: Lead, desk: Desk, declined: Collection[int]) -> Found:
    """To the member whose turn it is, or who has the most room."""
    team = desk.teams.get(pool.team)
    if team is None:
        return INVALID, None
    weights: dict[int, int] = {}
    absent: dict[int, int] = {}
    passed: list[Passed] = []
    for key, weight in pool.members:
        person = desk.people.get(key)
        in_the_way = person and (_why_not(person, desk, declined) or unfit(person, pool, lead.language))
        if person is not None and in_the_way:
            passed.append(in_the_way)
            if in_the_way.reason == "absent" and not unfit(person, pool, lead.language):
                absent[key] = weight
        elif person is not None:
            weights[key] = weight
    if not weights:
        return "taken", Route(team=team, owner=None, reason=OVERFLOW, passed=tuple(passed), pool=pool.name)
    chosen, turns = _chosen(pool, weights, absent, desk)
    passed += [Passed(desk.people[key], "turn") for key in weights if key != chosen]
    owner = desk.people[chosen]
    return "taken", Route(
        team=team, owner=owner, reason="pool", passed=tuple(passed), pool=pool.name, turns=tuple(turns)
    )


def _chosen(
    pool: Pool, weights: dict[int, int], absent: dict[int, int], desk: Desk
) -> tuple[int, list[tuple[User, int, int]]]:
    """Who of those who can take the lead gets it, and the credits before and after. `absent` are the weights of those
    who could take it if they were not away."""
    if pool.turns == Turns.LOAD:
        load = {key: desk.here.open_leads.get(key, 0) / max(desk.people[key].capacity, 1) for key in weights}
        return min(weights, key=lambda key: load[key]), []
    standing = desk.standings.setdefault(pool.name, {})
    before = {key: standing.get(key, 0) for key, _weight in pool.members if key in desk.people}
    chosen = turn_of(pool, weights, absent, standing)
    return chosen, [(desk.people[key], credit, standing.get(key, 0)) for key, credit in before.items()]


def turn_of(
    pool: Pool, weights: Mapping[int, int], absent: Mapping[int, int], standing: MutableMapping[int, int]
) -> int:
    """Whose turn it is in a pool that gives in turns, by what it does about absences; written down in its standing."""
    if pool.returns == Returns.KEEP:
        return next_turn(weights, standing)
    resting = [key for key, _weight in pool.members if key not in weights and key not in absent]
    return next_turn_catching_up(weights, standing, absent=absent, resting=resting)


def _queue_of(team: Team, reason: str, desk: Desk) -> Route:
    """The queue of a team: whoever claims first has the lead."""
    nobody = desk.here.nobody_of(team)
    return Route(team=team, owner=None, reason=OVERFLOW if nobody else reason, passed=nobody)


def _why_not(person: User, desk: Desk, declined: Collection[int]) -> Passed | None:
    return Passed(person, "declined") if person.pk in declined else desk.here.why_not(person)


def unfit(person: User, pool: Pool, language: str) -> Passed | None:
    """Why a member of the pool is not for a lead of this language: they don't speak it, or lack a skill of the pool."""
    wanted = language if pool.language == LEAD_LANGUAGE else pool.language
    if wanted and wanted not in person.speaks:
        return Passed(person, "language")
    return Passed(person, "skill") if set(pool.skills) - set(person.skills) else None


def _new(before: Iterable[Passed], more: Iterable[Passed]) -> list[Passed]:
    """Whoever of `more` was not passed over already."""
    known = {each.person.pk for each in before}
    return [each for each in more if each.person.pk not in known]
