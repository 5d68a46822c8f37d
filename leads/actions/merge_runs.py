"""Merging all that is certain in one go, by a person or by itself, and taking the whole run back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from leads.actions.duplicates import forget_proposals
from leads.actions.merge import join_leads, locked_leads, undo_merge
from leads.enums import MergeOrigin
from leads.errors import MergeRefusedError
from leads.models import DuplicateRules, Merge
from leads.queries.certain_groups import certain_groups
from leads.queries.duplicates import Group
from leads.queries.merges import made_in_one_run


def merge_certain(*, groups: Sequence[Group], by: User | None, now: datetime) -> list[Merge]:
    """Merge each of these groups into its first lead; all merges of a run bear one instant.

    A group that was decided or has changed since it was read is left out.
    """
    merges: list[Merge] = []
    for group in groups:
        merges += _merge_one(group, by=by, now=now)
    return merges


@transaction.atomic
def _merge_one(group: Group, *, by: User | None, now: datetime) -> list[Merge]:
    leads = locked_leads(lead.pk for lead in group.leads)
    if len(leads) != len(group.leads) or any(lead.merged_into_id or lead.erased_at for lead in leads.values()):
        return []
    kept, *others = (leads[lead.pk] for lead in group.leads)
    origin = MergeOrigin.BY_HAND if by else MergeOrigin.AUTOMATIC
    merges = [merge for other in others for merge in join_leads([(kept, other)], by=by, origin=origin, now=now)]
    forget_proposals({other.pk for other in others})
    return merges


def merge_automatically(*, now: datetime) -> list[Merge]:
    """Merge what is certain by itself, where admins allow it, from the probability on that they set."""
    rules = DuplicateRules.current()
    if rules.merges_from is None:
        return []
    return merge_certain(groups=certain_groups(None, threshold=rules.merges_from), by=None, now=now)


@transaction.atomic
def undo_run(*, merge: Merge, by: User, now: datetime) -> int:
    """Take back all merges of a run, the last one first: all or none. Returns how many. Raises MergeRefusedError."""
    merges = made_in_one_run(merge)
    if not merges:
        raise MergeRefusedError(_("This merge has already been undone. Reload the page to see the current state."))
    for each in merges:
        undo_merge(merge=each, by=by, now=now)
    return len(merges)


def set_rules(*, merges_from: float | None, by: User, now: datetime) -> DuplicateRules:
    """From which probability on duplicates are merged by themselves; None switches that off."""
    rules = DuplicateRules.current()
    rules.merges_from, rules.changed_at, rules.changed_by = merges_from, now, by
    with pghistory.context(user=by.pk):
        rules.save()
    return rules
