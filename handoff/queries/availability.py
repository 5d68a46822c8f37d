"""Who can be given a lead now: neither absent nor at the limit of open leads or of new ones a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Max

from accounts.models import User
from handoff.enums import GIVING_STEPS, OPEN_STATES
from handoff.models import Absence, Handoff, HandoffStep
from handoff.routing import WORKERS, Availability


def availability(teams: Iterable[int], people: Iterable[User], now: datetime) -> Availability:
    """The absences, open hand-offs and new ones of the day of whoever works in these teams, and of `people`."""
    workers = {person.pk: person for person in people}
    members = User.objects.filter(team__in=set(teams), is_active=True, role__in=WORKERS)
    workers |= {person.pk: person for person in members}
    counted = Handoff.objects.filter(owner__in=workers, state__in=OPEN_STATES).order_by().values("owner")
    return Availability(
        workers=list(workers.values()),
        absent_until=absent_until(workers, now),
        open_leads={row["owner"]: row["number"] for row in counted.annotate(number=Count("pk"))},
        new_today=_new_today(workers.values(), now),
    )


def open_leads_of(person: User) -> int:
    """How many open leads count toward the limit of this person."""
    return Handoff.objects.filter(owner=person, state__in=OPEN_STATES).count()


def _new_today(people: Iterable[User], now: datetime) -> dict[int, int]:
    """How many leads those with a daily limit were given since midnight in their own time zone.

    A lead that had waited for them counts on the day on which they got it.
    """
    limited = {person.pk: person for person in people if person.daily_capacity}
    if not limited:
        return {}
    steps = HandoffStep.objects.filter(kind__in=GIVING_STEPS, at__gt=now - timedelta(days=1), at__lte=now)
    given = steps.filter(handoff__owner__in=limited).order_by().values_list("handoff__owner", "handoff")
    counted = dict.fromkeys(limited, 0)
    for owner, _handoff, at in given.annotate(last=Max("at")):
        zone = ZoneInfo(limited[owner].timezone)
        counted[owner] += at.astimezone(zone).date() == now.astimezone(zone).date()
    return counted


def absent_until(people: Iterable[int], now: datetime) -> dict[int, datetime]:
    """Until when each of these people is away who is away now."""
    absences = Absence.objects.at(now).filter(person__in=list(people)).order_by().values("person")
    return {row["person"]: row["until"] for row in absences.annotate(until=Max("ends_at"))}
