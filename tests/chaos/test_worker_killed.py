from __future__ import annotations

import pytest

from tests.chaos.conftest import Site

pytestmark = [pytest.mark.deep, pytest.mark.chaos]

LEADS = 5000
KILLS = 3


def test_a_worker_killed_in_the_middle_loses_nothing_and_hands_nothing_off_twice(site: Site) -> None:
    site.build(LEADS)
    assert site.dirty() >= LEADS
    for round_number in range(KILLS):
        before = site.dirty()
        site.start("worker")
        site.ring("scoring.score")
        site.wait(lambda before=before: site.dirty() < before, every=0.01)  # type: ignore[misc]
        site.kill("worker")
        print(f"killed with {site.dirty()} of {before} leads to score (round {round_number + 1})")
    assert site.dirty() > 0, "the kills came too late to prove anything"

    site.start("worker", "beat")
    took = site.settle()
    print(f"caught up {took:.1f} s after the last start")

    assert site.asks("SELECT count(*) FROM scoring_leadscore") == LEADS
    assert site.asks("SELECT count(*) FROM leads_activity") == 3 * LEADS
    handoffs = site.asks("SELECT count(*) FROM handoff_handoff")
    assert handoffs == site.asks("SELECT count(*) FROM scoring_episode") > 0
    assert handoffs == site.asks("SELECT count(DISTINCT episode_id) FROM handoff_handoff")
    assert handoffs == site.asks("SELECT count(DISTINCT lead_id) FROM handoff_handoff")
    print(site.verify())
