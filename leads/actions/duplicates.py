"""Proposing leads that may be one person, and what people decide about them."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import pghistory
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from background.transactions import retrying
from leads.actions.merge import merge_leads, undo_merge
from leads.enums import DuplicateState
from leads.errors import MergeRefusedError
from leads.models import Duplicate, Lead, Merge
from leads.queries.likenesses import likenesses
from leads.queries.merges import made_together
from leads.statements import NAME_DUPLICATE_GROUPS, PROPOSE_DUPLICATES, TAKE_DUPLICATE_MARKS

BATCH = 1_000  # leads


@retrying
@transaction.atomic
def find_duplicates(*, now: datetime, limit: int = BATCH) -> int:
    """Judge the leads that are new or changed, the oldest first; returns how many marks were taken.

    What is not proposed any more goes, except what people said: two people stay two.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE_DUPLICATE_MARKS, {"most": limit})
        marks = [pk for (pk,) in cursor.fetchall()]
    if not marks:
        return 0
    leads, found = set(marks), likenesses(set(marks))
    touching = Duplicate.objects.filter(Q(first__in=leads) | Q(second__in=leads))
    stale = {
        pk: pair
        for pk, *pair in touching.exclude(state=DuplicateState.DIFFERENT).values_list("pk", "first_id", "second_id")
        if tuple(pair) not in found
    }
    Duplicate.objects.filter(pk__in=stale).delete()
    given: dict[str, Any] = {
        "firsts": [first for first, _second in found],
        "seconds": [second for _first, second in found],
        "sureness": [verdict.sureness.value for verdict in found.values()],
        "reasons": [json.dumps(verdict.reasons) for verdict in found.values()],
        "evidence": [json.dumps(verdict.evidence) for verdict in found.values()],
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(PROPOSE_DUPLICATES, given)
    name_groups(leads.union(*found, *stale.values()))
    return len(marks)


def name_groups(leads: Collection[int]) -> None:
    """Name the groups anew in which these leads are."""
    with connection.cursor() as cursor:
        cursor.execute(NAME_DUPLICATE_GROUPS, {"leads": sorted(leads)})


@transaction.atomic
def decide_duplicates(*, leads: Collection[int], state: DuplicateState, by: User, now: datetime) -> int:
    """Say of all proposed pairs among these leads that they are two people, are for later, or are open again.

    Returns how many pairs that changed.
    """
    pairs = Duplicate.objects.filter(first__in=leads, second__in=leads).exclude(state=state)
    with pghistory.context(user=by.pk):
        changed = pairs.update(state=state, decided_at=now, decided_by=by)
    touched = Duplicate.objects.filter(Q(first__in=leads) | Q(second__in=leads)).values_list("first_id", "second_id")
    name_groups({pk for pair in touched for pk in pair})
    return changed


@transaction.atomic
def merge_group(*, kept: Lead, others: Sequence[Lead], by: User, now: datetime) -> list[Merge]:
    """Make one lead of all of a group, one after the other, all or none. Raises MergeRefusedError."""
    if not others:
        raise MergeRefusedError(_("Nothing to merge: all other leads were taken out. Put one back in."))
    merges = [merge_leads(kept=kept, merged=other, by=by, now=now) for other in others]
    gone = {other.pk for other in others}
    proposed = Duplicate.objects.filter(Q(first__in=gone) | Q(second__in=gone)).exclude(state=DuplicateState.DIFFERENT)
    touched = {pk for pair in proposed.values_list("first_id", "second_id") for pk in pair}
    proposed.delete()
    name_groups(touched - gone)
    return merges


@transaction.atomic
def undo_group(*, merge: Merge, by: User, now: datetime) -> int:
    """Take back all that was merged at once with this merge, the last one first: all or none. Returns how many.

    Raises MergeRefusedError.
    """
    merges = made_together(merge)
    if not merges:
        raise MergeRefusedError(_("This merge has already been undone. Reload the page to see the current state."))
    for each in merges:
        undo_merge(merge=each, by=by, now=now)
    return len(merges)
