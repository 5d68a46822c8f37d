"""The section that says who gets a lead: rules from top to bottom, the first that matches decides, else a team."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from engine import Catalog, Condition, check_condition, parse_condition
from handoff.policy.lists import entries_of, is_in, is_whole, name_problem
from handoff.policy.problems import PolicyProblem, said

Raw = dict[str, Any]

MOST_RULES = 50
MOST_POOLS = 50
MOST_MEMBERS = 200
MOST_WEIGHT = 100


class Aim(StrEnum):
    """Whom a rule gives the lead to."""

    OWNER = "owner"  # the lead's own
    COLLEAGUE = "colleague"  # whoever has another lead of the same company
    LEAD_TEAM = "lead_team"  # the queue of the lead's own team
    PERSON = "person"
    TEAM = "team"
    POOL = "pool"


class Away(StrEnum):
    """What becomes of a lead whose owner, or whose colleague's owner, is away or full."""

    TEAM = "team"  # it waits in the queue of that person's team
    NEXT = "next"  # the next rules decide


class Turns(StrEnum):
    """In which order a pool gives its leads."""

    WEIGHTED = "weighted"  # in turns, by weight
    LOAD = "load"  # to whoever has the fewest open leads for their limit


class Returns(StrEnum):
    """What becomes of the turns of whoever was absent, in a pool that gives in turns."""

    KEEP = "keep"  # they keep their place and catch up on nothing
    CATCH_UP = "catch_up"  # they are owed their share, up to a bound (`turns.py`)


FOLLOWS_A_PERSON = (Aim.OWNER, Aim.COLLEAGUE)
FOLLOWS_THE_LEAD = (*FOLLOWS_A_PERSON, Aim.LEAD_TEAM)
LEAD_LANGUAGE = "lead"


@dataclass(frozen=True, kw_only=True)
class Target:
    aim: Aim
    away: Away = Away.TEAM
    person: int | None = None
    team: int | None = None
    pool: str = ""


@dataclass(frozen=True, kw_only=True)
class RoutingRule:
    """Without a condition it is for every lead; a broken one names in its condition what is no longer there.

    One that follows the lead, its company or its team needs no name.
    """

    name: str
    when: Condition | None
    to: Target
    is_broken: bool = False

    @property
    def label(self) -> str:
        """The name, else the code of whom it follows."""
        return self.name or str(self.to.aim)

    @property
    def takes_all(self) -> bool:
        """Whether every lead that meets it stays with it; one that follows the lead lets those without pass."""
        return self.to.aim not in FOLLOWS_THE_LEAD


