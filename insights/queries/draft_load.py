"""What a draft of the rules would bring to whose desk: those who would become hot, routed as hand-offs are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef

from accounts.models import Team, User
from handoff.enums import OPEN_STATES, HandoffState
from handoff.models import Handoff
from handoff.queries.board import Load, loads
from handoff.queries.desk import route_plan
from leads.enums import Stage
from leads.models import Lead
from scoring.enums import Fate
from scoring.models import ScoringModel
from studio.models import Effect, Move

WAITING = (HandoffState.QUEUED, HandoffState.CLAIMED)


@dataclass(frozen=True, kw_only=True)
class DraftLoad:
    """A person's open hand-offs, and those that the draft would add at once."""

    load: Load
    coming: int

    @property
    def after(self) -> int:
        return self.load.open + self.coming

    @property
    def is_over(self) -> bool:
        return self.after > self.load.person.capacity


@dataclass(frozen=True, kw_only=True)
class DraftLoads:
    people: list[DraftLoad]
    queues: list[tuple[Team, int]] = field(default_factory=list)
    """What would wait for anybody of a team."""
    cooled: int = 0
    """Hand-offs not yet contacted whose lead would stop being hot: flagged as cooled, their promises stay."""


def draft_loads(model: ScoringModel, user: User, now: datetime) -> DraftLoads | None:
    """Desks that `user` sees, under the model's draft; None until its effect is worked out."""
    effect = Effect.objects.filter(model=model, version=None, revision=model.draft_revision, is_complete=True).first()
    if effect is None:
        return None
    owners, queues = _routed(effect, now)
    people = [DraftLoad(load=load, coming=owners[load.person.pk]) for load in loads(user, now)]
    teams = Team.objects.filter(pk__in=queues).order_by("name")
    leaving = Move.objects.filter(effect=effect, fate=Fate.LEAVING).values("lead")
    return DraftLoads(
        people=people,
        queues=[(team, queues[team.pk]) for team in teams],
        cooled=Handoff.objects.filter(model=model, state__in=WAITING, cooled_at=None, lead__in=leaving).count(),
    )


def _routed(effect: Effect, now: datetime) -> tuple[Counter[int], Counter[int]]:
    """How many would go to each person, and how many to the queue of each team.

    Counted are those who would become hot and get a hand-off: known, not disqualified, without an open one.
    """
    owners, queues = Counter[int](), Counter[int]()
    in_hands = Exists(Handoff.objects.filter(lead=OuterRef("lead"), model=effect.model_id, state__in=OPEN_STATES))
    entering = Move.objects.filter(effect=effect, fate=Fate.ENTERING, lead__is_anonymous=False, lead__merged_into=None)
    new = entering.filter(~in_hands).exclude(lead__stage=Stage.DISQUALIFIED)
    leads = list(Lead.objects.filter(pk__in=new.values("lead")).select_related("owner").order_by("pk"))
    plan = route_plan(leads, model=effect.model, now=now, within_limits=False)
    for found in filter(None, map(plan.next, leads)):
        if found.owner is not None:
            owners[found.owner.pk] += 1
        else:
            queues[found.team.pk] += 1
    return owners, queues
