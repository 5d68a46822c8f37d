"""Two leads that are one person become one, and can become two again: identity is this one mechanism."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from background.transactions import retrying
from leads.actions.forbidding import lifting
from leads.actions.merge_followers import Followed, merge_followers
from leads.actions.row_moves import move_activities, move_activities_back, move_back, move_rows
from leads.actions.stages import move_stage
from leads.enums import MergeOrigin, Stage
from leads.errors import MergeRefusedError
from leads.models import DirtyMark, Exclusion, Lead, Merge, Note, StageChange, Visitor
from leads.queries.merge_values import changes_of, put_back
from leads.queries.merges import later_merge
from leads.signals import leads_changed

# Rows of this app that go along, by the name under which a merge remembers them.
FOLLOWERS = {"visitors": Visitor, "notes": Note, "exclusions": Exclusion}


@retrying
@transaction.atomic
def merge_leads(*, kept: Lead, merged: Lead, by: User, now: datetime) -> Merge:
    """Make `merged` a part of `kept`, which survives with its id. Both are scored again.

    Activities that both have count once; what `kept` does not know is filled from `merged`. Raises MergeRefusedError.
    """
    if kept.pk == merged.pk:
        raise MergeRefusedError(_("A lead can’t be merged with itself. Choose another one."))
    leads = locked_leads([kept.pk, merged.pk])
    for lead in (kept, merged):
        locked = leads.get(lead.pk)
        if locked is None:
            raise MergeRefusedError(_("%(name)s no longer exists. Search for the lead again.") % {"name": lead})
        if locked.merged_into_id is not None:
            raise MergeRefusedError(
                _("%(name)s has already been merged into another lead. Search for the lead again.") % {"name": lead}
            )
        if locked.erased_at is not None:
            raise MergeRefusedError(
                _("The personal data of %(name)s was erased. It can’t be merged any more.") % {"name": lead}
            )
    (merge,) = join_leads([(leads[kept.pk], leads[merged.pk])], by=by, origin=MergeOrigin.BY_HAND, now=now)
    return merge


def locked_leads(ids: Iterable[int]) -> dict[int, Lead]:
    """Lock leads in the order of their ids, as everybody does, and read them as they are then."""
    rows = Lead.objects.filter(pk__in=set(ids)).order_by("pk").select_for_update(no_key=True)
    return {lead.pk: lead for lead in rows}


def join_leads(
    pairs: Collection[tuple[Lead, Lead]], *, by: User | None, origin: MergeOrigin, now: datetime
) -> list[Merge]:
    """Merge pairs of locked leads (kept, merged) that stand for somebody; no lead may be in two of the pairs."""
    merges = []
    for kept, merged in pairs:
        filled = changes_of(kept, merged)
        merges.append(Merge(kept=kept, merged=merged, origin=origin, by=by, at=now, filled=filled))
    with pghistory.context(user=by.pk if by else None):
        Merge.objects.bulk_create(merges)
        # First: a merged lead gives its e-mail and external id free. Its own row's trigger marks it dirty.
        for kept, merged in pairs:
            merged.merged_into = kept
        _save([merged for _kept, merged in pairs], ["merged_into"])
        changed = [merge for merge in merges if merge.filled]
        for merge in changed:
            for name, (_before, after) in merge.filled.items():
                setattr(merge.kept, name, after)
        _save([merge.kept for merge in changed], {name for merge in changed for name in merge.filled})
    stages = [(merge.kept, *merge.filled["stage"]) for merge in changed if "stage" in merge.filled]
    with pghistory.context(user=by.pk if by else None):
        StageChange.objects.bulk_create(
            StageChange(lead=lead, before=before, after=after, at=now, by=by, reason="merged")
            for lead, before, after in stages
        )
        _bring_along(merges, now)
    _mark_dirty({merge.kept_id for merge in merges}, now)
    return merges


def _save(leads: Collection[Lead], columns: Iterable[str]) -> None:
    fields = sorted({Lead._meta.get_field(name).name for name in columns})
    if leads and fields:
        Lead.objects.bulk_update(leads, fields)


def _bring_along(merges: Collection[Merge], now: datetime) -> set[int]:
    """Move what hangs on the merged leads, ours and that of higher apps, and remember it. Returns who got something."""
    followed: list[Followed] = [
        {pk: {name: ids} for pk, ids in move_rows(model, merges).items()} for name, model in FOLLOWERS.items()
    ]
    followed += [follower.follow(merges=list(merges), now=now) for follower in merge_followers()]
    moved, noted = set(move_activities(merges)), set()
    for merge in merges:
        rows = [(name, ids) for rows_of in followed for name, ids in rows_of.get(merge.pk, {}).items() if ids]
        for name, ids in rows:
            merge.moved[name] = [*merge.moved.get(name, []), *ids]
        moved |= {merge.pk} if rows else set()
        noted |= {merge.pk} if merge.shared else set()
    changed = [merge for merge in merges if merge.pk in moved | noted]
    Merge.objects.bulk_update(changed, ["moved", "activities", "first_at", "last_at", "shared"])
    return {merge.kept_id for merge in merges if merge.pk in moved}


def bring_latecomers(*, ids: Collection[int], now: datetime) -> None:
    """Whoever named a merged lead a moment before it was merged wrote to its old id: that follows too.

    `ids` are merged leads that are dirty, and locked.
    """
    merges = list(Merge.objects.filter(merged__in=ids, undone_at=None))
    if merges:
        _mark_dirty(_bring_along(merges, now), now)


def _mark_dirty(leads: Collection[int], now: datetime) -> None:
    if leads:
        DirtyMark.objects.bulk_create(DirtyMark(lead_id=pk, marked_at=now) for pk in sorted(leads))
        transaction.on_commit(lambda: leads_changed.send(sender=None))


@retrying
@transaction.atomic
def undo_merge(*, merge: Merge, by: User, now: datetime) -> None:
    """Make two leads of one again, each as it was; what happened with the kept lead since stays with it.

    Merges are taken back in reverse order. Raises MergeRefusedError.
    """
    leads = locked_leads([merge.kept_id, merge.merged_id])
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.is_undone:
        raise MergeRefusedError(_("This merge has already been undone. Reload the page to see the current state."))
    if later := later_merge(merge):
        names = {"merged": later.merged, "kept": later.kept}
        raise MergeRefusedError(_("Undo the later merge first: %(merged)s into %(kept)s.") % names)
    kept, merged = leads[merge.kept_id], leads[merge.merged_id]
    if kept.erased_at or merged.erased_at:
        raise MergeRefusedError(_("The person’s data was erased. The merge can’t be undone any more."))
    with pghistory.context(user=by.pk), lifting():
        _separate(kept, merged, merge, by, now)
    move_activities_back(merge)
    for name, model in FOLLOWERS.items():
        move_back(model, merge, merge.moved.get(name, []))
    for follower in merge_followers():
        follower.undo(merge=merge, by=by, now=now)
    with pghistory.context(user=by.pk):
        Merge.objects.filter(pk=merge.pk).update(undone_at=now, undone_by=by)
    _mark_dirty({merge.kept_id, merge.merged_id}, now)


def _separate(kept: Lead, merged: Lead, merge: Merge, by: User, now: datetime) -> None:
    """Give both their columns back; the kept one first, since it may bear the other's e-mail.

    Raises MergeRefusedError where yet another lead has got the e-mail or external id meanwhile.
    """
    stage = kept.stage
    restored = put_back(kept, merge.filled)
    _save([kept], [name for name in restored if name != "stage"])
    if "stage" in restored:
        back, kept.stage = Stage(kept.stage), stage
        move_stage(lead=kept, to=back, by=by, reason="merge_undone", now=now)
    for column in ("email", "external_id"):
        value = getattr(merged, column)
        holder = Lead.objects.present().filter(**{column: value}).exclude(pk=merged.pk).first() if value else None
        if holder is not None:
            names = {"value": value, "name": f"#{holder.pk}"}
            raise MergeRefusedError(_("%(value)s now belongs to lead %(name)s. Change it there first.") % names)
    merged.merged_into = None
    _save([merged], ["merged_into"])
