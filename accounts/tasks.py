from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from accounts import drafts


@shared_task(name="accounts.forget_drafts")
def forget_drafts() -> None:
    """Delete drafts that nobody has sent for a day."""
    drafts.forget_drafts(now=timezone.now())
