"""News that ring our tasks."""

from __future__ import annotations

import logging
from typing import Any

from celery import current_app
from celery.exceptions import CeleryError
from django.dispatch import receiver
from kombu.exceptions import OperationalError

from intake.signals import import_wanted

log = logging.getLogger(__name__)


@receiver(import_wanted)
def import_soon(**_news: Any) -> None:
    """Begin now; without a broker the beat finds the job."""
    try:
        current_app.send_task("intake.run_imports", retry=False, ignore_result=True)
    except (CeleryError, OperationalError, OSError):
        log.warning("doorbell_silent", extra={"task": "intake.run_imports"})
