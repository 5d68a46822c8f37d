"""Turns in a pool: weighted, fair to one lead whatever comes, the same for a batch as one by one."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest

from handoff.turns import LEAD, MOST_OWED, next_turn, next_turn_catching_up


def test_weights_of_two_one_one_share_eight_leads_as_four_two_two() -> None:
    standing: dict[int, int] = {}
    given = [next_turn({1: 2, 2: 1, 3: 1}, standing) for _lead in range(8)]
    assert given == [1, 2, 3, 1, 1, 2, 3, 1]
    assert set(standing.values()) == {0}


def _pool(chance: random.Random) -> dict[int, int]:
    """People and weights: a handful or two hundred, alike, any, or a few of the most among many of the least."""
    kind = chance.choice([lambda: 1, lambda: chance.randint(1, 5), lambda: chance.randint(1, 100),
                          lambda: chance.choice([1, 1, 2, 100])])  # fmt: skip
    return {person: kind() for person in range(chance.choice([2, 3, 5, 10, 30, 60, 200]))}


SEEDS = [pytest.param(seed, marks=[pytest.mark.deep] if seed >= 60 else []) for seed in range(1_500)]


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_ever_more_than_one_lead_from_their_share_whatever_comes(seed: int) -> None:
    """Arrivals, absences, other weights, people who leave for good, in any order; now and then the worst for those who
    are far ahead or behind."""
    chance = random.Random(seed)
    weights = _pool(chance)
    here, standing = set(weights), dict.fromkeys(weights, 0)
    restless, is_worst = chance.choice([0.05, 0.3, 0.9]), chance.random() < 0.4
    for _event in range(400):
        if chance.random() < restless:
            far = chance.choice([min, max])(here or weights, key=lambda person: standing[person])
            here ^= {far if is_worst and chance.random() < 0.5 else chance.choice(list(weights))}
        if chance.random() < 0.1:
            weights[chance.choice(list(weights))] = chance.randint(1, 100)
        able = {person: weight for person, weight in weights.items() if person in here}
        if able:
            next_turn(able, standing)
            assert sum(standing[person] for person in able) == 0
        assert max(abs(credit) for credit in standing.values()) <= LEAD


@pytest.mark.parametrize("seed", SEEDS)
def test_while_the_same_people_are_there_each_has_their_share_to_one_lead(seed: int) -> None:
    """Counted from what each was given, not from anybody's credit."""
    chance = random.Random(seed)
    weights = _pool(chance)
    total, standing, given = sum(weights.values()), {}, Counter[int]()
    for leads in range(1, 400):
        given[next_turn(weights, standing)] += 1
        assert all(abs(given[person] * total - leads * weight) <= total for person, weight in weights.items())


@pytest.mark.parametrize("seed", range(20))
def test_a_thousand_at_once_are_a_thousand_one_by_one(seed: int) -> None:
    """What is kept between two leads is the standing, and nothing else."""
    weights = _pool(random.Random(seed))
    at_once: dict[int, int] = {}
    together = [next_turn(weights, at_once) for _lead in range(1_000)]
    kept: list[tuple[int, int]] = []
    singly = []
    for _lead in range(1_000):
        read = dict(kept)
        singly.append(next_turn(weights, read))
        kept = sorted(read.items(), reverse=True)
    assert (together, at_once) == (singly, dict(kept))


def test_who_was_away_keeps_their_place_and_catches_up_on_nothing() -> None:
    standing: dict[int, int] = {}
    for _lead in range(10):
        next_turn({1: 1, 2: 1}, standing)
    assert [next_turn({1: 1}, standing) for _lead in range(20)] == [1] * 20
    assert Counter(next_turn({1: 1, 2: 1}, standing) for _lead in range(10)) == {1: 5, 2: 5}


def test_who_catches_up_gets_their_share_of_what_came_meanwhile() -> None:
    standing: dict[int, int] = {}
    assert [next_turn_catching_up({1: 1}, standing, absent={2: 1}) for _lead in range(10)] == [1] * 10
    assert standing == {1: -5 * LEAD, 2: 5 * LEAD}
    given = [next_turn_catching_up({1: 1, 2: 1}, standing, absent={}) for _lead in range(14)]
    assert given[:9] == [2] * 9
    assert Counter(given) == {2: 12, 1: 2}


def test_what_is_owed_beyond_the_bound_is_forgiven() -> None:
    standing: dict[int, int] = {}
    for _lead in range(500):
        next_turn_catching_up({1: 1, 3: 2}, standing, absent={2: 1})
    assert (standing[2], sum(standing.values())) == (MOST_OWED, 0)


def test_who_is_full_while_others_catch_up_rests_and_keeps_what_is_owed() -> None:
    standing = {1: -4 * LEAD, 2: 4 * LEAD, 3: 0}
    next_turn_catching_up({1: 1, 3: 1}, standing, absent={}, resting=[2])
    assert standing[2] == 4 * LEAD
    assert next_turn_catching_up({1: 1, 2: 1, 3: 1}, standing, absent={}) == 2


def test_what_was_owed_to_a_member_who_left_the_pool_is_divided() -> None:
    standing = {1: -5 * LEAD, 2: 10 * LEAD, 3: -5 * LEAD}
    given = Counter(next_turn_catching_up({1: 1, 3: 1, 4: 1}, standing, absent={}) for _lead in range(9))
    assert given == {1: 3, 3: 3, 4: 3}


@pytest.mark.parametrize("seed", SEEDS)
def test_in_a_pool_that_catches_up_each_gets_their_share_of_all_leads_within_the_bound(seed: int) -> None:
    """Counted in fractions beside it: absences in any order, then everybody is back."""
    chance = random.Random(seed)
    weights = _pool(chance)
    total, here, standing = sum(weights.values()), set(weights), dict.fromkeys(weights, 0)
    given, leads, is_forgiven = Counter[int](), 0, False
    for _event in range(200):
        if chance.random() < 0.05:
            here ^= {chance.choice(list(weights))}
        able = {person: weight for person, weight in weights.items() if person in here}
        if able:
            absent = {person: weight for person, weight in weights.items() if person not in here}
            given[next_turn_catching_up(able, standing, absent=absent)] += 1
            leads += 1
            is_forgiven |= MOST_OWED in standing.values()
        assert (sum(standing.values()), max(standing.values()) <= MOST_OWED) == (0, True)
        for person, weight in {} if is_forgiven else weights.items():
            owed = Fraction(leads * weight, total) - given[person]
            assert abs(owed - Fraction(standing[person], LEAD)) < Fraction(1, 1_000)
    while max(map(abs, standing.values())) > LEAD:
        next_turn_catching_up(weights, standing, absent={})
    for _lead in range(100):
        next_turn_catching_up(weights, standing, absent={})
        assert max(map(abs, standing.values())) <= 2 * LEAD


@pytest.mark.parametrize("seed", range(20))
def test_those_who_are_there_share_out_as_if_nobody_were_owed_anything(seed: int) -> None:
    """Long after the absent ones are owed as much as they can be; to one lead, as in every pool."""
    weights = _pool(random.Random(seed))
    total, standing, given = sum(weights.values()), {}, Counter[int]()
    for leads in range(1, 300):
        given[next_turn_catching_up(weights, standing, absent={-1: 7, -2: 100})] += 1
        for person, weight in weights.items():
            assert abs(Fraction(leads * weight, total) - given[person]) <= 1 + Fraction(1, 10**6)


def test_nobody_there_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody"):
        next_turn({}, {})
    with pytest.raises(ValueError, match="nobody"):
        next_turn_catching_up({}, {}, absent={1: 1})
