"""The touches of a lead: activities that say where somebody came from, whoever told us of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leads.models import Activity, Lead

MOST = 20
# The names that files and other tools give to the same.
NAMES = {
    "source": ("source", "utm_source"),
    "medium": ("medium", "utm_medium"),
    "campaign": ("campaign", "utm_campaign"),
    "referrer": ("referrer",),
}


@dataclass(frozen=True, kw_only=True)
class Touch:
    """One of them; `page` is where the visit began, or what else the activity was about."""

    at: datetime
    what: str
    source: str
    medium: str
    campaign: str
    referrer: str
    page: str
    is_first: bool = False
    is_last: bool = False


@dataclass(frozen=True, kw_only=True)
class Touches:
    """The first and the last ones in their order; `between` is how many are left out between them."""

    first: list[Touch]
    last: list[Touch]
    number: int

    @property
    def between(self) -> int:
        return self.number - len(self.first) - len(self.last)


def touches_of(lead: Lead) -> Touches:
    """Everything is kept; of many the page shows the first and the last."""
    rows = Activity.objects.filter(lead=lead, is_excluded=False, properties__has_any_keys=["source", "utm_source"])
    number = rows.count()
    ordered = rows.select_related("type").order_by("occurred_at", "pk")
    if number <= MOST:
        first, last = list(ordered), []
    else:
        first, last = (
            list(ordered[: MOST // 2]),
            list(rows.select_related("type").order_by("-occurred_at", "-pk")[: MOST // 2])[::-1],
        )
    shown = [*first, *last]
    told = [touch(row, is_first=row is shown[0], is_last=row is shown[-1]) for row in shown]
    return Touches(first=told[: len(first)], last=told[len(first) :], number=number)


def touch(row: Activity, *, is_first: bool, is_last: bool) -> Touch:
    told = {name: said(row.properties, names) for name, names in NAMES.items()}
    return Touch(
        at=row.occurred_at, what=str(row.type), page=row.object, is_first=is_first, is_last=is_last, **told
    )  # fmt: skip


def said(properties: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The first of these properties that says something, as text."""
    values = (properties.get(name) for name in names)
    return next((str(value) for value in values if isinstance(value, str | int | float) and value != ""), "")
