from __future__ import annotations

import time
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from leads.actions import duplicates
from leads.actions.activities import ensure_months
from leads.actions.merge_runs import merge_automatically

MONTHS_AHEAD = 3
BUDGET = 20.0  # seconds


@shared_task(name="leads.ensure_partitions")
def ensure_partitions() -> None:
    """Make the months of activities that come next, so that nobody waits for one at midnight."""
    today = timezone.now()
    ensure_months(today + timedelta(days=28 * ahead) for ahead in range(MONTHS_AHEAD + 2))


@shared_task(name="leads.find_duplicates")
def find_duplicates() -> None:
    """Look for people who are known already among new and changed leads, until none is left or the time is up.

    Then merge what admins allow to be merged by itself.
    """
    end = time.monotonic() + BUDGET
    while time.monotonic() < end and duplicates.find_duplicates(now=timezone.now()):
        pass
    if time.monotonic() < end:
        merge_automatically(now=timezone.now())
