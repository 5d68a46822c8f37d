"""Calls that reached nobody: what a row says of them, and how long the lead is not offered again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from handoff.models import CallRules, Contact, Handoff
from leads.models import Activity


@dataclass(frozen=True, kw_only=True)
class Tries:
    """How often a lead was tried and not reached, and when last."""

    number: int
    last_at: datetime


def tries_of(handoffs: Iterable[Handoff]) -> dict[int, Tries]:
    """Per hand-off whose lead nobody has spoken with yet."""
    open_ones = [handoff.pk for handoff in handoffs if handoff.contacted_at is None]
    tried = Contact.objects.filter(handoff__in=open_ones, reached=False).order_by().values("handoff")
    rows = tried.annotate(number=Count("pk"), last_at=Max("at"))
    return {row["handoff"]: Tries(number=row["number"], last_at=row["last_at"]) for row in rows}


def call_rules() -> CallRules:
    """The rules in force; those of a new installation where nobody has changed them."""
    return CallRules.objects.first() or CallRules()


def offered(handoffs: QuerySet[Handoff], now: datetime) -> QuerySet[Handoff]:
    """Without the leads that rest: tried in vain a short while ago, and neither overdue nor active again since."""
    since = now - call_rules().rest
    acted = Activity.objects.filter(
        lead=OuterRef("handoff__lead"), type__is_interest=True, is_excluded=False,
        occurred_at__gt=since, occurred_at__gte=OuterRef("at"),
    )  # fmt: skip
    tried = Contact.objects.filter(~Exists(acted), handoff=OuterRef("pk"), reached=False, at__gt=since)
    return handoffs.filter(Q(due_at__lt=now) | ~Exists(tried))
