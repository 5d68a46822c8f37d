from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from background.doorbell import answered, ring
from background.jobs import run_steps
from studio.actions.effects import EFFECT

BUDGET = 20.0  # seconds; then another worker (or we) may take a new ring


@shared_task(name="studio.effects")
def effects() -> None:
    """Count the effects of drafts that somebody waits for until they are done or the time is up."""
    answered("studio.effects")
    if run_steps(EFFECT, clock=timezone.now, seconds=BUDGET):
        ring("studio.effects")
