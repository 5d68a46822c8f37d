"""Fifty people press Claim at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.enums import Role
from handoff.actions import ClaimLostError, claim_handoff, open_handoffs
from handoff.models import Deadline, Handoff
from tests.factories import TeamFactory, UserFactory
from tests.handoff.world import FRIDAY, episode

PEOPLE = 50


@pytest.fixture
def default_team(transactional_db):
    return TeamFactory(is_default=True)


def at_once(work, arguments):
    """Run `work` for every argument in its own thread and connection, all released by one barrier."""
    barrier = Barrier(len(arguments))

    def run(argument):
        try:
            barrier.wait(timeout=30)
            return work(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(run, arguments))


def test_of_fifty_people_who_claim_one_lead_exactly_one_wins(default_team):
    people = [UserFactory(role=Role.REP, team=default_team) for _ in range(PEOPLE)]
    episode()
    open_handoffs(now=FRIDAY)
    pk = Handoff.objects.get().pk

    def claim(person):
        try:
            claim_handoff(handoff=Handoff.objects.get(pk=pk), by=person, now=FRIDAY)
        except ClaimLostError as lost:
            return str(lost)
        return "won"

    answers = at_once(claim, people)
    winner = Handoff.objects.get().owner
    assert answers.count("won") == 1
    assert people[answers.index("won")] == winner
    assert set(answers) - {"won"} == {f"{winner} claimed this lead before you. Choose another one from the queue."}
    assert Handoff.objects.get().steps.filter(kind="claimed").count() == 1


def test_workers_that_open_the_same_episodes_make_each_hand_off_once(default_team):
    for _ in range(20):
        episode()
    at_once(lambda _: open_handoffs(now=FRIDAY), range(4))
    open_handoffs(now=FRIDAY)
    assert (Handoff.objects.count(), Deadline.objects.count()) == (20, 20)
