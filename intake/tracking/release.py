"""What a filter caught is taken in after all."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from background.transactions import retrying
from intake.models import DailySalt, FilteredEvent, Site
from intake.tracking.events import WebEvent
from intake.tracking.taking import take_events

AT_ONCE = 1_000
KEPT_FOR = timedelta(days=30)


def release(*, site: Site, reason: str, mark: str, now: datetime) -> int:
    """Take in the events of one group, at the times they happened; returns how many."""
    number = 0
    while portion := release_some(site=site, reason=reason, mark=mark, now=now):
        number += portion
    return number


@retrying
@transaction.atomic
def release_some(*, site: Site, reason: str, mark: str, now: datetime) -> int:
    """The oldest thousand; returns how many there were."""
    held = FilteredEvent.objects.filter(site=site, reason=reason, mark=mark, released_at=None)
    rows = list(held.order_by("received_at", "pk").select_for_update()[:AT_ONCE])
    take_events(site, [WebEvent(key=row.key, identity=row.row["lead"], row=row.row) for row in rows], now=now)
    return FilteredEvent.objects.filter(pk__in=[row.pk for row in rows]).update(released_at=now)


def forget(*, now: datetime) -> None:
    """Delete what was set aside long ago, and the salts of past days, which make their visitors nobody."""
    FilteredEvent.objects.filter(received_at__lt=now - KEPT_FOR).delete()
    DailySalt.objects.filter(day__lt=(now - timedelta(days=2)).date()).delete()