@dataclass(frozen=True, kw_only=True)
class Pool:
    """People of one team or several who share leads; `members` are their keys and weights in order.

    `language` is a code that members must speak, or LEAD_LANGUAGE; `skills` are those that they must have.
    """

    name: str
    team: int
    members: tuple[tuple[int, int], ...]
    turns: Turns = Turns.WEIGHTED
    returns: Returns = Returns.KEEP
    language: str = ""
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Routing:
    """`otherwise` is the team of the leads that no rule takes; None: the one that receives unassigned leads."""

    rules: tuple[RoutingRule, ...] = ()
    pools: tuple[Pool, ...] = ()
    otherwise: int | None = None

    def pool(self, name: str) -> Pool | None:
        return next((pool for pool in self.pools if pool.name == name), None)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a document may name: the keys of people who work leads, and of teams; active ones only."""

    people: Collection[int]
    teams: Collection[int]


def read_routing(raw: Raw, catalog: Catalog) -> Routing:
    """The section as it was published. What the catalog no longer has breaks a rule, and only that one."""
    return Routing(
        rules=tuple(_rule(rule, catalog) for rule in raw.get("rules", ())),
        pools=tuple(map(_pool, raw.get("pools", ()))),
        otherwise=raw.get("otherwise"),
    )


def _rule(raw: Raw, catalog: Catalog) -> RoutingRule:
    when = raw.get("when")
    condition = parse_condition(when)[0] if when is not None else None
    is_broken = when is not None and (condition is None or bool(check_condition(condition, catalog)))
    return RoutingRule(
        name=raw.get("name", ""), when=None if is_broken else condition, to=target_of(raw["to"]), is_broken=is_broken
    )


def target_of(raw: Raw) -> Target:
    return Target(
        aim=Aim(raw["aim"]),
        away=Away(raw.get("away", Away.TEAM)),
        person=raw.get("person"),
        team=raw.get("team"),
        pool=raw.get("pool", ""),
    )


def _pool(raw: Raw) -> Pool:
    return Pool(
        name=raw["name"],
        team=raw["team"],
        members=tuple((member["person"], member.get("weight", 1)) for member in raw["members"]),
        turns=Turns(raw.get("turns", Turns.WEIGHTED)),
        returns=Returns(raw.get("returns", Returns.KEEP)),
        language=raw.get("language", ""),
        skills=tuple(raw.get("skills", ())),
    )


# --- what is wrong with one ------------------------------------------------------------------------------------------


def routing_problems(raw: Any, catalog: Catalog, known: Known) -> list[PolicyProblem]:
    """Everything that keeps the section from being published."""
    if not isinstance(raw, Mapping):
        return [PolicyProblem(path="", text=_("Write rules, pools and the team for all other leads."))]
    return [*_rules_problems(raw, catalog, known), *_pools_problems(raw, known), *_otherwise_problems(raw, known)]


def _rules_problems(raw: Mapping[str, Any], catalog: Catalog, known: Known) -> Iterator[PolicyProblem]:
    rules, problems = entries_of(raw, "rules", MOST_RULES)
    yield from problems
    yield from _names_problems(rules, "rules")
    pools = [pool.get("name") for pool in entries_of(raw, "pools", MOST_POOLS)[0]]
    for place, rule in enumerate(rules):
        if rule.get("when") is not None:
            condition, found = parse_condition(rule["when"])
            found = found or check_condition(condition, catalog) if condition else found
            for problem in found:
                yield said(problem).under(f"rules[{place}].when")
        yield from (wrong.under(f"rules[{place}].to") for wrong in _target_problems(rule.get("to"), pools, known))


def _names_problems(entries: list[Any], section: str) -> Iterator[PolicyProblem]:
    seen: set[str] = set()
    for place, entry in enumerate(entries):
        name = entry.get("name")
        path = f"{section}[{place}].name"
        if not name and needs_no_name(entry):
            continue
        yield from name_problem(name, path, seen)
        seen.add(str(name))


def needs_no_name(entry: Mapping[str, Any]) -> bool:
    """Whether a rule is called by whom it follows: one that follows each lead."""
    target = entry.get("to")
    return entry.get("when") is None and isinstance(target, Mapping) and target.get("aim") in FOLLOWS_THE_LEAD


def _target_problems(raw: Any, pools: Collection[Any], known: Known) -> Iterator[PolicyProblem]:
    aim = raw.get("aim") if isinstance(raw, Mapping) else None
    if not is_in(aim, set(Aim)):
        yield PolicyProblem(path="", text=_("Choose who gets these leads."))
    elif not is_in(raw.get("away", Away.TEAM), set(Away)):
        yield PolicyProblem(path="away", text=_("Choose what happens while that person is away."))
    elif aim == Aim.PERSON and not is_in(raw.get("person"), known.people):
        yield PolicyProblem(path="person", text=_("Choose an active user who works leads."))
    elif aim == Aim.TEAM and not is_in(raw.get("team"), known.teams):
        yield PolicyProblem(path="team", text=_("Choose an active team."))
    elif aim == Aim.POOL and not is_in(raw.get("pool"), pools):
        yield PolicyProblem(path="pool", text=_("Choose one of the pools."))


def _pools_problems(raw: Mapping[str, Any], known: Known) -> Iterator[PolicyProblem]:
    pools, problems = entries_of(raw, "pools", MOST_POOLS)
    yield from problems
    yield from _names_problems(pools, "pools")
    for place, pool in enumerate(pools):
        path = f"pools[{place}]"
        if not is_in(pool.get("team"), known.teams):
            yield PolicyProblem(path=f"{path}.team", text=_("Choose an active team."))
        if not is_in(pool.get("turns", Turns.WEIGHTED), set(Turns)):
            yield PolicyProblem(path=f"{path}.turns", text=_("Choose how leads are given out."))
        if not is_in(pool.get("returns", Returns.KEEP), set(Returns)):
            yield PolicyProblem(path=f"{path}.returns", text=_("Choose what happens after an absence."))
        if not isinstance(pool.get("language", ""), str):
            yield PolicyProblem(path=f"{path}.language", text=_("Choose a language."))
        skills = pool.get("skills", [])
        if not isinstance(skills, list) or not all(isinstance(skill, str) for skill in skills):
            yield PolicyProblem(path=f"{path}.skills", text=_("Write a list."))
        yield from (problem.under(path) for problem in _members_problems(pool, known))


def _members_problems(pool: Mapping[str, Any], known: Known) -> Iterator[PolicyProblem]:
    members, problems = entries_of(pool, "members", MOST_MEMBERS)
    yield from problems
    if not members and not problems:
        yield PolicyProblem(path="members", text=_("Add at least one user."))
    people = [member.get("person") for member in members]
    for place, member in enumerate(members):
        weight = member.get("weight", 1)
        if not is_in(member.get("person"), known.people):
            text = _("Choose an active user who works leads.")
            yield PolicyProblem(path=f"members[{place}].person", text=text)
        elif people.index(member["person"]) != place:
            yield PolicyProblem(path=f"members[{place}].person", text=_("This user is already in the pool."))
        if not is_whole(weight, 1, MOST_WEIGHT):
            text = _("Enter a whole number from 1 to %(most)s.") % {"most": MOST_WEIGHT}
            yield PolicyProblem(path=f"members[{place}].weight", text=text)


def _otherwise_problems(raw: Mapping[str, Any], known: Known) -> Iterator[PolicyProblem]:
    if raw.get("otherwise") is not None and not is_in(raw["otherwise"], known.teams):
        yield PolicyProblem(path="otherwise", text=_("Choose an active team."))
