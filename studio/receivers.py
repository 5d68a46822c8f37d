"""News that ring our tasks, and the end of a re-score."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from background.doorbell import ring
from background.models import JobRun
from scoring.signals import rescored
from studio.actions.version_numbers import keep_version_numbers
from studio.signals import effect_wanted


@receiver(effect_wanted)
def count_soon(**_news: Any) -> None:
    ring("studio.effects")


@receiver(rescored)
def on_rescored(job: JobRun, now: datetime, **_rest: Any) -> None:
    """Everybody has the version's scores: inside the transaction that says so."""
    keep_version_numbers(job=job, now=now)
