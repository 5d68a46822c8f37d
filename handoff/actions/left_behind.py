"""Hand-offs in work that nothing brings back: a day later the managers are told, once."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.urls import reverse

from handoff.actions import transition
from handoff.audience import managers_or_admins
from handoff.enums import LeftBehind
from handoff.models import Handoff, HandoffStep
from handoff.queries.left_behind import without_next_step
from notices.actions import tell

PATIENCE = timedelta(days=1)
BATCH = 200
STEP = "left_behind"


@transaction.atomic
def alarm_left_behind(*, now: datetime) -> int:
    """Write into the history of each such hand-off that it was left, and tell the managers of each team how many.

    Once: until somebody takes a step with it again. Returns how many.
    """
    last = HandoffStep.objects.filter(handoff=OuterRef("pk")).order_by("-pk")
    idle = without_next_step(Handoff.objects.all(), now).annotate(
        last_kind=Subquery(last.values("kind")[:1]), last_at=Subquery(last.values("at")[:1])
    )
    left = idle.filter(last_at__lte=now - PATIENCE).exclude(last_kind=STEP).order_by("pk").values_list("pk", flat=True)
    locked = Handoff.objects.filter(pk__in=list(left[:BATCH])).select_for_update(of=("self",), skip_locked=True)
    by_team: dict[int, list[HandoffStep]] = defaultdict(list)
    for handoff in locked.select_related("team").order_by("pk"):
        by_team[handoff.team_id].append(transition.record(handoff, STEP, by=None, at=now))
    for team, steps in by_team.items():
        tell(
            people=managers_or_admins(team), kind="handoff.left_behind", key=f"left:{steps[0].pk}", now=now,
            params={"count": len(steps), "team": str(steps[0].handoff.team)},
            url=f"{reverse('handoff:unattended')}?kind={LeftBehind.NO_NEXT.value}",
        )  # fmt: skip
    return sum(map(len, by_team.values()))
