from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from handoff.models import Handoff, HandoffStep

WITHIN = timedelta(minutes=1)


def undoable_step(handoff: Handoff, by: User, now: datetime) -> HandoffStep | None:
    """The latest step, if `by` made it within the last minute and it can be taken back."""
    last = handoff.steps.order_by("-pk").first()
    fresh = last is not None and last.by_id == by.pk and now - last.at <= WITHIN
    return last if fresh and last is not None and "undo" in last.params else None
