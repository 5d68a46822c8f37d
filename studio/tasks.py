from __future__ import annotations

import time

from celery import shared_task
from django.utils import timezone

from background.doorbell import answered, ring
from studio.actions.effect_job import run_effect_step

BUDGET = 20.0  # seconds; then another worker (or we) may take a new ring


@shared_task(name="studio.effects")
def effects() -> None:
    """Count the effects of drafts that somebody waits for until they are done or the time is up."""
    answered("studio.effects")
    end, more = time.monotonic() + BUDGET, True
    while more and time.monotonic() < end:
        more = run_effect_step(now=timezone.now())
    if more:
        ring("studio.effects")
