"""The stretches of time in which sales waits for the customer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from handoff.clock import Pause as Stretch
from handoff.models import Handoff, Pause


def pauses_of(handoffs: Iterable[Handoff | int]) -> dict[int, list[Stretch]]:
    """Per hand-off its pauses in order; one that has not ended counts up to the time it was made for."""
    found: dict[int, list[Stretch]] = defaultdict(list)
    rows = Pause.objects.filter(handoff__in=list(handoffs)).order_by("started_at")
    for handoff, start, end, until in rows.values_list("handoff", "started_at", "ended_at", "until"):
        found[handoff].append((start, end or until))
    return found


def open_pauses(handoffs: Iterable[int]) -> dict[int, datetime]:
    """Until when each of these hand-offs waits for the customer, of those that do."""
    return dict(Pause.objects.filter(handoff__in=list(handoffs), ended_at=None).values_list("handoff", "until"))
