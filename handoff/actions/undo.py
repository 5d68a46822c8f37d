"""Undo instead of confirm: the last step is taken back as a whole, while it is fresh."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from handoff.actions import transition
from handoff.actions.automatic_todos import reopen_todos_of
from handoff.actions.feedback import take_back_verdict
from handoff.enums import TodoCause
from handoff.errors import RefusedError
from handoff.models import Contact, Deadline, Handoff, Outcome, Pause, Todo
from handoff.queries.steps import undoable_step
from leads.actions import move_stage
from leads.actions.forbidding import LIFTED, lifting
from leads.enums import ForbiddingFact, Stage
from leads.models import Lead, StageChange
from scoring.actions import HotAgainError, reopen_episode


def hold_again(episode: Any, now: datetime) -> None:
    """Have the episode go on that the step ended, if it ended one. Raises RefusedError where a newer one has begun."""
    if not episode:
        return
    try:
        reopen_episode(before=episode, now=now)
    except HotAgainError as error:
        raise RefusedError(
            _("The lead has become hot again, so the step can’t be undone. Work on the new hand-off instead.")
        ) from error


def _take_back_records(before: dict[str, Any]) -> None:
    """Remove the rows that the step made, and write back those that it changed."""
    Todo.objects.filter(cause=TodoCause.NEXT_STEP, subject=f"contact:{before.get('contact')}").delete()
    Contact.objects.filter(pk=before.get("contact") or 0).delete()
    Outcome.objects.filter(pk=before.get("outcome") or 0).delete()
    if deal := before.get("deal"):
        Outcome.objects.filter(pk=deal["id"]).update(**deal)
    take_back_verdict(before)
    Pause.objects.filter(pk=before.get("pause") or 0).delete()
    Pause.objects.filter(pk=before.get("resumed") or 0).update(ended_at=None)


@transaction.atomic
def undo_last_step(*, handoff: Handoff, by: User, now: datetime) -> None:
    """Write back what the last step changed: hand-off, stage, owner, clocks; and remove the records it made.

    The history of the stage keeps both moves.
    """
    lead = transition.lock(handoff)
    step = undoable_step(handoff, by, now)
    if step is None:
        raise RefusedError(_("Nothing to undo: a step can be undone for one minute. Record the correct step instead."))
    before = step.params["undo"]
    hold_again(before.get("episode"), now)
    _take_back_records(before)
    Deadline.objects.filter(handoff=handoff).exclude(pk__in=[row["id"] for row in before["deadlines"]]).delete()
    for row in before["deadlines"]:
        Deadline.objects.filter(pk=row["id"]).update(**row)
    # Where the product itself has moved the lead since, its stage stays: that was no part of the step.
    if not StageChange.objects.filter(lead=lead, at__gte=step.at, by=None).exists():
        move_stage(lead=lead, to=Stage(before["lead"]["stage"]), by=by, reason="undone", now=now)
    owner_id, team_id = before["lead"]["owner_id"], before["lead"]["team_id"]
    transition.update_lead(lead, now=now, owner_id=owner_id, team_id=team_id)
    if before.get("fact"):
        with lifting():
            Lead.objects.filter(pk=lead.pk).update(**LIFTED[ForbiddingFact(before["fact"])])
    Handoff.objects.filter(pk=handoff.pk).update(**before["handoff"])
    handoff.refresh_from_db()
    reopen_todos_of(handoff, step.at)
    transition.record(handoff, "undone", by=by, at=now, step=step.kind)
