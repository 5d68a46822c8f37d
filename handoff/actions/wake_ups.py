"""Follow-up dates that have come: whoever set one is told, whether or not the lead is hot again by then."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from handoff.actions import transition
from handoff.audience import managers_or_admins
from handoff.calendars import wake_instant
from handoff.enums import OPEN_STATES, HandoffState, Result
from handoff.models import Handoff
from leads.actions.telling import tell_of_lead
from leads.enums import Stage

LATE = timedelta(days=3)
"""A sweep that was away for longer tells nobody of a date that has passed."""


@transaction.atomic
def tell_wake_ups(*, now: datetime) -> int:
    """Tell of the follow-up dates that have come and whose leads rest still, each once. Returns how many there are.

    The scorer makes those hot again that meet a definition; they have a hand-off of their own then.
    """
    days = ((now - LATE).date(), (now + timedelta(days=1)).date())
    open_ones = Handoff.objects.filter(lead=OuterRef("lead"), state__in=OPEN_STATES)
    due = Handoff.objects.filter(
        ~Exists(open_ones), state=HandoffState.CLOSED, result=Result.RECYCLED, wake_on__range=days,
        lead__stage=Stage.NURTURE,
    )  # fmt: skip
    told = 0
    for handoff in due.select_related("lead", "team").order_by("pk"):
        if wake_instant(handoff.team, handoff.wake_on) > now or handoff.lead.forbidding:  # type: ignore[arg-type]
            continue
        tell_of_lead(
            lead=handoff.lead, people=_whoever_set_it(handoff), kind="handoff.wake_up", key=f"wake:{handoff.pk}",
            now=now, url=transition.address_of(handoff),
        )  # fmt: skip
        told += 1
    return told


def _whoever_set_it(handoff: Handoff) -> list[User]:
    step = handoff.steps.filter(kind="result", by__is_active=True).order_by("-pk").select_related("by").first()
    return [step.by] if step is not None and step.by is not None else managers_or_admins(handoff.team_id)
