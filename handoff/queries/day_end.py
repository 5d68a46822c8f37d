"""The end of the list: how many were worked on today, and who comes back when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import User
from handoff.enums import DayTab
from handoff.models import Handoff
from handoff.queries.day import DayItem, day_counts, day_items
from handoff.queries.todos import visible_todos
from leads.models import Lead
from leads.queries.contact_data import reveal

NAMED = 5


@dataclass(frozen=True, kw_only=True)
class Comeback:
    """A lead that comes back, or to which something is to be done, and when."""

    lead: Lead
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DayEnd:
    """`later` counts all that come back; the first of them are named."""

    done: int
    later: int
    now: int
    comebacks: list[Comeback] = field(default_factory=list)

    @property
    def unnamed(self) -> int:
        return self.later - len(self.comebacks)


def day_end(user: User, now: datetime) -> DayEnd:
    counts = day_counts(user, now)
    return DayEnd(
        done=counts.done, later=counts.later, now=counts.now,
        comebacks=_named(user, day_items(user, DayTab.LATER, now)[:NAMED]),
    )  # fmt: skip


def _named(user: User, items: list[DayItem]) -> list[Comeback]:
    handoffs = Handoff.objects.select_related("lead").in_bulk([item.handoff for item in items if item.handoff])
    todos = visible_todos(user).in_bulk([item.todo for item in items if item.todo])
    comebacks = []
    for item in items:
        row = handoffs.get(item.handoff) or todos.get(item.todo)
        if row is not None:
            comebacks.append(Comeback(lead=row.lead, at=item.at))
    reveal(user, [comeback.lead for comeback in comebacks])
    return comebacks
