"""What people decide about single activities: not counted, or counted after all. Both are kept with who and when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from leads.actions.scanners import SOON
from leads.enums import ExclusionReason
from leads.models import Activity, DirtyMark, Exclusion, Lead
from leads.signals import leads_changed
from leads.statements import EXCLUDE_ACTIVITIES


@transaction.atomic
def exclude_activities(*, lead: Lead, activities: Collection[int], by: User, note: str, now: datetime) -> int:
    """Leave these activities of the lead out of its scores; returns how many were counted until then."""
    given: dict[str, Any] = {"lead": lead.pk, "activities": list(activities), "by": by.pk, "note": note, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(EXCLUDE_ACTIVITIES, given | {"reason": ExclusionReason.BY_HAND.value})
        done = int(cursor.rowcount)
    return _changed(lead, done, now)


@transaction.atomic
def restore_activity(*, lead: Lead, activity: int, by: User, now: datetime) -> int:
    """Count an activity after all, and with it whatever the same scanner is said to have done; returns how many."""
    open_ones = Exclusion.objects.filter(lead=lead, reverted_at=None)
    chosen = open_ones.filter(activity_id=activity).first()
    if chosen is None:
        return 0
    if chosen.reason == ExclusionReason.SCANNER:
        around = (chosen.occurred_at - SOON, chosen.occurred_at + SOON)
        wanted = open_ones.filter(reason=chosen.reason, occurred_at__range=around)
    else:
        wanted = open_ones.filter(pk=chosen.pk)
    rows = dict(wanted.order_by("pk").select_for_update().values_list("pk", "activity_id"))
    done = Exclusion.objects.filter(pk__in=rows, reverted_at=None).update(reverted_at=now, reverted_by=by)
    Activity.objects.filter(lead=lead, pk__in=rows.values()).update(is_excluded=False)
    return _changed(lead, done, now)


def replace_activity(*, lead: int, activity: int, now: datetime) -> None:
    """Leave an activity out of the scores for the one that was recorded in its place. In a transaction."""
    given: dict[str, Any] = {"lead": lead, "activities": [activity], "by": None, "note": "", "now": now}
    with connection.cursor() as cursor:
        cursor.execute(EXCLUDE_ACTIVITIES, given | {"reason": ExclusionReason.REPLACED.value})


def _changed(lead: Lead, done: int, now: datetime) -> int:
    if done:
        DirtyMark.objects.create(lead_id=lead.pk, marked_at=now)
        transaction.on_commit(lambda: leads_changed.send(sender=None))
    return done
