from __future__ import annotations

import time

from celery import shared_task
from django.utils import timezone

from background.doorbell import answered, ring
from background.jobs import open_slices, run_steps
from scoring import actions
from scoring.actions.lead_files import EXPORT, forget_files
from scoring.actions.rescoring import RESCORE
from scoring.actions.score import SMALLEST_CLAIM, next_limit

BUDGET = 20.0  # seconds; then another worker (or we) may take a new ring


@shared_task(name="scoring.score")
def score() -> None:
    """Score what is dirty until nothing is left or the time is up."""
    answered("scoring.score")
    end, limit, done = time.monotonic() + BUDGET, SMALLEST_CLAIM, 1
    while done and time.monotonic() < end:
        done = actions.score_dirty(now=timezone.now(), limit=limit)
        limit = next_limit(limit, done)
    if done:
        ring("scoring.score")


@shared_task(name="scoring.sweep_due")
def sweep_due() -> None:
    """Mark the leads whose score changes by time alone."""
    actions.sweep_due(now=timezone.now())


@shared_task(name="scoring.rescore")
def rescore() -> None:
    """Work on open re-scoring jobs until they are done or the time is up. Live traffic waits for a batch at most."""
    answered("scoring.rescore")
    if open_slices(RESCORE).count() > 1:
        ring("scoring.rescore")  # for whoever else is free
    end, more = time.monotonic() + BUDGET, True
    while more and time.monotonic() < end:
        more = actions.run_rescore_step(now=timezone.now())
        actions.score_dirty(now=timezone.now())
    if more:
        ring("scoring.rescore")


@shared_task(name="scoring.export")
def export() -> None:
    """Write the files of leads that programs asked for, and remove those that were kept long enough."""
    answered("scoring.export")
    run_steps(EXPORT, clock=timezone.now, seconds=BUDGET)
    forget_files(now=timezone.now())
