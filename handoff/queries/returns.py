"""What the choice about absences does in a pool: the next leads after somebody is back, under each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from handoff.models import Absence
from handoff.policy.routing import Pool, Returns
from handoff.routing import turn_of
from web import formats

MISSED = NEXT = 20  # leads


@dataclass(frozen=True, kw_only=True)
class ReturnEffect:
    """Who gets each of the next leads; `back` is whoever was away."""

    returns: Returns
    people: list[User]
    back: User

    @property
    def turns(self) -> list[tuple[User, bool]]:
        """Each lead with whether it goes to whoever is back."""
        return [(person, person == self.back) for person in self.people]

    @property
    def words(self) -> str:
        """ "Hara 10, Kondo 5, Ueda 5" """
        counts = Counter(self.people)
        return formats.listed(f"{person} {formats.number(number)}" for person, number in counts.most_common())


def return_effects(weights: Mapping[int, int], now: datetime) -> list[ReturnEffect]:
    """After one member has missed so many leads: whoever is away now, else the first. Nothing without a second member.

    Everybody is taken to have room, and to speak what is asked for.
    """
    people = User.objects.in_bulk(weights)
    members = {key: weight for key, weight in weights.items() if key in people}
    if len(members) < 2:
        return []
    away = set(Absence.objects.at(now).filter(person__in=members).values_list("person", flat=True))
    back = next((key for key in members if key in away), next(iter(members)))
    return [
        ReturnEffect(returns=returns, people=[people[key] for key in _turns(members, back, returns)], back=people[back])
        for returns in Returns
    ]


def _turns(members: Mapping[int, int], back: int, returns: Returns) -> list[int]:
    pool = Pool(name="", team=0, members=tuple(members.items()), returns=returns)
    others, standing = {key: weight for key, weight in members.items() if key != back}, dict.fromkeys(members, 0)
    for _lead in range(MISSED):
        turn_of(pool, others, {back: members[back]}, standing)
    return [turn_of(pool, members, {}, standing) for _lead in range(NEXT)]
