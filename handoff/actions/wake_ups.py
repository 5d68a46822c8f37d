"""Follow-up dates that have come, and snoozes that are over because of what happened: people are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from handoff.actions import transition
from handoff.actions.automatic_todos import add_automatic_todo
from handoff.actions.results import WAITING
from handoff.audience import managers_or_admins
from handoff.calendars import wake_instant
from handoff.enums import OPEN_STATES, HandoffState, TodoCause, TodoKind
from handoff.models import Handoff
from leads.actions.telling import tell_of_lead
from leads.enums import Stage
from leads.models import Activity
from scoring.queries.waits import who_meets
from web.paging import IsOneOf

LATE = timedelta(days=3)
"""A sweep that was away for longer tells nobody of a date that has passed."""


@transaction.atomic
def tell_wake_ups(*, now: datetime) -> int:
    """Tell of the follow-up dates that have come and whose leads rest still, each once, and make a to-do of each.
    Returns how many there are.

    The scorer makes those hot again that meet a definition; they have a hand-off of their own then.
    """
    days = ((now - LATE).date(), (now + timedelta(days=1)).date())
    open_ones = Handoff.objects.filter(lead=OuterRef("lead"), state__in=OPEN_STATES)
    due = Handoff.objects.filter(
        ~Exists(open_ones), Q(state=HandoffState.CLOSED, result__in=WAITING) | Q(state=HandoffState.REJECTED),
        wake_on__range=days, lead__stage=Stage.NURTURE,
    )  # fmt: skip
    told = 0
    for handoff in due.select_related("lead__owner", "team").order_by("pk"):
        due_at = wake_instant(handoff.team, handoff.wake_on)  # type: ignore[arg-type]
        if due_at > now or handoff.lead.forbidding:
            continue
        people = _whoever_set_it(handoff)
        tell_of_lead(
            lead=handoff.lead, people=people, kind="handoff.wake_up", key=f"wake:{handoff.pk}",
            now=now, url=transition.address_of(handoff),
        )  # fmt: skip
        add_automatic_todo(
            lead=handoff.lead, cause=TodoCause.WAKE_UP, subject=f"handoff:{handoff.pk}", kind=TodoKind.WAKE_UP,
            due_at=max(due_at, _end_of(now)), now=now, owner=next(iter(people), None), told=True,
        )  # fmt: skip
        told += 1
    return told


def _end_of(now: datetime) -> datetime:
    """Noon is not late for what came at midnight: there is the whole day for it."""
    return timezone.localtime(now).replace(hour=23, minute=59, second=0, microsecond=0)


def _whoever_set_it(handoff: Handoff) -> list[User]:
    steps = handoff.steps.filter(kind__in=["result", "rejected"], by__is_active=True).select_related("by")
    step = steps.order_by("-pk").first()
    return [step.by] if step is not None and step.by is not None else managers_or_admins(handoff.team_id)


# --- snoozes ---------------------------------------------------------------------------------------------------------


def wake_snoozed(*, now: datetime) -> int:
    """Bring back the snoozed leads for whom what they wait for has come, and tell their owners. Returns how many.

    The hand-off keeps of what it waited for what has come.
    """
    woken = 0
    for pk, came in sorted(_what_came(now).items()):
        woken += _wake(pk, came, now)
    return woken


def _what_came(now: datetime) -> dict[int, dict[str, Any]]:
    """By hand-off the fields that say what it waits for and that are so by now."""
    asleep = Handoff.objects.filter(state__in=OPEN_STATES, snoozed_until__gt=now)
    came: dict[int, dict[str, Any]] = {}
    for pk, total in asleep.filter(snooze_total__lte=F("current_total")).values_list("pk", "snooze_total"):
        came.setdefault(pk, {})["snooze_total"] = total
    arrived = Activity.objects.filter(
        IsOneOf(F("type_id"), OuterRef("snooze_types")), lead=OuterRef("lead"), received_at__gt=OuterRef("snoozed_at"),
        occurred_at__lte=now, is_excluded=False,
    )  # fmt: skip
    waiting = asleep.filter(Exists(arrived), snooze_types__isnull=False)
    for pk, types in waiting.values_list("pk", "snooze_types"):
        came.setdefault(pk, {})["snooze_types"] = types
    stating = list(asleep.filter(snooze_when__isnull=False).select_related("model__current_version"))
    for model in {handoff.model for handoff in stating}:
        asked = {handoff.lead_id: handoff.snooze_when or {} for handoff in stating if handoff.model_id == model.pk}
        meeting = who_meets(asked, model=model, now=now)
        for handoff in stating:
            if handoff.model_id == model.pk and handoff.lead_id in meeting:
                came.setdefault(handoff.pk, {})["snooze_when"] = handoff.snooze_when
    return came


@transaction.atomic
def _wake(pk: int, came: dict[str, Any], now: datetime) -> bool:
    handoff = Handoff.objects.select_related("lead", "team", "owner").get(pk=pk)
    transition.lock(handoff)
    kept = dict.fromkeys(("snooze_total", "snooze_types", "snooze_when")) | came
    still = Q(snoozed_until__gt=now, snoozed_at=handoff.snoozed_at)
    if not transition.swap(handoff, states=OPEN_STATES, when=still, snoozed_until=now, **kept):
        return False
    shown = {name.replace("snooze_", "wake_"): value for name, value in came.items()}
    step = transition.record(handoff, "woken", by=None, at=now, **shown)
    owner = handoff.owner
    tell_of_lead(
        lead=handoff.lead, people=[owner] if owner and owner.is_active else managers_or_admins(handoff.team_id),
        kind="handoff.snooze_over", key=f"snooze-over:{step.pk}", now=now, url=transition.address_of(handoff),
    )  # fmt: skip
    return True
