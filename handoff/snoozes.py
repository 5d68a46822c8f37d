"""Until when a lead can be snoozed with one press: times at which the team works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from accounts.models import Team
from handoff.calendars import calendar_of_team, clock_of
from handoff.clock import BusinessClock
from handoff.errors import NeverOpenError
from web import formats


@dataclass(frozen=True, kw_only=True)
class Snooze:
    code: str
    label: str
    until: datetime
    moment: str


def snoozes(team: Team, now: datetime) -> list[Snooze]:
    """In two business hours, at the next morning, in three business days, next week; none without working hours."""
    clock = clock_of(calendar_of_team(team))
    today = now.astimezone(clock.zone)
    monday = today + timedelta(days=7 - today.weekday())
    try:
        times = [
            ("hours", _("In %(time)s") % {"time": formats.business_hours(2)},
             clock.add_business_time(now, timedelta(hours=2))),
            ("morning", _("Next business day"), _opening(clock, today + timedelta(days=1))),
            ("days", _("In %(time)s") % {"time": formats.business_days(3)},
             _opening(clock, clock.add_business_days(now, 3))),
            ("week", _("Next week"), _opening(clock, monday)),
        ]  # fmt: skip
    except NeverOpenError:
        return []
    return [
        Snooze(code=code, label=label, until=until, moment=formats.moment(until, now)) for code, label, until in times
    ]


def _opening(clock: BusinessClock, on: datetime) -> datetime:
    """When the office opens on the day of `on`, or next after it."""
    return clock.next_open(datetime.combine(on.astimezone(clock.zone).date(), time.min, tzinfo=clock.zone))
