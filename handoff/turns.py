"""Whose turn it is in a pool: weighted turns, exact in whole numbers, the same for a batch as one by one.

Each member has a credit: the share of the leads that was theirs less what they were given, in billionths of a lead. Of
those who can take a lead and are owed one, whoever would be the first to fall a whole lead behind is next: while
nothing else changes, nobody is ever more than one lead away from their share, whatever the weights.

Whoever cannot take a lead keeps their place: their credit rests. The credits of the others are brought back to a sum
of zero by making the larger ones smaller, so that nobody catches up on what came meanwhile. Where weights change at
every lead, somebody can still fall behind by more than a lead; what is more than one is forgiven.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

LEAD = 1_000_000_000
_FINE = 10**6  # quotients by weights (at most 100) that differ do so after rounding


def next_turn(weights: Mapping[int, int], standing: MutableMapping[int, int]) -> int:
    """Give one lead to one of these people (their weights, in the order of the pool), and write it down in their
    standing (credit by person).

    Raises ValueError where nobody is there.
    """
    if not weights:
        raise ValueError("nobody can take a turn")
    credit = {person: standing.get(person, 0) for person in weights}
    _settle(credit, sum(credit.values()))
    for person, part in _divided(LEAD, weights).items():
        credit[person] += part
    owed = [person for person in weights if credit[person] >= 0]
    chosen = min(owed, key=lambda person: ((LEAD - credit[person]) * _FINE // weights[person], -credit[person]))
    credit[chosen] -= LEAD
    behind = {person: owing - LEAD for person, owing in credit.items() if owing > LEAD}
    if behind:
        credit.update(dict.fromkeys(behind, LEAD))
        _settle(credit, -sum(behind.values()))
    standing.update(credit)
    return chosen


def _settle(credit: MutableMapping[int, int], excess: int) -> None:
    """Take what is too much of credit (or too little, if negative) from those who have it, in proportion."""
    sign = 1 if excess > 0 else -1
    having = {person: owing * sign for person, owing in credit.items() if owing * sign > 0}
    if excess:
        for person, part in _divided(abs(excess), having).items():
            credit[person] -= part * sign


def _divided(amount: int, weights: Mapping[int, int]) -> dict[int, int]:
    """A whole number divided by weight; what does not divide goes to the first, one each."""
    total = sum(weights.values())
    parts = {person: amount * weight // total for person, weight in weights.items()}
    for person in list(parts)[: amount - sum(parts.values())]:
        parts[person] += 1
    return parts
