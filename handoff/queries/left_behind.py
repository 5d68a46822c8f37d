"""Nothing is left behind: hand-offs that nobody has or that nothing brings back, and new leads nobody looked at.

Who is hot and in nobody's hands is in `unattended.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from handoff.access import visible_handoffs
from handoff.enums import OPEN_STATES, HandoffState, LeftBehind
from handoff.models import Deadline, Handoff, Todo
from handoff.queries.unattended import FORBIDDEN_LEADS, unattended, unattended_among
from leads.access import visible_leads
from leads.enums import Stage
from leads.models import Lead, Note
from web.paging import Count, Order, count_of

COUNTED = 100
AFTER = timedelta(days=2)
"""A lead that came in later than that may still be looked at."""
LOOKS_BACK = timedelta(days=90)
OLDEST_FIRST = Order(name="left", keys=("queued_at", "pk"))
NEWEST_FIRST = Order.by("-created_at")


def left_behind(user: User, kind: str, now: datetime) -> QuerySet[Any]:
    """The scores, hand-offs or leads of a kind that `user` sees."""
    if kind == LeftBehind.NO_OWNER:
        return visible_handoffs(user).filter(without_owner(now)).order_by(*OLDEST_FIRST.expressions())
    if kind == LeftBehind.NO_NEXT:
        return without_next_step(visible_handoffs(user), now).order_by(*OLDEST_FIRST.expressions())
    if kind == LeftBehind.UNSEEN:
        return unseen(visible_leads(user), now).order_by(*NEWEST_FIRST.expressions())
    return unattended(user)


def leads_left(kind: str, now: datetime) -> QuerySet[Any, int]:
    """The keys of all leads of a kind, whoever sees them."""
    if kind == LeftBehind.NO_OWNER:
        return Handoff.objects.filter(without_owner(now)).values_list("lead", flat=True)
    if kind == LeftBehind.NO_NEXT:
        return without_next_step(Handoff.objects.all(), now).values_list("lead", flat=True)
    if kind == LeftBehind.UNSEEN:
        return unseen(Lead.objects.present(), now).values_list("pk", flat=True)
    return unattended_among(Lead.objects.present()).values_list("lead", flat=True)


def counts(user: User, now: datetime, kinds: Iterable[LeftBehind] = LeftBehind) -> dict[LeftBehind, Count]:
    """How many there are of each kind, up to COUNTED."""
    return {kind: count_of(left_behind(user, kind, now), COUNTED) for kind in kinds}


def without_owner(now: datetime) -> Q:
    """Hand-offs that wait in a team's queue although the first contact is overdue."""
    return Q(state=HandoffState.QUEUED, owner=None, due_at__lt=now)


def without_next_step(handoffs: QuerySet[Handoff], now: datetime) -> QuerySet[Handoff]:
    """Of these hand-offs those that are in work and that nothing brings back: no clock runs, nobody is to do anything
    about the lead, and it is neither snoozed nor called again nor waits for the customer.
    """
    running = Deadline.objects.filter(handoff=OuterRef("pk"), met_at=None, cancelled_at=None)
    todos = Todo.objects.filter(lead=OuterRef("lead"), done_at=None)
    comes_back = Q(snoozed_until__gt=now) | Q(retry_at__gt=now)
    idle = handoffs.filter(~Exists(running), ~Exists(todos), paused_until=None, state__in=OPEN_STATES)
    return idle.exclude(pk__in=handoffs.filter(comes_back).values("pk"))


def unseen(leads: QuerySet[Lead], now: datetime) -> QuerySet[Lead]:
    """Of these leads those of the last months that nobody has, that were never handed off, and about which nobody
    wrote or plans anything.
    """
    new = leads.filter(
        is_anonymous=False, erased_at=None, owner=None, stage=Stage.INQUIRY, created_at__gt=now - LOOKS_BACK,
        created_at__lt=now - AFTER,
    )  # fmt: skip
    touched = [model.objects.filter(lead=OuterRef("pk")) for model in (Handoff, Todo, Note)]
    return new.filter(*(~Exists(rows) for rows in touched)).exclude(FORBIDDEN_LEADS)
