"""Turns in a pool: weighted, fair to one lead whatever comes, the same for a batch as one by one."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from handoff.turns import LEAD, next_turn


def test_weights_of_two_one_one_share_eight_leads_as_four_two_two() -> None:
    standing: dict[int, int] = {}
    given = [next_turn({1: 2, 2: 1, 3: 1}, standing) for _lead in range(8)]
    assert given == [1, 2, 3, 1, 1, 2, 3, 1]
    assert set(standing.values()) == {0}


@pytest.mark.parametrize("seed", range(40))
def test_nobody_is_ever_more_than_one_lead_from_their_share_whatever_comes(seed: int) -> None:
    """Arrivals, absences, other weights, people who leave for good, in any order."""
    chance = random.Random(seed)
    weights = {person: chance.randint(1, 5) for person in range(chance.randint(2, 10))}
    here, standing = set(weights), dict.fromkeys(weights, 0)
    for _event in range(2_000):
        if chance.random() < 0.1:
            here ^= {chance.choice(list(weights))}
        if chance.random() < 0.02:
            weights[chance.choice(list(weights))] = chance.randint(1, 5)
        able = {person: weight for person, weight in weights.items() if person in here}
        if able:
            next_turn(able, standing)
            assert abs(sum(standing[person] for person in able)) == 0
        assert max(abs(credit) for credit in standing.values()) <= LEAD


@pytest.mark.parametrize("seed", range(10))
def test_while_the_same_people_are_there_each_has_their_share_to_one_lead(seed: int) -> None:
    chance = random.Random(seed)
    weights = {person: chance.randint(1, 9) for person in range(chance.randint(2, 12))}
    total, standing, given = sum(weights.values()), {}, Counter[int]()
    for leads in range(1, 500):
        given[next_turn(weights, standing)] += 1
        assert all(abs(given[person] * total - leads * weight) <= total for person, weight in weights.items())


def test_who_was_away_keeps_their_place_and_catches_up_on_nothing() -> None:
    standing: dict[int, int] = {}
    for _lead in range(10):
        next_turn({1: 1, 2: 1}, standing)
    assert [next_turn({1: 1}, standing) for _lead in range(20)] == [1] * 20
    assert Counter(next_turn({1: 1, 2: 1}, standing) for _lead in range(10)) == {1: 5, 2: 5}


def test_nobody_there_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody"):
        next_turn({}, {})
