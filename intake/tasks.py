from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from intake.imports.jobs import work_next


@shared_task(name="intake.run_imports")
def run_imports() -> None:
    """Check, run and take back what people asked for; the beat rings every few seconds, and so does who asks."""
    while work_next(clock=timezone.now):
        pass
