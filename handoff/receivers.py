"""News that hand-offs follow: decisions about leads inside their transaction, new episodes after theirs."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from accounts.signals import staff_changed
from background.doorbell import ring
from handoff.actions.automatic_todos import end_answered_todos
from handoff.actions.on_lead_decision import follow_assignment, follow_decision
from handoff.actions.orphans import return_orphans
from leads.signals import leads_assigned, stage_decided
from scoring.signals import answered, episodes_changed


@receiver(stage_decided)
def on_decision(lead_ids: list[int], stage: str, by: Any, now: Any, **_rest: Any) -> None:
    """A lead was put aside or taken back."""
    follow_decision(lead_ids=lead_ids, stage=stage, by=by, now=now)


@receiver(leads_assigned)
def on_assignment(lead_ids: list[int], owner: Any, by: Any, now: Any, **_rest: Any) -> None:
    """Leads were given to somebody."""
    follow_assignment(lead_ids=lead_ids, owner=owner, by=by, now=now)


@receiver(answered)
def on_answers(lead_id: int, now: Any, **_rest: Any) -> None:
    """What was to be asked is known."""
    end_answered_todos(lead_id=lead_id, now=now)


@receiver(staff_changed)
def on_staff(by: Any, **_rest: Any) -> None:
    """Somebody left, or has another role; a team was switched off."""
    return_orphans(by=by, now=timezone.now())


@receiver(episodes_changed)
def on_episodes(**_rest: Any) -> None:
    """A hot lead reaches the queue at once, not with the next beat."""
    ring("handoff.open_handoffs")
