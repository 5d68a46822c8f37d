"""What stands above "My day", its counts and tabs: drawn with the page, and again after every step in a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Role
from accounts.models import User
from accounts.policies import is_allowed
from handoff import policies
from handoff.enums import DayKind, DayTab, QueueTab
from handoff.queries.coming import count_coming
from handoff.queries.day import DayCounts, day_counts
from handoff.queries.queue import queue
from web import formats
from web.paging import Count, count_of

SHOWN = 99
"""The most that is counted of what lies beside the day: after every step, so no further than anybody reads."""


@dataclass(frozen=True, kw_only=True)
class DayLink:
    """A number that leads to the rows it counts. `tone` is "bad" for what is late."""

    label: str
    count: Count | None
    href: str
    current: bool = False
    tone: str = ""


def asked_tab(query: QueryDict) -> str:
    tab = query.get("tab", "")
    return tab if tab in DayTab.values else DayTab.NOW.value


def asked_kind(query: QueryDict) -> str:
    """Of which kind the rows of "Now" are to be; "" for all."""
    kind = query.get("show", "")
    return kind if kind in DayKind.values and asked_tab(query) == DayTab.NOW else ""


def day_head(user: User, tab: str, kind: str, now: datetime) -> dict[str, Any]:
    """The counts and the tabs as the templates of the page take them."""
    counts = day_counts(user, now)
    return {"day_counts": _counts(counts, kind), "day_tabs": [*_tabs(counts, tab), *elsewhere(user, now)]}


def _counts(counts: DayCounts, kind: str) -> list[DayLink]:
    """What there is to do now, by kind; kinds without a row are left out."""
    said = {
        DayKind.HOT: ngettext("%(n)s hot lead", "%(n)s hot leads", counts.hot),
        DayKind.CALL_BACK: ngettext("%(n)s call-back", "%(n)s call-backs", counts.call_back),
        DayKind.RESULT: ngettext("%(n)s result due", "%(n)s results due", counts.result),
        DayKind.TODO: ngettext("%(n)s to-do", "%(n)s to-dos", counts.todo),
        DayKind.OVERDUE: ngettext("%(n)s overdue", "%(n)s overdue", counts.overdue),
    }
    return [
        DayLink(
            label=words % {"n": formats.number(getattr(counts, each.value))}, count=None,
            href=f"?tab={DayTab.NOW.value}&show={each.value}", current=each == kind,
            tone="bad" if each == DayKind.OVERDUE else "",
        )
        for each, words in said.items()
        if getattr(counts, each.value)
    ]  # fmt: skip


def _tabs(counts: DayCounts, current: str) -> list[DayLink]:
    return [
        DayLink(
            label=str(tab.label), count=Count(number=getattr(counts, tab.value)), href=f"?tab={tab.value}",
            current=tab == current,
        )
        for tab in DayTab
    ]  # fmt: skip


def elsewhere(user: User, now: datetime) -> list[DayLink]:
    """What lies beside one's own day: the team's leads that nobody has, and who is close to hot."""
    links = []
    if user.role != Role.OUTSOURCED:
        waiting = count_of(queue(user, QueueTab.TEAM, now), SHOWN)
        href = f"{reverse('handoff:queue')}?tab={QueueTab.TEAM.value}"
        links.append(DayLink(label=_("Team queue"), count=waiting, href=href))
    if is_allowed(user, policies.COMING):
        links.append(DayLink(label=_("Coming soon"), count=count_coming(user, SHOWN), href=reverse("handoff:coming")))
    return links
