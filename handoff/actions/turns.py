"""The turns of pools, which change with every lead that is given: one at a time, whoever gives it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handoff.enums import PolicySection
from handoff.models import Policy, PoolTurn
from handoff.queries.desk import RoutePlan
from handoff.routing import Route


def lock_turns() -> None:
    """Let nobody else route until the transaction ends: two workers give what one would."""
    list(Policy.objects.filter(section=PolicySection.ROUTING).select_for_update(no_key=True))


def save_turns(plan: RoutePlan) -> None:
    """Keep the credits that the plan has come to."""
    PoolTurn.objects.bulk_create(
        (
            PoolTurn(pool=pool, person_id=person, credit=credit)
            for pool, standing in plan.desk.standings.items()
            for person, credit in standing.items()
        ),
        update_conflicts=True,
        unique_fields=["pool", "person"],
        update_fields=["credit"],
    )


def route_params(found: Route, version: int, now: datetime) -> dict[str, Any]:
    """What the history keeps of a route for ever: its reason, the rules that were looked at, who was passed over, and
    when that was decided."""
    return found.params() | {"policy": version, "decided": now.isoformat()}
