"""Changing what was told, where the data of the person it speaks of is erased."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.db.models import Q

from notices.models import Delivery, Notice, OutboxMessage


def rewrite_notices(
    *, rewrite: Callable[[dict[str, Any]], dict[str, Any]], urls: Collection[str] = (), saying: Iterable[str] = ()
) -> int:
    """Change what notices and messages say that lead to one of these pages or have one of the texts `saying` in them.

    What was answered to them goes; what was sent is out of reach. Returns how many changed.
    """
    wanted = Q(url__in=urls)
    for text in saying:
        wanted |= Q(params__icontains=text)
    Delivery.objects.filter(message__in=OutboxMessage.objects.filter(wanted)).exclude(answer="").update(answer="")
    changed = 0
    managers: tuple[Any, ...] = (Notice.objects, OutboxMessage.objects)
    for manager in managers:
        rows = list(manager.filter(wanted))
        for row in rows:
            row.params = rewrite(row.params)
        manager.bulk_update(rows, ["params"], batch_size=500)
        changed += len(rows)
    return changed
