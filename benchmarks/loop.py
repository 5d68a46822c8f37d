"""What we do not do: one lead after the other through the ORM, evaluated in Python. Here to be measured against."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from benchmarks.rules import LEVELS
from leads.models import Activity, Lead
from scoring.models import LeadScore, ScoringModel

DAY = timedelta(days=1)


def score_one_by_one(model: ScoringModel, leads: Iterable[int], now: datetime) -> None:
    """Load, evaluate and save each lead."""
    assert model.current_version is not None
    groups = model.current_version.document["groups"]
    for pk in leads:
        lead = Lead.objects.select_related("company").get(pk=pk)
        activities = list(Activity.objects.filter(lead=lead, occurred_at__lte=now).select_related("type"))
        points = [[_points(rule, lead, activities, now) for rule in group["rules"]] for group in groups]
        capped = [min(sum(row), group["max"] * 100) for row, group in zip(points, groups, strict=True)]
        LeadScore.objects.update_or_create(
            lead=lead,
            model=model,
            defaults={
                "version": model.current_version,
                "engagement": max(0, min(capped[0], 10_000)),
                "fit": max(0, min(capped[1], 10_000)),
                "qualification": 0,
                "total": max(0, min(sum(capped), 10_000)),
                "band": "cold",
                "grade": "C3",
                "contributions": [each for row in points for each in row],
                "hot": [False],
                "scored_at": now,
            },
        )


def _points(rule: dict[str, Any], lead: Lead, activities: list[Activity], now: datetime) -> int:
    if "when" in rule:
        points: int = rule["points"]
        return points * 100 if _holds(rule["when"], lead, activities, now) else 0
    matching = [each for each in activities if each.type.code == rule["each"]["activity"]]
    if rule.get("repeat") == "once_per_object":
        matching = list({each.object: each for each in matching}.values())
    if rule.get("repeat") == "once_per_day":
        matching = list({each.occurred_at.date(): each for each in matching}.values())
    matching.sort(key=lambda each: each.occurred_at, reverse=True)
    matching = matching[: rule.get("at_most")]
    total: int = sum(
        round(rule["points"] * 100 * _factor(rule.get("decay"), now - each.occurred_at)) for each in matching
    )
    cap: int | None = rule.get("cap")
    return total if cap is None else min(total, cap * 100)


def _factor(decay: dict[str, str] | None, age: timedelta) -> float:
    match decay:
        case {"half_life": length}:
            return float(0.5 ** (age / (int(length[:-1]) * DAY)))
        case {"linear": length}:
            return max(0.0, 1 - age / (int(length[:-1]) * DAY))
        case {"window": length}:
            return float(age <= int(length[:-1]) * DAY)
        case _:
            return 1.0


def _holds(when: dict[str, Any], lead: Lead, activities: list[Activity], now: datetime) -> bool:
    if "activity" in when:
        since = now - int(when["within"][:-1]) * DAY
        wanted = [each for each in activities if each.type.code == when["activity"] and each.occurred_at >= since]
        return len(wanted) >= 2
    owner, _dot, name = when["field"].rpartition(".")
    value = getattr(lead.company if owner else lead, name)
    if when["op"] == "unknown":
        return value is None
    if value is None:
        return False
    if when["op"] == ">=":
        return bool(value >= when["value"])
    if when["op"] == "within_next":
        return bool(now.date() <= value <= (now + 90 * DAY).date())
    return bool(value == (LEVELS.index(when["value"]) + 1 if name == "title_level" else when["value"]))
