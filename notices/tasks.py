from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from notices.actions import deliver_due


@shared_task(name="notices.deliver")
def deliver() -> None:
    """Send what is due; the beat rings every few seconds."""
    while deliver_due(now=timezone.now()):
        pass
