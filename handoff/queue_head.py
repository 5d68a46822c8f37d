"""What stands above the queue, its counts and tabs: drawn with the page, and again after every step in a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise

from accounts.enums import Role
from accounts.models import User
from handoff.enums import QueueTab
from handoff.queries.queue import TabCounts, counts, first_tab


@dataclass(frozen=True, kw_only=True)
class TabLink:
    """One tab above the list; `count` is None for a tab whose rows are not counted."""

    label: str | Promise
    count: int | None
    href: str
    current: bool


def queue_head(user: User, query: QueryDict, tab: QueueTab, now: datetime) -> dict[str, Any]:
    """The counts and the tabs of the list that `query` asks for, as its templates take them.

    `waiting` counts the tab with which the reader begins.
    """
    totals = counts(user, now)
    first = first_tab(user)
    return {
        "counts": totals,
        "first_tab": first.value,
        "waiting": totals.by_tab[first.value],
        "tabs": _tabs(user, query, tab, totals),
    }


def _tabs(user: User, query: QueryDict, current: QueueTab, totals: TabCounts) -> list[TabLink]:
    """Everything to do at once is reached by the counts only; a helper from outside has no team's tab."""
    hidden = {QueueTab.OPEN, QueueTab.ALL} - {current} | ({QueueTab.TEAM} if user.role == Role.OUTSOURCED else set())
    return [
        TabLink(
            label=tab.label,
            count=totals.by_tab.get(tab.value),
            href=address(query, tab=tab.value, after=None, state=None),
            current=tab == current,
        )
        for tab in QueueTab
        if tab not in hidden
    ]


def address(query: QueryDict, **changes: str | None) -> str:
    """The query with some parameters changed, or left out for None."""
    changed = query.copy()
    for name, value in changes.items():
        changed.pop(name, None)
        if value:
            changed[name] = value
    return f"?{changed.urlencode()}"
