"""Whose turn it is in a pool: weighted turns, exact in whole numbers, the same for a batch as one by one.

Each member has a credit: the share of the leads that was theirs less what they were given, in billionths of a lead. Of
those who can take a lead and are owed one, whoever would be the first to fall a whole lead behind is next: while
nothing else changes, nobody is ever more than one lead away from their share, whatever the weights.

Whoever cannot take a lead keeps their place: their credit rests. The credits of the others are brought back to a sum
of zero by making the larger ones smaller, so that nobody catches up on what came meanwhile. Where weights change at
every lead, somebody can still fall behind by more than a lead; what is more than one is forgiven.

In a pool that catches up, whoever is absent is owed their share of each lead all the same, up to MOST_OWED leads; those
who are there divide the leads among themselves as above. Credits of the whole pool then always have a sum of zero, and
whoever is back gets leads until nothing is owed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, MutableMapping

LEAD = 1_000_000_000
MOST_OWED = 10 * LEAD
"""What somebody can be owed after absences, in a pool that catches up; what is more is forgiven."""
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
    chosen = _first_to_fall_behind(weights, credit)
    credit[chosen] -= LEAD
    _forgive(credit, LEAD)
    standing.update(credit)
    return chosen


def next_turn_catching_up(
    weights: Mapping[int, int],
    standing: MutableMapping[int, int],
    *,
    absent: Mapping[int, int],
    resting: Collection[int] = (),
) -> int:
    """The same in a pool that catches up: `absent` are the weights of the members who are away, `resting` the members
    who cannot take the lead for another reason.

    What people who are no members any more had or owed is divided among those who are.
    """
    if not weights:
        raise ValueError("nobody can take a turn")
    credit = {person: standing.get(person, 0) for person in (*weights, *absent, *resting)}
    _settle(credit, sum(credit.values()))
    for person, part in _divided(LEAD, {**weights, **absent}).items():
        credit[person] += part
    chosen = _first_to_fall_behind(weights, _among_themselves(weights, credit))
    credit[chosen] -= LEAD
    forgiven = {person: credit[person] - MOST_OWED for person in absent if credit[person] > MOST_OWED}
    credit.update(dict.fromkeys(forgiven, MOST_OWED))
    for person, part in _divided(sum(forgiven.values()), weights).items():
        credit[person] += part
    _forgive(credit, MOST_OWED)
    standing.update(credit)
    return chosen


def _among_themselves(weights: Mapping[int, int], credit: Mapping[int, int]) -> dict[int, int]:
    """The credit of those who are there as if the one lead that comes were all that they share."""
    excess = sum(credit[person] for person in weights) - LEAD
    parts = _divided(abs(excess), weights)
    return {person: credit[person] - (parts[person] if excess > 0 else -parts[person]) for person in weights}


def _first_to_fall_behind(weights: Mapping[int, int], credit: Mapping[int, int]) -> int:
    """Of those who are owed something, whoever would be the first to be owed a whole lead."""
    owed = [person for person in weights if credit[person] >= 0]
    return min(owed, key=lambda person: ((LEAD - credit[person]) * _FINE // weights[person], -credit[person]))


def _forgive(credit: MutableMapping[int, int], most: int) -> None:
    """Let nobody be owed more than so much; those who had more than their share had the rest for nothing."""
    behind = {person: owing - most for person, owing in credit.items() if owing > most}
    if behind:
        credit.update(dict.fromkeys(behind, most))
        _settle(credit, -sum(behind.values()))


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
