"""Hand-offs and to-dos follow their lead when it is merged into another one, and return if that is undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from handoff.actions import transition
from handoff.actions.deadlines import cancel_open, refresh_due
from handoff.enums import OPEN_STATES, HandoffState
from handoff.models import Deadline, Handoff, Outcome, Todo
from leads.actions.merge_followers import Followed, MergeFollower
from leads.actions.row_moves import move_back, move_rows
from leads.models import Lead, Merge

FOLLOWERS = {"handoffs": Handoff, "outcomes": Outcome, "todos": Todo}


@transaction.atomic
def follow_merges(*, merges: Sequence[Merge], now: datetime) -> Followed:
    """One person has one open hand-off: the kept lead's goes on and the other one closes, else the other one moves.

    Undo needs the ids of rows that moved, and before-images of hand-offs and of the kept lead's owner.
    """
    followed: Followed = {merge.pk: {} for merge in merges}
    by_lead = {merge.merged_id: merge for merge in merges}
    for handoff in Handoff.objects.filter(lead__in=list(by_lead), state__in=OPEN_STATES).order_by("lead", "pk"):
        _settle(handoff, by_lead[handoff.lead_id], followed, now)
    same = {"outcomes": ("decided_at", "result")}
    for name, model in FOLLOWERS.items():
        for pk, ids in move_rows(model, merges, same=same.get(name, ())).items():
            followed[pk][name] = ids
    return followed


def _settle(handoff: Handoff, merge: Merge, followed: Followed, now: datetime) -> None:
    """Close an open hand-off of the merged lead, or move it to the kept one; notes in `followed` what undo needs."""
    kept = Lead.objects.get(pk=merge.kept_id)  # locked by the merge
    is_busy = Handoff.objects.filter(lead=kept, model=handoff.model_id, state__in=OPEN_STATES).exists()
    before = transition.image_of(handoff, kept) | {"id": handoff.pk}
    if is_busy:
        transition.swap(handoff, states=OPEN_STATES, state=HandoffState.CLOSED, closed_at=now, snoozed_until=None)
        cancel_open(handoff, now)
        refresh_due(handoff)
        transition.record(handoff, "merged_closed", by=merge.by, at=now)
        followed[merge.pk].setdefault("handoffs_closed", []).append(before)
    else:
        # Who works on the hand-off owns the lead; one that waits goes to the lead's owner, as routing would send it.
        if handoff.owner_id is None and kept.owner_id is not None:
            transition.swap(handoff, states=OPEN_STATES, owner_id=kept.owner_id, routed_by="lead_owner")
        kept.owner_id, kept.team_id = handoff.owner_id, handoff.team_id
        Lead.objects.filter(pk=kept.pk).update(owner=handoff.owner_id, team=handoff.team_id)
        transition.record(handoff, "merged_moved", by=merge.by, at=now)
        after = {"owner_id": kept.owner_id, "team_id": kept.team_id}
        followed[merge.pk].setdefault("handoffs_moved", []).append(before | {"lead_after": after})


@transaction.atomic
def follow_undone_merge(*, merge: Merge, by: User, now: datetime) -> None:
    """Hand-offs return to their lead with the work that was done meanwhile; the one that was closed waits again."""
    for before in merge.moved.get("handoffs_moved", []):
        _take_back(before, merge, by, now)
    for name, model in FOLLOWERS.items():
        move_back(model, merge, merge.moved.get(name, []))
    for before in merge.moved.get("handoffs_closed", []):
        # As it was before the merge, its clocks too: they never stopped being owed.
        handoff = Handoff.objects.filter(pk=before["id"], state=HandoffState.CLOSED, result="").first()
        if handoff is None:
            continue
        for row in before["deadlines"]:
            Deadline.objects.filter(pk=row["id"]).update(**row)
        Handoff.objects.filter(pk=handoff.pk).update(**before["handoff"])
        transition.record(handoff, "unmerged", by=by, at=now)


def _take_back(before: dict[str, Any], merge: Merge, by: User, now: datetime) -> None:
    """Return a moved hand-off. Who has taken it meanwhile owns the lead it returns to; the kept lead has its old owner
    again, unless somebody has given it to another one."""
    handoff = Handoff.objects.filter(pk=before["id"]).first()
    if handoff is None:
        return
    waited = {name: before["handoff"][name] for name in ("owner_id", "routed_by")}
    if waited["owner_id"] is None and handoff.routed_by == "lead_owner":
        transition.swap(handoff, states=[HandoffState.QUEUED], **waited)
    holder = {"owner_id": handoff.owner_id, "team_id": handoff.team_id}
    own = {name: before["lead"][name] for name in holder}
    Lead.objects.filter(Q(**before["lead_after"]) | Q(**holder), pk=merge.kept_id).update(**own)
    if holder != {name: before["handoff"][name] for name in holder}:
        Lead.objects.filter(pk=merge.merged_id).update(**holder)
    transition.record(handoff, "unmerged", by=by, at=now)


FOLLOWER = MergeFollower(follow=follow_merges, undo=follow_undone_merge)
