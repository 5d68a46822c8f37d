from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from frame.kept_answers import forget_answers


@shared_task(name="frame.forget_answers")
def forget_api_answers() -> None:
    """Delete the answers to repeatable requests that are kept no longer."""
    forget_answers(now=timezone.now())
