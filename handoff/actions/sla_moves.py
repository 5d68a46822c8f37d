"""Open deadlines that follow a new version of the SLA: those of leads that nobody has contacted yet, if so chosen."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from handoff.actions.calendar_moves import sort_queue_anew
from handoff.actions.calendar_versions import counted_by
from handoff.actions.deadlines import new_deadline
from handoff.models import Deadline, Handoff, HandoffStep, PolicyVersion
from handoff.policy.sla import read_sla
from handoff.queries.sla_moves import moves_of, waiting_promises
from scoring.queries.catalog import catalog

COLUMNS = ("version", "place", "amount", "mode", "calendar", "calendar_version", "warn_at", "due_at", "next_rung_at")


@transaction.atomic
def follow_version(*, version: PolicyVersion, by: User | None, now: datetime) -> int:
    """Put the leads that nobody has contacted under a version; returns how many of their promises are due at another
    time.

    A promise that it would end before `now` stays under the version it was made by: a change of settings breaks none.
    """
    waiting = waiting_promises().select_for_update(of=("self",)).order_by("handoff_id", "pk")
    moves = moves_of(read_sla(version.document, catalog()), waiting, now)
    steps: list[HandoffStep] = []
    counted = counted_by(move.deadline.handoff.team for move in moves)
    for move in moves:
        deadline, handoff = move.deadline, move.deadline.handoff
        handoff.sla_version, handoff.sla_place = version, move.place
        calendar, calendar_version = counted[handoff.team]
        fresh = new_deadline(
            handoff=handoff, terms=move.terms, calendar=calendar, start=deadline.started_at,
            calendar_version=calendar_version,
        )  # fmt: skip
        assert fresh is not None, "it was counted a moment ago"
        if move.differs:
            steps.append(_step(deadline, fresh.due_at, version, by, now))
        for name in COLUMNS:
            setattr(deadline, name, getattr(fresh, name))
    Deadline.objects.bulk_update([move.deadline for move in moves], COLUMNS)
    Handoff.objects.bulk_update([move.deadline.handoff for move in moves], ["sla_version", "sla_place"])
    HandoffStep.objects.bulk_create(steps)
    sort_queue_anew(step.handoff_id for step in steps)
    return len(steps)


def _step(deadline: Deadline, due: datetime, version: PolicyVersion, by: User | None, now: datetime) -> HandoffStep:
    params = {
        "promise": deadline.promise, "version": version.number, "due_before": deadline.due_at.isoformat(),
        "due_after": due.isoformat(),
    }  # fmt: skip
    return HandoffStep(handoff_id=deadline.handoff_id, kind="policy_moved", at=now, by=by, params=params)
