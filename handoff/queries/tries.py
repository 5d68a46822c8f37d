"""Calls that reached nobody: what a row says of them, and how long the lead is not offered again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from handoff.models import CallRules, Contact, Handoff
from handoff.retries import plans_of
from leads.models import Activity

LONGEST_PLAN = timedelta(days=60)  # how far back a try may lie whose lead still waits for its time


@dataclass(frozen=True, kw_only=True)
class Tries:
    """How often a lead was tried and not reached, and when last."""

    number: int
    last_at: datetime
    planned: int = 0
    again_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether all retries of the team's plan were in vain."""
        return self.number > self.planned > 0


def tries_of(handoffs: Iterable[Handoff]) -> dict[int, Tries]:
    """Per hand-off whose lead nobody has spoken with yet."""
    open_ones = {handoff.pk: handoff for handoff in handoffs if handoff.contacted_at is None}
    tried = Contact.objects.filter(handoff__in=open_ones, reached=False).order_by().values("handoff")
    rows = list(tried.annotate(number=Count("pk"), last_at=Max("at")))
    plans = plans_of({open_ones[row["handoff"]].team_id for row in rows})
    return {
        row["handoff"]: Tries(
            number=row["number"],
            last_at=row["last_at"],
            planned=len(plans[open_ones[row["handoff"]].team_id]),
            again_at=open_ones[row["handoff"]].retry_at,
        )
        for row in rows
    }


def call_rules() -> CallRules:
    """The rules in force; those of a new installation where nobody has changed them."""
    return CallRules.objects.first() or CallRules()


def offered(handoffs: QuerySet[Handoff], now: datetime) -> QuerySet[Handoff]:
    """Without the leads that rest: tried in vain a short while ago, or to be called again at a planned time.

    Whoever is overdue or has been active since the try does not rest.
    """
    since, longest = now - call_rules().rest, now - LONGEST_PLAN
    acted = Activity.objects.filter(
        lead=OuterRef("handoff__lead"), type__is_interest=True, is_excluded=False,
        occurred_at__gt=longest, occurred_at__gte=OuterRef("at"),
    )  # fmt: skip
    waits = Q(at__gt=since) | Q(handoff__retry_at__gt=now, at__gt=longest)
    tried = Contact.objects.filter(waits, ~Exists(acted), handoff=OuterRef("pk"), reached=False)
    return handoffs.filter(Q(due_at__lt=now) | ~Exists(tried))
