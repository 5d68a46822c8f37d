from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from notices.actions import deliver_due
from notices.actions.outgoing import deliver_outgoing


@shared_task(name="notices.deliver")
def deliver() -> None:
    """Send what is due to people; the beat rings every few seconds."""
    while deliver_due(now=timezone.now()):
        pass


@shared_task(name="notices.deliver_outgoing")
def deliver_to_destinations() -> None:
    """Send what is due to destinations, for some seconds at most."""
    deliver_outgoing(now=timezone.now())
