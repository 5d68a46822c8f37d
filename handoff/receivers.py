"""News that hand-offs follow: decisions about leads and merges inside their transaction, new episodes after theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from background.doorbell import ring
from handoff.actions.following import follow_assignment, follow_decision
from handoff.actions.merging import Followed, follow_merges, follow_undone_merge
from leads.models import Merge
from leads.signals import leads_assigned, leads_merged, merge_undone, stage_decided
from scoring.signals import episodes_changed


@receiver(stage_decided)
def on_decision(lead_ids: list[int], stage: str, by: Any, now: Any, **_rest: Any) -> None:
    """A lead was put aside or taken back."""
    follow_decision(lead_ids=lead_ids, stage=stage, by=by, now=now)


@receiver(leads_assigned)
def on_assignment(lead_ids: list[int], owner: Any, by: Any, now: Any, **_rest: Any) -> None:
    """Leads were given to somebody."""
    follow_assignment(lead_ids=lead_ids, owner=owner, by=by, now=now)


@receiver(leads_merged)
def on_merges(merges: Sequence[Merge], now: datetime, **_rest: Any) -> Followed:
    """Leads became one."""
    return follow_merges(merges=merges, now=now)


@receiver(merge_undone)
def on_undone_merge(merge: Merge, by: Any, now: datetime, **_rest: Any) -> None:
    """They are two again."""
    follow_undone_merge(merge=merge, by=by, now=now)


@receiver(episodes_changed)
def on_episodes(**_rest: Any) -> None:
    """A hot lead reaches the queue at once, not with the next beat."""
    ring("handoff.open_handoffs")
