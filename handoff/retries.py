"""When a lead that was not reached is called again: the steps of its team's plan, on the team's business clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from accounts.models import Team
from handoff.calendars import calendar_of_team, clock_of
from handoff.enums import RetryUnit
from handoff.errors import NeverOpenError
from handoff.models import RetryPlan
from handoff.models.retry import usual_steps


@dataclass(frozen=True, kw_only=True)
class RetryStep:
    """So long after a try that reached nobody the next one is due; days end where the office opens."""

    unit: RetryUnit
    amount: int


def plans_of(teams: Iterable[int]) -> dict[int, list[RetryStep]]:
    """The steps of each team."""
    own = dict(RetryPlan.objects.filter(team__in=set(teams)).values_list("team", "steps"))
    return {team: steps_of(own.get(team, usual_steps())) for team in teams}


def next_try(team: Team, number: int, at: datetime) -> datetime | None:
    """When the lead is called again after its try `number` (1 for the first) at `at`; None when the plan has ended.

    Also None where the team's calendar never opens.
    """
    steps = plans_of([team.pk])[team.pk]
    if number > len(steps):
        return None
    step, clock = steps[number - 1], clock_of(calendar_of_team(team))
    try:
        if step.unit == RetryUnit.BUSINESS_HOURS:
            return clock.add_business_time(at, timedelta(hours=step.amount))
        closing = clock.add_business_days(at, step.amount)
        midnight = datetime.combine(closing.astimezone(clock.zone).date(), time.min, tzinfo=clock.zone)
        return clock.next_open(midnight)
    except NeverOpenError:
        return None


def steps_of(stored: Iterable[Sequence[Any]]) -> list[RetryStep]:
    """The steps of a plan as it is stored."""
    return [RetryStep(unit=RetryUnit(unit), amount=amount) for unit, amount in stored]
