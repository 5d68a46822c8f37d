from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from leads.actions.activities import ensure_months

MONTHS_AHEAD = 3


@shared_task(name="leads.ensure_partitions")
def ensure_partitions() -> None:
    """Make the months of activities that come next, so that nobody waits for one at midnight."""
    today = timezone.now()
    ensure_months(today + timedelta(days=28 * ahead) for ahead in range(MONTHS_AHEAD + 2))
