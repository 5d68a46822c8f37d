"""Whose turn it is in a pool: weighted turns, exact in whole numbers, the same for a batch as one by one.

Each member has a credit: the share of the leads that was theirs less what they were given, in millionths of a lead. Of
those who can take a lead, whoever has the most credit is next. Whoever cannot keeps their place: their credit rests,
and the credits of the others are brought back to a sum of zero, so that nobody catches up on what came meanwhile.
Nobody is ever more than one lead away from their share.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

LEAD = 1_000_000


def next_turn(weights: Mapping[int, int], standing: MutableMapping[int, int]) -> int:
    """Give one lead to one of these people (their weights, in the order of the pool), and write it down in their
    standing (credit by person).

    Raises ValueError where nobody is there.
    """
    if not weights:
        raise ValueError("nobody can take a turn")
    before = sum(standing.get(person, 0) for person in weights)
    for person, part in _divided(LEAD - before, weights).items():
        standing[person] = standing.get(person, 0) + part
    chosen = max(weights, key=lambda person: standing[person])
    standing[chosen] -= LEAD
    return chosen


def _divided(amount: int, weights: Mapping[int, int]) -> dict[int, int]:
    """A whole number divided by weight; what does not divide goes to the first."""
    total = sum(weights.values())
    parts = {person: amount * weight // total for person, weight in weights.items()}
    parts[next(iter(weights))] += amount - sum(parts.values())
    return parts
