from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from background.doorbell import answered
from background.jobs import run_steps
from intake.actions.confirmations import send_due_confirmations
from intake.actions.replay import REPLAY
from intake.actions.watching import prune_kept, watch_intake
from intake.imports.jobs import JOB_KINDS
from intake.tracking.release import forget


@shared_task(name="intake.run_imports")
def run_imports() -> None:
    """Check, run and take back what people asked for; the beat rings every few seconds, and so does who asks."""
    answered("intake.run_imports")
    run_steps(*JOB_KINDS, clock=timezone.now)


@shared_task(name="intake.forget_visits")
def forget_visits() -> None:
    """Once an hour: what filters set aside long ago, and the salts of past days."""
    forget(now=timezone.now())


@shared_task(name="intake.replay_kept")
def replay_kept() -> None:
    """Take in what people repaired; the beat rings now and then, and so does who asks."""
    answered("intake.replay_kept")
    run_steps(REPLAY, clock=timezone.now)


@shared_task(name="intake.watch")
def watch() -> None:
    """Tell who looks after intake what got worse, and remove what was kept long enough."""
    now = timezone.now()
    watch_intake(now=now)
    while prune_kept(now=now):
        pass


@shared_task(name="intake.send_confirmations")
def send_confirmations() -> None:
    """The mails that ask whether it was they who sent a form; one that could not be sent is tried again later."""
    answered("intake.send_confirmations")
    send_due_confirmations(now=timezone.now())
