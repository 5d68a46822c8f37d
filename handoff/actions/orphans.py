"""Hand-offs whose owner or team is gone: nobody would see them, and their clocks go on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Team, User
from handoff.actions import transition
from handoff.audience import managers_or_admins
from handoff.enums import OPEN_STATES, HandoffState
from handoff.models import Handoff
from notices.actions import tell

# A marketer answers first; what sales has accepted is no longer theirs to conclude.
OUT_OF_SALES = Q(owner__role=Role.MARKETER, state=HandoffState.ACCEPTED)
ORPHANED = Q(owner__is_active=False) | OUT_OF_SALES | Q(team__is_active=False)


@transaction.atomic
def return_orphans(*, by: User | None, now: datetime) -> int:
    """Give open hand-offs of people who left, or lost the role, back to their team, and those of a team that was
    switched off to the team that takes every lead. Clocks go on; managers are told. Returns how many."""
    ids = Handoff.objects.filter(ORPHANED, state__in=OPEN_STATES).order_by("lead_id", "pk").values_list("pk", flat=True)
    returned: dict[Team, list[Handoff]] = defaultdict(list)
    for pk in list(ids):
        handoff = Handoff.objects.select_related("team", "owner").get(pk=pk)
        team = handoff.team if handoff.team.is_active else _fallback()
        if team is not None and _return(handoff, team, by, now):
            returned[team].append(handoff)
    for team, handoffs in returned.items():
        _tell(team, handoffs, now)
    return sum(map(len, returned.values()))


def _fallback() -> Team | None:
    teams = Team.objects.filter(is_active=True)
    return teams.filter(is_default=True).first() or teams.order_by("pk").first()


def _return(handoff: Handoff, team: Team, by: User | None, now: datetime) -> bool:
    """Put one back into the queue of `team`, with all that was done; who is still there keeps it."""
    lead = transition.lock(handoff)
    owner = handoff.owner
    if handoff.state not in OPEN_STATES:
        return False
    if owner is not None and owner.is_active and not (
        owner.role == Role.MARKETER and handoff.state == HandoffState.ACCEPTED
    ):  # fmt: skip
        transition.swap(handoff, states=OPEN_STATES, team=team)
        transition.update_lead(lead, now=now, team=team)
    else:
        transition.swap(
            handoff, states=OPEN_STATES, state=HandoffState.QUEUED, owner=None, team=team, routed_by="owner_left",
            claimed_at=None, snoozed_until=None,
        )  # fmt: skip
        transition.update_lead(lead, now=now, owner=None, team=team)
    transition.record(handoff, "returned", by=by, at=now, team=str(team), to=str(owner or ""))
    return True


def _tell(team: Team, handoffs: Iterable[Handoff], now: datetime) -> None:
    """One notice for all that came back at once."""
    rows = list(handoffs)
    tell(
        people=managers_or_admins(team.pk), kind="handoff.returned", key=f"returned:{rows[0].pk}:{now.isoformat()}",
        now=now, params={"count": len(rows), "team": str(team)}, url=reverse("handoff:queue"),
    )  # fmt: skip
