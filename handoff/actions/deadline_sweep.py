"""The deadlines, polled: a breach or a warning and its notice are one transaction, so none is lost and none doubled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import pgettext

from accounts.models import User
from handoff.actions import transition
from handoff.audience import owner_or_team, owner_team_and_managers
from handoff.enums import OPEN_STATES
from handoff.models import Deadline
from leads.actions.telling import tell_of_lead

OPEN = Q(met_at=None, breached_at=None, cancelled_at=None)
BATCH = 200


def sweep_deadlines(*, now: datetime) -> tuple[int, int]:
    """Write every breach and every warning that has come due. Returns how many of each."""
    return _all_batches(_breach_batch, now), _all_batches(_warn_batch, now)


def _all_batches(batch: Callable[[datetime], int], now: datetime) -> int:
    total = 0
    while count := batch(now):
        total += count
    return total


@transaction.atomic
def _breach_batch(now: datetime) -> int:
    """Write each breach once, at the stored due time, whenever it is noticed."""
    due = _locked(OPEN & Q(due_at__lte=now), order="due_at")
    for deadline in due:
        if Deadline.objects.filter(OPEN, pk=deadline.pk).update(breached_at=now):
            transition.record(deadline.handoff, "breached", by=None, at=deadline.due_at, promise=deadline.promise)
            tell_of_lead(
                lead=deadline.handoff.lead,
                people=owner_team_and_managers(deadline.handoff),
                kind=f"handoff.breached.{deadline.promise}",
                key=f"breach:{deadline.pk}",
                now=now,
                params=_params(deadline),
                url=transition.address_of(deadline.handoff),
            )
    return len(due)


@transaction.atomic
def _warn_batch(now: datetime) -> int:
    """Warn once of each promise whose time to warn has come."""
    due = _locked(OPEN & Q(warned_at=None, warn_at__lte=now, due_at__gt=now), order="warn_at")
    for deadline in due:
        if Deadline.objects.filter(OPEN, pk=deadline.pk, warned_at=None).update(warned_at=now):
            tell_of_lead(
                lead=deadline.handoff.lead,
                people=owner_or_team(deadline.handoff),
                kind=f"handoff.due_soon.{deadline.promise}",
                key=f"warn:{deadline.pk}:{deadline.due_at.isoformat()}",
                now=now,
                params=_params(deadline),
                url=transition.address_of(deadline.handoff),
            )
    return len(due)


def _locked(condition: Q, *, order: str) -> list[Deadline]:
    """Open clocks of open hand-offs; those that another sweep holds are left to it."""
    deadlines = Deadline.objects.filter(condition, handoff__state__in=OPEN_STATES).order_by(order, "pk")
    related = deadlines.select_related("handoff__lead", "handoff__owner", "handoff__team")
    return list(related.select_for_update(skip_locked=True, of=("self",))[:BATCH])


def _params(deadline: Deadline) -> dict[str, str]:
    return {"due_at": deadline.due_at.isoformat()} | _owner(deadline.handoff.owner)


def _owner(owner: User | None) -> dict[str, str]:
    """Who has the lead; that nobody has, in both languages."""
    if owner is not None:
        return {"owner": str(owner)}
    words = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words[f"owner_{language}"] = pgettext("owner", "none yet")
    return words
