"""What the routing page shows: the rules in words, what each caught, whose turn is next, who is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from handoff.enums import PolicySection
from handoff.models import Policy
from handoff.policy.problems import PolicyProblem
from handoff.policy.routing import Aim, Pool, Routing, RoutingRule, Turns, read_routing
from handoff.policy_words import (
    Names,
    finding_in_words,
    names_now,
    otherwise_in_words,
    pool_in_words,
    rule_condition,
    rule_name,
    target_in_words,
)
from handoff.queries.desk import desk_of
from handoff.queries.lint import lint
from handoff.queries.policy import problems_of, working_document
from handoff.queries.routes import caught_by_rule, rule_key
from handoff.routing import Desk, turn_of, unfit
from handoff.wording import passed_in_words
from scoring.queries.catalog import catalog
from scoring.queries.words import reader

NEXT_TURNS = 10


@dataclass(frozen=True, kw_only=True)
class ShownRule:
    """`caught` counts the leads of the last 30 days; None where the rule is not in force as it stands."""

    place: int
    name: str
    condition: str
    target: str
    caught: int | None
    published: int | None
    """Its place in the version in force."""
    problems: list[PolicyProblem]
    findings: list[str]


@dataclass(frozen=True, kw_only=True)
class ShownPool:
    """`next` are the people of the coming turns, if nothing changes; `passed` says who is left out, and why."""

    place: int
    pool: Pool
    words: str
    next: list[User]
    passed: str
    rules: int


@dataclass(frozen=True, kw_only=True)
class ShownRouting:
    rules: list[ShownRule]
    pools: list[ShownPool]
    otherwise: str
    otherwise_caught: int | None
    problems: list[PolicyProblem]
    is_checked: bool
    """Whether the rules could be checked against each other."""


def shown_routing(policy: Policy, now: datetime) -> ShownRouting:
    """The draft, else what is in force."""
    document = working_document(policy)
    routing, names, words = read_routing(document, catalog()), names_now(), reader()
    problems, caught = problems_of(PolicySection.ROUTING, document), caught_by_rule(now)
    in_force = policy.current.document if policy.current else {}
    published = {rule_key(rule): place for place, rule in enumerate(in_force.get("rules", ()))}
    desk = desk_of([], routing, now)
    found = lint([rule.when for rule in routing.rules], [rule.takes_all for rule in routing.rules], now)
    rules = []
    for place, rule in enumerate(routing.rules):
        key = rule_key(document["rules"][place])
        shown = ShownRule(
            place=place, name=rule_name(rule), condition=rule_condition(rule, words),
            target=target_in_words(rule.to, names), published=published.get(key),
            caught=caught[key] if key in published else None,
            problems=[problem for problem in problems if problem.path.startswith(f"rules[{place}]")],
            findings=[finding_in_words(finding) for finding in found or () if finding.place == place],
        )  # fmt: skip
        rules.append(shown)
    return ShownRouting(
        rules=rules,
        pools=[_shown_pool(place, pool, routing, desk, names) for place, pool in enumerate(routing.pools)],
        otherwise=otherwise_in_words(routing.otherwise, names),
        otherwise_caught=caught[""] if policy.current else None,
        problems=problems,
        is_checked=found is not None,
    )


def _shown_pool(place: int, pool: Pool, routing: Routing, desk: Desk, names: Names) -> ShownPool:
    people = {key: desk.people[key] for key, _weight in pool.members if key in desk.people}
    passed = [each for person in people.values() if (each := desk.here.why_not(person) or unfit(person, pool, ""))]
    gone = {each.person.pk: each.reason for each in passed}
    weights = {key: weight for key, weight in pool.members if key in people and key not in gone}
    absent = {key: weight for key, weight in pool.members if gone.get(key) == "absent"}
    return ShownPool(
        place=place,
        pool=pool,
        words=pool_in_words(pool, names),
        next=[people[key] for key in next_turns(pool, weights, absent, desk)],
        passed=passed_in_words([each.params() for each in passed]),
        rules=sum(_uses(rule, pool) for rule in routing.rules),
    )


def _uses(rule: RoutingRule, pool: Pool) -> bool:
    return rule.to.aim == Aim.POOL and rule.to.pool == pool.name


def next_turns(pool: Pool, weights: dict[int, int], absent: dict[int, int], desk: Desk) -> list[int]:
    """Who would get the next leads of a pool, by key, if nobody's state changes; leaves the turns as they are.

    `weights` are those of the members who can take leads, `absent` of those who are away.
    """
    if not weights or pool.turns != Turns.WEIGHTED:
        return []
    standing = dict(desk.standings.get(pool.name, {}))
    room = {key: desk.here.room(desk.people[key]) for key in weights}
    turns: list[int] = []
    while len(turns) < NEXT_TURNS and (able := {key: weight for key, weight in weights.items() if room[key] > 0}):
        turns.append(turn_of(pool, able, absent, standing))
        room[turns[-1]] -= 1
    return turns
