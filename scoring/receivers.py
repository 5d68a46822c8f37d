"""News that ring our tasks, and merges, which answers and adjustments follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from background.doorbell import ring
from leads.models import Merge
from leads.signals import leads_changed, leads_merged, merge_undone
from scoring.actions.following import Followed, follow_merges, follow_undone_merge
from scoring.signals import rescore_wanted


@receiver(leads_changed)
def score_soon(**_news: Any) -> None:
    ring("scoring.score")


@receiver(rescore_wanted)
def rescore_soon(**_news: Any) -> None:
    ring("scoring.rescore")


@receiver(leads_merged)
def on_merges(merges: Sequence[Merge], now: datetime, **_rest: Any) -> Followed:
    """Leads became one: inside its transaction."""
    return follow_merges(merges=merges, now=now)


@receiver(merge_undone)
def on_undone_merge(merge: Merge, **_rest: Any) -> None:
    """They are two again: inside its transaction."""
    follow_undone_merge(merge=merge)
