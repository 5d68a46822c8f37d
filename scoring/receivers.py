"""News that ring our tasks."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from background.doorbell import ring
from leads.signals import leads_changed
from scoring.signals import rescore_wanted


@receiver(leads_changed)
def score_soon(**_news: Any) -> None:
    ring("scoring.score")


@receiver(rescore_wanted)
def rescore_soon(**_news: Any) -> None:
    ring("scoring.rescore")
