"""News that ring our tasks."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from background.doorbell import ring
from intake.signals import import_wanted, replay_wanted


@receiver(import_wanted)
def import_soon(**_news: Any) -> None:
    ring("intake.run_imports")


@receiver(replay_wanted)
def replay_soon(**_news: Any) -> None:
    ring("intake.replay_kept")
