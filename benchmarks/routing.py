"""Who gets a thousand hot leads: fifty rules, two hundred people in ten pools, one hand-off each."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.enums import Role
from accounts.models import Team, User
from benchmarks.data import execute
from benchmarks.preview import in_force
from benchmarks.report import Figure
from handoff.actions import open_handoffs
from handoff.actions.policy import publish_policy, save_policy_draft
from handoff.enums import PolicySection
from handoff.queries.desk import route_plan
from handoff.queries.policy import policy_of
from leads.models import Lead
from scoring.models import Episode, ScoringModel

EPISODES, RULES, POOLS, PEOPLE = 1_000, 50, 10, 200
MUST = 2.0  # seconds for all of them
REGIONS = ("Tokyo", "Osaka", "Aichi")
SIZES = (5_000, 2_000, 1_000, 500, 300, 200, 100, 80, 60, 50, 40, 30, 20, 15, 10, 5, 1)

HOT = """
INSERT INTO scoring_episode (lead_id, model_id, version_id, number, definition, score, started_at)
SELECT lead_id, model_id, version_id, 1, 'Hot lead', total, %(now)s FROM scoring_leadscore AS score
WHERE NOT EXISTS (SELECT FROM scoring_episode AS old WHERE old.lead_id = score.lead_id)
ORDER BY total DESC, lead_id LIMIT %(episodes)s"""


def run(scale: int) -> Iterator[Figure]:
    """The routes alone, then from episodes to hand-offs, at `scale` leads."""
    now = timezone.now()
    in_force(scale, now)
    execute("DELETE FROM scoring_episode")
    _publish(now)
    execute(HOT, {"now": now, "episodes": EPISODES})
    hot = list(Lead.objects.filter(pk__in=Episode.objects.values("lead")).select_related("owner").order_by("pk"))
    start = time.perf_counter()
    plan = route_plan(hot, model=ScoringModel.objects.get(), now=now)
    owned = sum(found is not None and found.owner is not None for found in map(plan.next, hot))
    seconds = time.perf_counter() - start
    yield Figure(
        work=f"routing {EPISODES:,} episodes through {RULES} rules and {PEOPLE} people ({owned:,} to a person)",
        scale=scale,
        seconds=seconds,
        shown=f"{seconds:.2f} s",
        must=f"<= {MUST:.0f} s",
        ok=seconds <= MUST,
    )
    start = time.perf_counter()
    open_handoffs(now=now)
    seconds = time.perf_counter() - start
    yield Figure(
        work=f"the same with everything a hand-off needs: promises, stages, history, {EPISODES:,} notices",
        scale=scale,
        seconds=seconds,
        shown=f"{seconds:.2f} s",
    )


def _publish(now: datetime) -> None:
    """Ten teams of twenty people, a pool each, and rules by region and size of the company."""
    pools = _pools()
    policy = policy_of(PolicySection.ROUTING)
    document = {"rules": _rules(pools), "pools": pools, "otherwise": None}
    save_policy_draft(policy=policy, document=document, seen=policy.token, by=None, now=now)
    publish_policy(policy=policy, by=None, note="", now=now)


def _pools() -> list[dict[str, Any]]:
    teams = [Team.objects.create(name=f"Team {number}", is_default=number == 0) for number in range(POOLS)]
    people = User.objects.bulk_create(
        User(
            email=f"rep{number}@bench.example", name=f"Rep {number}", role=Role.REP, team=teams[number % POOLS],
            capacity=EPISODES,
        )
        for number in range(PEOPLE)
    )  # fmt: skip
    weights = {person: 1 + place % 3 for place, person in enumerate(people)}
    return [
        {
            "name": team.name,
            "team": team.pk,
            "members": [
                {"person": person.pk, "weight": weight} for person, weight in weights.items() if person.team == team
            ],
        }
        for team in teams
    ]


def _rules(pools: list[dict[str, Any]]) -> list[dict[str, Any]]:
    cells = [(size, region) for size in SIZES for region in REGIONS][:RULES]
    return [
        {
            "name": f"{region}, {size} or more",
            "when": {
                "all": [
                    {"field": "region", "op": "=", "value": region},
                    {"field": "company.employees", "op": ">=", "value": size},
                ]
            },
            "to": {"aim": "pool", "pool": pools[place % POOLS]["name"]},
        }
        for place, (size, region) in enumerate(cells)
    ]
