"""What has happened to a list since its page was drawn."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import Role
from accounts.models import User
from handoff.models import Handoff, HandoffStep


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a page of a list shows: its rows, or only the first of them where it is not the whole list."""

    pks: Sequence[int]
    newest: int = 0
    drawn_at: datetime | None = None
    is_whole: bool = False


def comings_and_goings(handoffs: QuerySet[Handoff], shown: Shown) -> tuple[int, int]:
    """How many of the list the page does not show yet, and how many it shows that have left the list.

    Of a list with more pages only those count as new that are, or that have moved since the page was drawn.
    """
    unseen = handoffs.exclude(pk__in=shown.pks)
    if not shown.is_whole:
        moved = Q(pk__gt=shown.newest)
        if shown.drawn_at is not None:
            steps = HandoffStep.objects.filter(handoff=OuterRef("pk"), at__gte=shown.drawn_at)
            moved |= Q(Exists(steps))
        unseen = unseen.filter(moved)
    return unseen.count(), len(shown.pks) - handoffs.filter(pk__in=shown.pks).count()


def changed_since(pks: Collection[int], since: datetime) -> list[int]:
    """Of these hand-offs, those that have had a step since."""
    steps = HandoffStep.objects.filter(handoff__in=pks, at__gte=since)
    return sorted(set(steps.values_list("handoff", flat=True)))


def claimed_by_colleagues(user: User, pks: Collection[int]) -> list[Handoff]:
    """Of these hand-offs, which `user` sees no more, those that a colleague of the team has claimed.

    Their claim would have been told the name, too. External staff are told nothing.
    """
    if user.role == Role.OUTSOURCED or user.team_id is None:
        return []
    return list(Handoff.objects.filter(pk__in=pks, team=user.team_id, owner__isnull=False).select_related("owner"))
