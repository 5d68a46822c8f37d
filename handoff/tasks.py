from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from background.doorbell import answered
from handoff import actions


@shared_task(name="handoff.open_handoffs")
def open_handoffs() -> None:
    """Give new episodes their hand-offs and flag those whose lead has cooled."""
    answered("handoff.open_handoffs")
    now = timezone.now()
    actions.open_handoffs(now=now)
    actions.mark_cooled(now=now)
    actions.withdraw_forbidden(now=now)
    actions.return_orphans(by=None, now=now)
    actions.return_leads_of_absent(now=now)


@shared_task(name="handoff.sweep_deadlines")
def sweep_deadlines() -> None:
    """End pauses, write breaches and climb rungs that have come due, bring back snoozed leads, offer those that nobody
    could take, and tell of dates and to-dos."""
    now = timezone.now()
    actions.end_pauses(now=now)
    actions.sweep_deadlines(now=now)
    actions.wake_snoozed(now=now)
    actions.offer_overflow(now=now)
    actions.tell_wake_ups(now=now)
    actions.end_todos_without_cause(now=now)
    actions.ask_old_answers_again(now=now)
    actions.tell_due_todos(now=now)


@shared_task(name="handoff.alarm_left_behind")
def alarm_left_behind() -> None:
    """Tell managers who could be forgotten."""
    actions.alarm_left_behind(now=timezone.now())


@shared_task(name="handoff.follow_coming")
def follow_coming() -> None:
    """Find who is close to hot."""
    actions.follow_coming(now=timezone.now())
