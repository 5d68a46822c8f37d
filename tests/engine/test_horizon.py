"""`next_change_at` is never late, and seldom much too early."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.engine.oracle import Act, Person
from tests.engine.world import score, settle

T = datetime(2026, 6, 1, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def model(*rules: dict[str, Any], **group: Any) -> dict[str, Any]:
    named = [{"name": f"rule {number}"} | rule for number, rule in enumerate(rules)]
    return {"model": "m", "groups": [{"name": "All", "dimension": "engagement", "rules": named} | group]}


def after(hundredths: float, *, of: float, half_life: timedelta) -> timedelta:
    """How long until so much is left."""
    return half_life * math.log2(of / hundredths)


@pytest.mark.parametrize("keeps", [{"repeat": "once"}, {"at_most": 1}, {"at_most": 2}])
def test_rules_that_keep_the_same_activities_are_rounded_once_each(keeps: dict[str, Any]) -> None:
    """Ten rules lose their next hundredth at one instant: 99.05 turns into 98.95."""
    rule = {"each": {"activity": "demo_request"}, "points": 10, "decay": {"half_life": "30d"}} | keeps
    always = {"when": {"field": "name", "op": "unknown"}, "points": 0.05}
    raw = model(always, *[rule] * 10)
    (pk,) = settle([Person(activities=[Act("demo_request", T)])])
    t = T + after(989.7, of=1000, half_life=30 * DAY)
    changed = T + after(989.5, of=1000, half_life=30 * DAY)
    seconds = timedelta(seconds=1)
    totals = {at: score(raw, at)[pk].total for at in (t, changed - seconds, changed + seconds)}
    assert list(totals.values()) == [9905, 9905, 9895]
    said = score(raw, t)[pk].next_change_at
    assert said is not None
    assert changed - timedelta(minutes=1) < said < changed + seconds
