"""Who would get the next leads of the pools a person is in, while that person is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from handoff.enums import PolicySection
from handoff.policy.routing import Turns, read_routing
from handoff.queries.desk import desk_of, version_in_force
from handoff.queries.routing_page import next_turns
from handoff.routing import Desk
from scoring.queries.catalog import catalog
from web import formats

SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class NextLeads:
    """The people of the coming turns of one pool; nobody where all are away or at their limit."""

    pool: str
    people: list[User]

    @property
    def names(self) -> str:
        return formats.listed(str(person) for person in self.people)


def next_leads_without(person: User, at: datetime) -> list[NextLeads]:
    """By the rules in force, with the absences that are entered for `at`; nothing is stored."""
    current = version_in_force(PolicySection.ROUTING)
    routing = read_routing(current.document if current else {}, catalog())
    pools = [pool for pool in routing.pools if any(key == person.pk for key, _weight in pool.members)]
    if not pools:
        return []
    desk = desk_of([], routing, at)
    found = []
    for pool in pools:
        able: dict[int, int] = {}
        absent: dict[int, int] = {}
        for key, weight in pool.members:
            in_the_way = desk.here.why_not(desk.people[key]) if key in desk.people else None
            if key == person.pk or (in_the_way and in_the_way.reason == "absent"):
                absent[key] = weight
            elif key in desk.people and not in_the_way:
                able[key] = weight
        turns = _by_load(able, desk) if pool.turns == Turns.LOAD else next_turns(pool, able, absent, desk)
        found.append(NextLeads(pool=pool.name, people=[desk.people[key] for key in turns[:SHOWN]]))
    return found


def _by_load(able: dict[int, int], desk: Desk) -> list[int]:
    """Each goes to whoever has the most room then."""
    has = {key: desk.here.open_leads.get(key, 0) for key in able}
    turns: list[int] = []
    for _turn in range(SHOWN):
        room = [key for key in able if has[key] < desk.people[key].capacity]
        if not room:
            break
        chosen = min(room, key=lambda key: has[key] / max(desk.people[key].capacity, 1))
        has[chosen] += 1
        turns.append(chosen)
    return turns
