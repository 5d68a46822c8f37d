"""What is known of a lead's need and score follows the lead when it is merged, and returns when that is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from leads.actions.merge_followers import Followed, MergeFollower
from leads.actions.row_moves import move_back, move_rows
from leads.models import Merge
from scoring.actions.score_batch import end_merged
from scoring.models import Adjustment, Answer, Episode

FOLLOWERS = {"answers": Answer, "adjustments": Adjustment}


@transaction.atomic
def follow_merges(*, merges: Sequence[Merge], now: datetime) -> Followed:
    """Answers and adjustments go to the lead that is kept; the other one's score is nobody's, and its episode ends."""
    followed: Followed = {merge.pk: {} for merge in merges}
    for name, model in FOLLOWERS.items():
        for pk, ids in move_rows(model, merges).items():
            followed[pk][name] = ids
    by_lead = {merge.merged_id: merge.pk for merge in merges}
    for lead, episode in end_merged(ids=list(by_lead), t=now):
        followed[by_lead[lead]].setdefault("episodes", []).append(episode)
    return followed


@transaction.atomic
def follow_undone_merge(*, merge: Merge, by: User, now: datetime) -> None:
    """They return. The episode that the merge ended goes on: the lead did not become hot a second time."""
    for name, model in FOLLOWERS.items():
        move_back(model, merge, merge.moved.get(name, []))
    Episode.objects.filter(pk__in=merge.moved.get("episodes", []), lead=merge.merged_id).update(
        ended_at=None, end_cause=""
    )


FOLLOWER = MergeFollower(follow=follow_merges, undo=follow_undone_merge)
