"""10,000 events of which some have one of seven faults, the same events without any, and what repairs each fault."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from intake.actions.repairing import Plan
from intake.repairs import Act, Repair

TYPES = ("page_view", "email_open", "email_click", "form_submit")
PLANS = {
    ("unknown_type", "demo_booked"): Plan(repair=Repair(act=Act.MAP, to="form_submit")),
    ("unknown_type", "Webinar Attended"): Plan(
        repair=Repair(act=Act.MAP, to="webinar_attended_live"),
        new_type=("webinar_attended_live", "Attended a webinar live", "ウェビナーに参加"),
    ),
    ("property_number", "form_submit.seats"): Plan(repair=Repair(act=Act.MAP, to="plan_name")),
    ("time", "occurred_at"): Plan(repair=Repair(act=Act.ZONE, to="Asia/Tokyo")),
    ("unknown_field", "page"): Plan(repair=Repair(act=Act.MAP, to="object")),
    ("email", "lead.email"): Plan(repair=Repair(act=Act.DROP)),
    ("in_future", "occurred_at"): Plan(repair=Repair(act=Act.RECEIVED)),
}


def good_event(place: int, world: str, now: datetime) -> dict[str, Any]:
    """An event of one of 997 leads, up to 100 days old."""
    at = (now - timedelta(hours=place % 2400, seconds=place)).astimezone(UTC)
    return {
        "key": f"k{place}",
        "lead": {"external_id": f"{world}-{place % 997}"},
        "type": TYPES[place % 4],
        "occurred_at": at.isoformat(),
        "object": f"/page/{place % 7}",
        "properties": {"seats": place % 90},
    }


def faulty_and_right(place: int, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """An event of the faulty world, and what it had been without its fault: every hundredth has one."""
    sent, right = good_event(place, "faulty", now), good_event(place, "right", now)
    fault, time = place // 100 % 7 if place % 100 == 3 else None, datetime.fromisoformat(right["occurred_at"])
    if fault == 0:
        sent["type"], right["type"] = "demo_booked", "form_submit"
    elif fault == 1:
        sent["type"], right["type"] = "Webinar Attended", "webinar_attended_live"
    elif fault == 2:
        sent["properties"], right["properties"] = {"seats": "gold"}, {"plan_name": "gold"}
    elif fault == 3:
        sent["occurred_at"] = (time + timedelta(hours=9)).replace(tzinfo=None).isoformat()
    elif fault == 4:
        sent["page"] = sent.pop("object")
    elif fault == 5:
        sent["lead"] = sent["lead"] | {"email": "nobody"}
    elif fault == 6:
        sent["occurred_at"], right["occurred_at"] = (now + timedelta(days=9)).isoformat(), now.isoformat()
    return sent, right


def both_worlds(now: datetime, number: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    return (faulty_and_right(place, now) for place in range(number))
