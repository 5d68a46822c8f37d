"""Where the hand-off stands of somebody who sent a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from handoff.models import Handoff


def handoff_outcomes(leads: Mapping[int, datetime]) -> dict[int, list[str]]:
    """The state of each hand-off that was opened since, with who has it."""
    found: dict[int, list[str]] = {}
    handoffs = Handoff.objects.filter(lead__in=leads).select_related("owner").order_by("queued_at")
    for handoff in handoffs:
        if handoff.queued_at >= leads[handoff.lead_id]:
            owner = f" · {handoff.owner}" if handoff.owner else ""
            found.setdefault(handoff.lead_id, []).append(f"{handoff.get_state_display()}{owner}")
    return found
