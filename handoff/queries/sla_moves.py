"""Which open promises would move if they followed another SLA; each keeps its start."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import QuerySet

from accounts.models import User
from handoff.access import visible_handoffs
from handoff.calendars import calendar_of_team, clock_of
from handoff.enums import OPEN_STATES, Promise
from handoff.errors import NeverOpenError
from handoff.models import Deadline
from handoff.policy.sla import Sla, Terms
from handoff.promises import due_at
from handoff.queries.sla_terms import places_of
from leads.models import Lead

SOME = 5  # names


@dataclass(frozen=True, kw_only=True)
class Hit:
    """How many open hand-offs a policy at `place` would be for, and some of their leads."""

    place: int
    number: int
    leads: list[Lead]


def hits_of(sla: Sla, user: User, now: datetime) -> list[Hit]:
    """Which open hand-offs that this person sees each policy would be for if they were given over now."""
    rows = visible_handoffs(user).filter(state__in=OPEN_STATES).select_related("lead", "model")
    by_place: dict[int, list[Lead]] = defaultdict(list)
    for _model, together in groupby(rows.order_by("model_id", "-score", "pk"), key=lambda row: row.model_id):
        of_model = list(together)
        places = places_of(sla, [row.lead_id for row in of_model], model=of_model[0].model, at=now)
        for row in of_model:
            by_place[places[row.lead_id]].append(row.lead)
    return [
        Hit(place=place, number=len(by_place[place]), leads=by_place[place][:SOME])
        for place in range(len(sla.policies))
    ]


@dataclass(frozen=True, kw_only=True)
class Move:
    """A clock, the place of its policy in the other SLA, what that promises, and when it would then be due."""

    deadline: Deadline
    place: int
    terms: Terms
    due_at: datetime

    @property
    def differs(self) -> bool:
        return self.due_at != self.deadline.due_at


def waiting_promises() -> QuerySet[Deadline]:
    """The running clocks of leads that nobody has contacted yet: only they can follow another SLA."""
    running = Deadline.objects.filter(
        promise=Promise.FIRST_CONTACT, met_at=None, breached_at=None, cancelled_at=None, is_by_hand=False,
        handoff__contacted_at=None, handoff__state__in=OPEN_STATES,
    )  # fmt: skip
    return running.select_related("handoff__lead", "handoff__model", "handoff__team", "handoff__owner", "version")


def moves_of(sla: Sla, deadlines: Iterable[Deadline], now: datetime) -> list[Move]:
    """What each clock would be under `sla`; left out are those that it would end before `now`, or does not promise."""
    rows = sorted(deadlines, key=lambda row: (row.handoff.model_id, row.pk))
    clocks = {team: clock_of(calendar_of_team(team)) for team in {row.handoff.team for row in rows}}
    found: list[Move] = []
    for _model, together in groupby(rows, key=lambda row: row.handoff.model_id):
        of_model = list(together)
        leads = [row.handoff.lead_id for row in of_model]
        places = places_of(sla, leads, model=of_model[0].handoff.model, at=now)
        for row in of_model:
            place = places[row.handoff.lead_id]
            terms = sla.policies[place].promises.get(Promise.FIRST_CONTACT) if sla.policies else None
            if terms is None:
                continue
            try:
                clock = clocks[row.handoff.team]
                due = due_at(clock=clock, mode=terms.mode, amount=terms.amount, start=row.started_at)
            except NeverOpenError:
                continue
            if due > now:
                found.append(Move(deadline=row, place=place, terms=terms, due_at=due))
    return found
