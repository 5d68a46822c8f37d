"""What open pages of queue and lead hear: that a hand-off has moved, or that somebody is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from accounts.enums import Role
from accounts.models import User
from background.live import News, announce
from handoff.access import SEES_ALL
from handoff.models import Handoff

TOPIC = "handoff"


def tell_changes(handoffs: Iterable[Handoff], before: Mapping[str, Any] | None = None) -> None:
    """These hand-offs have changed; `before` says whose one of them was, so that those hear it who lose it."""
    by_team: dict[int, list[Handoff]] = defaultdict(list)
    for handoff in handoffs:
        by_team[handoff.team_id].append(handoff)
    earlier = before or {}
    for team, together in by_team.items():
        people = {handoff.owner_id for handoff in together} | {earlier.get("owner_id")}
        announce(
            TOPIC, kind="step", handoffs=[handoff.pk for handoff in together],
            teams=sorted({team, earlier.get("team_id", team)}), people=sorted(pk for pk in people if pk),
        )  # fmt: skip


def tell_presence(handoff: Handoff) -> None:
    """Somebody came to a hand-off, went, or began to write."""
    people = [handoff.owner_id] if handoff.owner_id else []
    announce(TOPIC, kind="presence", handoffs=[handoff.pk], teams=[handoff.team_id], people=people)


def hears_of(user: User) -> Callable[[News], bool]:
    """Whether news of hand-offs concerns this person; external staff never hear who else is there."""
    sees_all, pk = user.role in SEES_ALL, user.pk
    team = user.team_id if user.role in (Role.REP, Role.MANAGER) else None
    is_external = user.role == Role.OUTSOURCED

    def concerns(news: News) -> bool:
        if is_external and news["kind"] == "presence":
            return False
        return sees_all or pk in news["people"] or (team is not None and team in news["teams"])

    return concerns
