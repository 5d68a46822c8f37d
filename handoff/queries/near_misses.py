"""Promises that will be missed within hours, if nobody acts."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Min, Q, QuerySet

from accounts.models import User
from handoff.access import visible_handoffs
from handoff.calendars import calendars, clock_of, clocks_of_teams
from handoff.enums import OPEN_STATES
from handoff.errors import NeverOpenError
from handoff.models import Deadline

SOON = timedelta(hours=4)
MOST = 500  # more than anybody reads, and a bound all the same


def near_misses(user: User, now: datetime, *, team: int | None = None) -> list[int]:
    """The hand-offs this person sees whose promise ends within the next four business hours, the first one in front.

    Hours of the clock are looked at in the business time of the default calendar.
    """
    visible = visible_handoffs(user).filter(state__in=OPEN_STATES).order_by()
    visible = visible.filter(team_id=team) if team else visible
    running = _running(now).filter(handoff__in=visible.values("pk"))
    found = running.order_by().values("handoff").annotate(first=Min("due_at")).order_by("first", "handoff")
    return list(found.values_list("handoff", flat=True)[:MOST])


def _running(now: datetime) -> QuerySet[Deadline]:
    """Open promises that end before four hours of their calendar are over."""
    otherwise = clocks_of_teams().otherwise
    until = {calendar.pk: clock_of(calendar) for calendar in calendars()} | {None: otherwise}
    soon = Q(pk__in=[])
    for calendar, clock in until.items():
        try:
            soon |= Q(calendar=calendar, due_at__lte=clock.add_business_time(now, SOON))
        except NeverOpenError:
            continue
    return Deadline.objects.filter(soon, due_at__gt=now, met_at=None, cancelled_at=None, is_paused=False)
